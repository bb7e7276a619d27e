/**
 * Workers that run the WebAssembly kernels, all on one shared heap: a run is split into parts, and
 * over when all of them are (fork and join).
 *
 * The caller works as well, and takes whatever part nobody has taken yet. A worker that is late, or
 * has died while it had nothing to do, thus costs time and never a result.
 *
 * @module
 */
import { outOfRange } from "../../errors.ts";
import type { Blas, BlasLibrary } from "./blas.ts";
import { Control, MOST_THREADS, OUTCOME, stateOf } from "./control.ts";
import type { KernelName, LoadedKernels } from "./kernels.ts";
import { type Launch, startWorker, type WorkerHandle, type WorkerStart } from "./worker.ts";

/** How often a thread looks before it sleeps: for some 2 ms, as waking takes long. */
const LOOKS = 400_000;

/** A part may take this many times what the caller worked before it waits, if that is longer. */
const PATIENCE_FACTOR = 50;

/** A product by the system's BLAS, beside the kernels. */
export const SGEMM = "cblas_sgemm";

/** Threads that run kernels on one heap. */
export interface Threads {
  /** How many run kernels, the caller's among them: 1 if there is no worker (any more). */
  readonly count: number;
  /** Whether they compute products by a BLAS, too. */
  readonly hasBlas: boolean;
  /** Why there are fewer than were started, if there are. */
  readonly problem: string | undefined;
  /**
   * Runs a kernel once for each list of arguments, and returns when all have ended. The first runs on
   * the caller's thread, the others on whichever is free.
   *
   * @returns What the kernel answered for each part; NaN where it answers nothing.
   * @throws {Error} If a part stops with an error or its thread does not answer. All others have
   *   ended by then. A thread that does not answer is ended; what it should have written is not,
   *   unless it is still in a library, which nobody can end.
   */
  run(name: KernelName | typeof SGEMM, parts: readonly (readonly number[])[]): number[];
  /** Ends all workers; kernels run on the caller's thread from here on. */
  stop(): Promise<void>;
}

/** Whether this thread may sleep, which that of a page may not. */
function maySleep(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}

/** A worker, and what the pool knows of it. */
interface Member {
  readonly thread: number;
  readonly handle: WorkerHandle;
}

/** When the workers of a run are given up; the clock is only asked where the caller has to sleep. */
interface Deadline {
  readonly started: number;
  /** 0 if that is not known yet. */
  at: number;
}

type Kernel = (...numbers: readonly number[]) => unknown;

/** The workers of one heap, and the caller. */
export class Pool implements Threads {
  problem: string | undefined;
  readonly #names: readonly string[];
  readonly #kernels: readonly Kernel[];
  readonly #control: Control;
  readonly #patience: number;
  readonly #blas: BlasLibrary | undefined;
  readonly #sleeps = maySleep();
  #members: Member[] = [];

  /**
   * @param loaded The kernels, on the heap.
   * @param count How many threads there are to be, the caller's among them.
   * @param patience How long a part may at least take before its worker is given up, in milliseconds.
   * @param blas What computes products as well, where threads may call it.
   */
  constructor({ kernels }: LoadedKernels, count: number, patience: number, blas?: Blas) {
    const functions = Object.entries<Kernel>(kernels as never)
      .filter(([, kernel]) => typeof kernel === "function");
    this.#blas = blas?.forThreads;
    if (this.#blas !== undefined) functions.push([SGEMM, (...numbers) => blas!.gemm(numbers)]);
    this.#names = functions.map(([name]) => name);
    this.#kernels = functions.map(([, kernel]) => kernel);
    this.#control = new Control(count);
    this.#patience = patience;
  }

  get hasBlas(): boolean {
    return this.#blas !== undefined;
  }

  get count(): number {
    return 1 + this.#members.length;
  }

  /** Launches one more worker, and waits until it is ready. */
  async add(
    launch: Launch,
    thread: number,
    { module }: LoadedKernels,
    heap: WebAssembly.Memory,
  ): Promise<void> {
    const start: WorkerStart = {
      thread,
      module,
      heap,
      names: this.#names,
      blas: this.#blas,
      control: this.#control.memory,
      layout: this.#control.layout,
      outcome: OUTCOME,
      looks: LOOKS,
    };
    const handle = await startWorker(
      launch,
      start,
      (reason) => this.#lose(thread, `thread ${thread} died: ${reason}`),
    );
    this.#members.push({ thread, handle });
  }

  run(name: KernelName | typeof SGEMM, parts: readonly (readonly number[])[]): number[] {
    const kernel = this.#names.indexOf(name);
    if (kernel < 0) {
      throw outOfRange("run a kernel", `it must be one of ${this.#names.join(", ")}`, name);
    }
    const { slots } = this.#control.layout;
    const results: number[] = [];
    if (this.#members.length === 0) {
      for (const part of parts) results.push(this.#alone(kernel, part));
      return results;
    }
    // The caller has a part of its own beside the slots.
    for (let from = 0; from < parts.length; from += slots + 1) {
      this.#fork(kernel, parts, from, Math.min(parts.length, from + slots + 1), results);
    }
    return results;
  }

  #alone(kernel: number, part: readonly number[]): number {
    try {
      return this.#kernels[kernel]!(...part) as number ?? NaN;
    } catch (error) {
      throw this.#stopped(kernel, 0, (error as Error)?.message ?? String(error));
    }
  }

  /** Runs parts `from` … `to` − 1, and adds their results. */
  #fork(
    kernel: number,
    parts: readonly (readonly number[])[],
    from: number,
    to: number,
    results: number[],
  ): void {
    const control = this.#control, { words, layout } = control;
    const started = performance.now();
    const own = parts[from]!;
    const first = words[layout.next]!;
    const end = (first + to - from - 1) | 0;

    for (let part = from + 1, slot = 0; part < to; part++, slot++) {
      control.write(slot, (first + slot) | 0, parts[part]!, own.length);
    }
    words[layout.first] = first;
    words[layout.kernel] = kernel;
    words[layout.arity] = own.length;
    Atomics.store(words, layout.end, end);
    if (Atomics.load(words, layout.sleepers) > 0) Atomics.notify(words, layout.end, to - from - 1);

    let failure: Error | undefined;
    try {
      results.push(this.#alone(kernel, own));
    } catch (error) {
      failure = error as Error;
    }
    // What nobody has taken yet.
    for (;;) {
      const ticket = Atomics.load(words, layout.next);
      if (ticket === end) break;
      const taken = Atomics.compareExchange(words, layout.next, ticket, (ticket + 1) | 0);
      if (taken !== ticket) continue;
      const slot = (ticket - first) | 0;
      let ending: number = OUTCOME.done;
      try {
        control.numbers[layout.results + slot] = this.#alone(kernel, parts[from + 1 + slot]!);
      } catch (error) {
        ending = OUTCOME.stopped;
        failure ??= error as Error;
      }
      words[layout.states + slot]! |= ending;
    }
    const deadline = { started, at: 0 };
    // All of them, even after a failure: nothing may still run when this returns.
    for (let slot = 0; slot < to - from - 1; slot++) {
      const open = stateOf((first + slot) | 0);
      const state = this.#join(slot, open, deadline);
      const thread = (state >> OUTCOME.bits) & (MOST_THREADS - 1);
      const ending = state & (2 ** OUTCOME.bits - 1);
      if (ending === OUTCOME.done) {
        results.push(control.result(thread, slot));
      } else if (ending === OUTCOME.open) {
        failure ??= this.#silent(kernel, words[layout.owners + slot]!, started);
      } else {
        failure ??= this.#stopped(kernel, thread, control.text(thread));
      }
    }
    if (failure !== undefined) throw failure;
  }

  /** Waits until a part has ended or patience has; answers its state. */
  #join(slot: number, open: number, deadline: Deadline): number {
    const { words, layout } = this.#control;
    const place = layout.states + slot;
    for (let looked = 0; looked < LOOKS; looked++) {
      const state = Atomics.load(words, place);
      if (state !== open) return state;
    }
    if (deadline.at === 0) {
      const now = performance.now();
      deadline.at = now + Math.max(this.#patience, PATIENCE_FACTOR * (now - deadline.started));
    }
    Atomics.store(words, layout.callerSleeps, 1);
    let state = open;
    while (state === open) {
      const left = deadline.at - performance.now();
      if (left <= 0) break;
      if (this.#sleeps) Atomics.wait(words, place, open, left);
      state = Atomics.load(words, place);
    }
    Atomics.store(words, layout.callerSleeps, 0);
    return state;
  }

  #refusal(kernel: number, requirement: string): Error {
    const threads = this.count === 1 ? "1 thread" : `${this.count} threads`;
    return new Error(`Cannot run '${this.#names[kernel]}' on ${threads} as ${requirement}`);
  }

  #stopped(kernel: number, thread: number, text: string): Error {
    return this.#refusal(kernel, `no part may stop: thread ${thread} stopped at '${text}'`);
  }

  /** Gives a thread up. */
  #silent(kernel: number, thread: number, started: number): Error {
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const who = thread < 0 ? "every thread" : `thread ${thread}`;
    const failure = this.#refusal(
      kernel,
      `${who} must answer: it died, or has been silent for ${seconds} s`,
    );
    this.#lose(thread, `thread ${thread} did not answer for ${seconds} s`);
    return failure;
  }

  #lose(thread: number, problem: string): void {
    const lost = this.#members.find((member) => member.thread === thread);
    if (lost === undefined) return;
    this.#members = this.#members.filter((member) => member !== lost);
    this.problem ??= problem;
    void lost.handle.end();
  }

  async stop(): Promise<void> {
    const members = this.#members;
    this.#members = []; // Before they end, so that nobody takes their end for a problem.
    await Promise.all(members.map(({ handle }) => handle.end()));
  }
}
