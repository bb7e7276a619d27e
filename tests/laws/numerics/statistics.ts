/**
 * The bounds that statistics of sound plugins keep to.
 *
 * Every bound is kept by chance in all but at most 1 of 10¹¹ comparisons. The kit makes fewer than
 * 10,000 of them for one plugin at its ordinary number of cases, so that a sound plugin fails it
 * in fewer than 1 of 10⁶ runs, whatever the seeds. Empirical distribution functions are held to an
 * inequality that holds for all; means to their standard errors, which trusts that their summands
 * are bounded or nearly so, and importance weights not much larger than 1.
 *
 * @module
 */
import { shown, Violation } from "../violation.ts";

/** The chance that a sound plugin fails one comparison. */
const FALSE_ALARM = 1e-11;

/**
 * Standard errors that a mean of thousands of samples may be off: 6.8 would do for a normal one,
 * and the rest is for summands with tails.
 */
const DEVIATIONS = 8;

/** How often an estimate is repeated to learn its standard error. */
export const REPLICATES = 32;

/** The same for the mean of {@linkcode REPLICATES} replicates (Student's t, 31 degrees of freedom). */
const REPLICATE_DEVIATIONS = 11;

/** A mean with its standard error. */
export interface Estimated {
  readonly mean: number;
  readonly error: number;
  readonly count: number;
}

/** The mean of some numbers with its standard error. */
export function estimate(values: ArrayLike<number>): Estimated {
  const count = values.length;
  let mean = 0, squares = 0;
  for (let i = 0; i < count; i++) {
    const step = values[i]! - mean;
    mean += step / (i + 1);
    squares += step * (values[i]! - mean);
  }
  return { mean, error: Math.sqrt(squares / (count - 1) / count), count };
}

/** How far a mean may be from what it estimates. */
export function allowance({ error, count }: Estimated): number {
  return error * (count <= REPLICATES ? REPLICATE_DEVIATIONS : DEVIATIONS);
}

/** Throws unless a mean agrees with a number, up to chance and to a tolerance. */
export function requireExpectation(
  what: string,
  seen: Estimated,
  expected: number,
  tolerance = 0,
): void {
  const bound = allowance(seen) + tolerance;
  if (Number.isFinite(bound + expected) && Math.abs(seen.mean - expected) <= bound) return;
  if (Number.isNaN(bound + expected)) throw new Violation(`${what} to be a number`, "NaN");
  throw new Violation(
    `${what} to be ${shown(expected)} ± ${shown(bound)}`,
    `${shown(seen.mean)} from ${seen.count} samples`,
  );
}

/**
 * How far an empirical distribution function may be from the true one, anywhere.
 *
 * P(sup |F̂ − F| > ε) ≤ 2 exp(−2nε²): Massart, "The tight constant in the
 * Dvoretzky–Kiefer–Wolfowitz inequality", 1990. It holds for any n and any F.
 */
export function largestGap(samples: number): number {
  return Math.sqrt(Math.log(2 / FALSE_ALARM) / (2 * samples));
}
