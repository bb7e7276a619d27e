/**
 * The memory that a pool shares with its workers, beside the heap.
 *
 * @module
 */
import { wrongType } from "../../errors.ts";

/**
 * Where things lie in it: words are
 * 32-bit integers, numbers 64-bit floats, characters 16-bit integers.
 *
 * Work is handed out by *tickets*, integers that count up for ever (and wrap). Those from `next` to
 * `end` are still to be had; who raises `next` by a compare-exchange owns that part. So nobody can
 * take a part of a run that is over, nor one that somebody has taken.
 */
export interface Layout {
  /** Parts of one run, without the caller's first. */
  readonly slots: number;
  /** Arguments of one part. */
  readonly longest: number;
  /** Characters of what a kernel says when it stops. */
  readonly letters: number;
  /** Word: the ticket after the last; workers sleep on it. */
  readonly end: number;
  /** Word: the next ticket to take. */
  readonly next: number;
  /** Word: how many workers sleep. */
  readonly sleepers: number;
  /** Word: whether the caller sleeps on a state. */
  readonly callerSleeps: number;
  /** Words of a run: its first ticket, its kernel, and how many arguments that takes. */
  readonly first: number;
  readonly kernel: number;
  readonly arity: number;
  /** Words, one for each slot: its ticket and how it ended, see {@linkcode OUTCOME}. */
  readonly states: number;
  /** Words, one for each slot: the thread that took it, or −1. */
  readonly owners: number;
  /** Numbers, `longest` for each slot. */
  readonly arguments: number;
  /** Numbers, `slots` for each thread, so that one that was given up cannot spoil another's. */
  readonly results: number;
  /** Characters, `letters` for each thread; 0 ends a text. */
  readonly texts: number;
}

/** The lowest bits of a state; above them the thread, and then the ticket. */
export const OUTCOME = { open: 0, done: 1, stopped: 2, bits: 2, threadBits: 8 } as const;

/** As many as the bits of a state can number. */
export const MOST_THREADS: number = 2 ** OUTCOME.threadBits;

/** Lays out the shared memory; answers its size as well. */
function layOut(threads: number): [Layout, number] {
  const slots = 64;
  const longest = 32;
  const letters = 256;
  // A cache line holds 16 words: what one thread writes should not share it with what others read.
  const words = { end: 0, next: 16, sleepers: 32, callerSleeps: 48 };
  const job = { first: 64, kernel: 65, arity: 66 };
  const states = 80;
  const owners = states + slots;
  const args = (owners + slots) / 2;
  const results = args + slots * longest;
  const texts = (results + threads * slots) * 4;
  const layout = {
    ...{ slots, longest, letters },
    ...words,
    ...job,
    ...{ states, owners, arguments: args, results, texts },
  };
  return [layout, (texts + threads * letters) * 2];
}

/** The state of a part that nobody has ended. */
export function stateOf(ticket: number): number {
  return ticket << (OUTCOME.bits + OUTCOME.threadBits);
}

/** The memory, as the caller of a pool writes and reads it. */
export class Control {
  readonly layout: Layout;
  readonly memory: SharedArrayBuffer;
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly numbers: Float64Array<SharedArrayBuffer>;
  readonly #characters: Uint16Array<SharedArrayBuffer>;

  /** Makes that of so many threads. */
  constructor(threads: number) {
    const [layout, bytes] = layOut(threads);
    this.layout = layout;
    this.memory = new SharedArrayBuffer(bytes);
    this.words = new Int32Array(this.memory);
    this.numbers = new Float64Array(this.memory);
    this.#characters = new Uint16Array(this.memory);
  }

  /** Writes the arguments of a part, which is open from then on. */
  write(slot: number, ticket: number, part: readonly number[], arity: number): void {
    const { longest, arguments: start, owners, states } = this.layout;
    if (part.length !== arity || arity > longest) {
      throw wrongType(
        "run a kernel on threads",
        `its parts must have equally many arguments, ${longest} at most`,
        `${arity} and ${part.length}`,
      );
    }
    for (let i = 0; i < arity; i++) this.numbers[start + slot * longest + i] = part[i]!;
    this.words[owners + slot] = -1;
    this.words[states + slot] = stateOf(ticket);
  }

  /** What the part in a slot answered on a thread. */
  result(thread: number, slot: number): number {
    const { results, slots } = this.layout;
    return this.numbers[results + thread * slots + slot]!;
  }

  /** What a kernel said on a thread when it stopped. */
  text(thread: number): string {
    const { texts, letters } = this.layout;
    const from = texts + thread * letters;
    const text = this.#characters.slice(from, from + letters);
    return String.fromCharCode(...text.subarray(0, text.indexOf(0)));
  }
}
