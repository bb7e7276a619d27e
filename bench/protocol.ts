/**
 * What a driver asks of a worker, and what it is told: one JSON object a line each way, over the
 * standard input and output of the worker. The end of its input ends a worker.
 *
 * @module
 */

/** Take some steps; on request look into each kernel, which costs a little time. */
export interface Request {
  readonly steps: number;
  readonly kernels?: boolean;
}

/** One kernel, per step. */
export interface KernelTime {
  readonly name: string;
  readonly launches: number;
  readonly milliseconds: number;
}

/** How long the steps took, or why there are none. */
export interface Answer {
  /** Of one step, by the wall clock over all that were asked for. */
  readonly milliseconds: number;
  /** The memory of the process that is resident, where it can say. */
  readonly residentBytes?: number | null;
  /** The most that was resident in each tenth of the steps, where the worker watches it. */
  readonly highestBytes?: readonly number[];
  /** What it runs on, in a few words. */
  readonly detail?: string;
  /** Where they were asked for and there are any. */
  readonly kernels?: readonly KernelTime[];
}

/** What a worker says when it cannot do what it was asked. */
export interface Refusal {
  readonly cannot: string;
}
