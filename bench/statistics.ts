/**
 * Medians, as a machine that others use gives outliers on one side only.
 *
 * @module
 */
/** With less than this, two threads do not have two cores. */
const TWO_CORES = 1.6;

/** One turn of a worker. */
export interface Turn {
  /** Of a step. */
  readonly milliseconds: number;
  /** How much two threads did in the time of one, before or after it: the lesser. */
  readonly cores: number;
}

/** The median; the mean of the middle two of an even number. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}

/** Whether two threads had two cores. */
export function onTwoCores({ cores }: Turn): boolean {
  return cores >= TWO_CORES;
}

/** Milliseconds of a step: the median of the turns on two cores; of all if there are none. */
export function typicalTime(turns: readonly Turn[]): number {
  const sound = turns.some(onTwoCores) ? turns.filter(onTwoCores) : turns;
  return median(sound.map(({ milliseconds }) => milliseconds));
}

/**
 * The median of the ratios within each round in which both had two cores, since the machine drifts
 * from one to the next; the ratio of the typical times if there is no such round.
 */
export function typicalRatio(above: readonly Turn[], below: readonly Turn[]): number {
  const ratios = above.slice(0, below.length).flatMap((turn, round) => {
    const other = below[round]!;
    return onTwoCores(turn) && onTwoCores(other) ? [turn.milliseconds / other.milliseconds] : [];
  });
  return ratios.length > 0 ? median(ratios) : typicalTime(above) / typicalTime(below);
}

/** What a line of JSON says of a measurement, which has no more than four digits. */
export function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(4));
}
