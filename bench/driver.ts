/**
 * Measures variants side by side: one process for each, which stays; they take their turns in
 * rounds, with a pause before each, so that threads that still spin do not disturb the next.
 *
 * In a round a variant runs some blocks of steps, for more than half a second in all, and the median
 * of the blocks is what the round says. Numbers are compared within a round only. A variant whose
 * steps take seconds takes one step a turn, and part in the first rounds only.
 *
 * @module
 */
import { startCores } from "./cores.ts";
import { type Command, startWorker, type Worker } from "./process.ts";
import type { Answer, KernelTime } from "./protocol.ts";
import { median, onTwoCores, type Turn, typicalTime } from "./statistics.ts";

/** What is measured: a worker, or one for each setting of which the fastest counts. */
export interface Variant {
  readonly name: string;
  readonly commands: readonly Command[];
}

/** How it is measured. */
export interface MeasureOptions {
  readonly rounds: number;
  /** The steps of a round; as many as fill the time of one unless told. */
  readonly steps?: number;
  /** Whether kernels are counted and timed, after the rounds. */
  readonly kernels?: boolean;
  /** Is told what is being done. */
  readonly say?: (line: string) => void;
}

/** Kernel by kernel, with the time of a step while they were looked at. */
export interface Profile {
  readonly milliseconds: number;
  readonly kernels: readonly KernelTime[];
}

/** What came of one variant. */
export interface Result {
  readonly name: string;
  /** What it runs on, in a few words. */
  readonly detail?: string | undefined;
  /** Its turn in each round that it took part in. */
  readonly turns: readonly Turn[];
  readonly residentBytes: number | null;
  readonly profile?: Profile | undefined;
}

/** A variant that cannot run, and why. */
export interface Failure {
  readonly name: string;
  readonly reason: string;
}

/** What came of all of them. */
export interface Measured {
  readonly results: readonly (Result | Failure)[];
  /** The turns that were taken again. */
  readonly repeated: number;
}

/** A worker among others, and what it said so far. */
interface Entry {
  readonly name: string;
  readonly worker: Worker;
  /** The steps of a round. */
  readonly steps: number;
  /** The rounds that it takes part in, from the first. */
  readonly rounds: number;
  readonly turns: Turn[];
  last?: Answer;
  reason?: string;
}

/** How often a turn is taken at most. */
const ATTEMPTS = 3;

const ROUND_MILLISECONDS = 1000, BLOCKS = 5, PAUSE = 150;

/** How long the compilers of JavaScript take until they have seen enough of a step. */
const WARM_UP_MILLISECONDS = 4000;

/** A step of more milliseconds is slow: such a variant takes one step, and in few rounds. */
const SLOW = 2000, ROUNDS_IF_SLOW = 3;

/** And one step of more than these will do for a warm-up, compilation and all. */
const VERY_SLOW = 10_000;

/** Starts a worker, and warms it up: compilers, caches and heaps settle in the first steps. */
async function enter(
  name: string,
  command: Command,
  { rounds, steps }: MeasureOptions,
): Promise<Entry> {
  const worker = startWorker(command);
  const entry = { name, worker, rounds, turns: [] };
  if (steps !== undefined) return { ...entry, steps };
  const fitting = (time: number, milliseconds: number, most: number) =>
    Math.max(2, Math.min(most, Math.round(time / milliseconds)));
  try {
    const first = await worker.ask({ steps: 1 });
    const second = first.milliseconds > VERY_SLOW ? first : await worker.ask({ steps: 1 });
    if (second.milliseconds > SLOW) {
      return { ...entry, rounds: Math.min(rounds, ROUNDS_IF_SLOW), steps: 1 };
    }
    const steps = fitting(WARM_UP_MILLISECONDS, second.milliseconds, 600);
    const { milliseconds } = await worker.ask({ steps });
    return { ...entry, steps: fitting(ROUND_MILLISECONDS, milliseconds, 400) };
  } catch (error) {
    await worker.close();
    throw error;
  }
}

async function takeTurn(entry: Entry, kernels: boolean): Promise<number> {
  const blocks = Math.min(BLOCKS, entry.steps);
  const times: number[] = [];
  await new Promise((resolve) => setTimeout(resolve, PAUSE));
  for (let block = 0; block < blocks; block++) {
    const steps = Math.floor(entry.steps / blocks);
    // A single step is long, so that looking at its kernels makes no difference.
    const answer = await entry.worker.ask({ steps, kernels: kernels && entry.steps === 1 });
    times.push(answer.milliseconds);
    entry.last = answer;
  }
  return median(times);
}

/** The result of the fastest worker of a variant, or why there is none. */
async function conclude(
  name: string,
  entries: readonly Entry[],
  kernels: boolean,
): Promise<Result | Failure> {
  const sound = entries.filter((entry) => entry.reason === undefined);
  if (sound.length === 0) return { name, reason: entries[0]!.reason! };
  const best = sound.reduce((a, b) => typicalTime(b.turns) < typicalTime(a.turns) ? b : a);
  const { worker, steps, last } = best;
  const profile = kernels && steps > 1
    ? await worker.ask({ steps: Math.min(12, steps), kernels })
    : last;
  return {
    name,
    turns: best.turns,
    detail: last?.detail,
    residentBytes: last?.residentBytes ?? null,
    profile: profile?.kernels &&
      { milliseconds: profile.milliseconds, kernels: profile.kernels },
  };
}

/** Measures variants in turn. */
export async function measure(
  variants: readonly Variant[],
  options: MeasureOptions,
): Promise<Measured> {
  const { rounds, kernels = false, say = () => {} } = options;
  const entries: Entry[] = [];
  const failures = new Map<string, string>();
  const reasonOf = (error: unknown) => error instanceof Error ? error.message : String(error);
  let repeated = 0;
  const gauge = await startCores();

  /** A turn of one worker, on two cores if they can be had. */
  async function runRound(entry: Entry): Promise<void> {
    for (let attempt = 1;; attempt++) {
      const before = await gauge.measure();
      const milliseconds = await takeTurn(entry, kernels);
      const cores = Math.min(before, await gauge.measure());
      const turn = { milliseconds, cores };
      if (onTwoCores(turn) || attempt === ATTEMPTS || entry.steps === 1) {
        return void entry.turns.push(turn);
      }
      repeated++;
    }
  }

  try {
    for (const { name, commands } of variants) {
      say(`warming up: ${name}`);
      for (const command of commands) {
        try {
          entries.push(await enter(name, command, options));
        } catch (error) {
          failures.set(name, reasonOf(error));
        }
      }
    }
    for (let round = 1; round <= rounds; round++) {
      for (const entry of entries) {
        if (entry.reason !== undefined || round > entry.rounds) continue;
        say(`round ${round} of ${rounds}: ${entry.name}`);
        await runRound(entry).catch((error) => entry.reason = reasonOf(error));
      }
    }
    const results: (Result | Failure)[] = [];
    for (const { name } of variants) {
      const own = entries.filter((entry) => entry.name === name);
      results.push(
        own.length === 0
          ? { name, reason: failures.get(name)! }
          : await conclude(name, own, kernels),
      );
    }
    return { results, repeated };
  } finally {
    await Promise.all([gauge, ...entries.map(({ worker }) => worker)].map((one) => one.close()));
  }
}
