/**
 * The loop of a worker in TypeScript: reads requests, takes steps, answers.
 *
 * @module
 */
// deno-lint-ignore-file no-console -- the standard output is how a worker answers
import { lines } from "../lines.ts";
import type { Answer, Refusal, Request } from "../protocol.ts";
import type { KernelWatch } from "./kernels.ts";

/** Marks the part of a run that is measured; what comes before is preparation. */
export interface Stopwatch {
  readonly begin: () => void;
  readonly end: () => void;
}

/** Takes some steps, the stopwatch at their begin and end. */
export type Run = (steps: number, stopwatch: Stopwatch) => Promise<void>;

/** What a worker is: a run, and where kernels can be watched how. */
export interface Served {
  /** What it runs on, in a few words. */
  readonly detail?: string;
  readonly run: Run;
  readonly watchKernels?: () => KernelWatch;
  /** The most that was resident in each tenth of the latest run. */
  readonly highestBytes?: () => readonly number[];
}

async function answer(
  { detail, run, watchKernels, highestBytes }: Served,
  request: Request,
): Promise<Answer> {
  const watch = request.kernels ? watchKernels?.() : undefined;
  let begun = 0, ended = 0;
  const begin = () => {
    watch?.reset();
    begun = performance.now();
  };
  const end = () => {
    ended = performance.now();
    watch?.stop();
  };
  await run(request.steps, { begin, end });
  return {
    milliseconds: (ended - begun) / request.steps,
    residentBytes: Deno.memoryUsage().rss,
    ...(highestBytes && { highestBytes: highestBytes() }),
    ...(detail && { detail }),
    ...(watch && { kernels: watch.perStep(request.steps) }),
  };
}

/** Makes what is served, and serves until the input ends. */
export async function serve(make: () => Promise<Served>): Promise<never> {
  const tell = (message: Answer | Refusal) => console.log(JSON.stringify(message));
  try {
    const served = await make();
    for await (const line of lines(Deno.stdin.readable)) {
      tell(await answer(served, JSON.parse(line)));
    }
  } catch (error) {
    tell({ cannot: error instanceof Error ? error.message.split("\n")[0]! : String(error) });
  }
  Deno.exit(); // Threads that a backend started would keep the process.
}
