/**
 * What counts as harm: an error in other words than ours, a changed prototype, more memory than the
 * file justifies, too long a time, tensors that are left behind. That a program crashes or hangs is
 * seen from outside.
 *
 * @module
 */
import { isRefusal } from "../../core/errors.ts";
import { allocated, countFrom } from "./allocations.ts";
import type { Input, Reader } from "./reader.ts";

/** Milliseconds from which on a small file takes too long. */
const LONG = 5_000;

const PROTOTYPES = [Object, Array, Function, String, Number, Map, Promise, Uint8Array, Error];

/** What hangs on the prototypes that everything inherits from. */
function inherited(): string {
  return PROTOTYPES.map(({ prototype }) => Reflect.ownKeys(prototype).map(String).join()).join(";");
}

const before = inherited();

/** How reading went: read, refused, or with harm. */
export interface Outcome {
  readonly valid: boolean;
  readonly harm?: string;
}

/** Has something read, and says whether that did harm. */
export async function outcomeOf(reader: Reader, input: Input): Promise<Outcome> {
  const { length } = input.bytes;
  const allowance = reader.allowance?.(length) ?? 2 ** 20 + 64 * length;
  let valid = true, harm: string | undefined;
  const started = performance.now(), leftBefore = reader.left?.() ?? 0;
  countFrom();
  try {
    await reader.read(input);
  } catch (error) {
    valid = false;
    const typed = error instanceof RangeError || error instanceof TypeError;
    if (!typed || !isRefusal(error)) harm = `another error: ${(error as Error)?.stack ?? error}`;
  }
  const time = performance.now() - started, asked = allocated();
  if (asked > allowance) harm = `${asked} bytes for a file of ${length}`;
  if (time > LONG) harm = `${Math.round(time)} ms for a file of ${length} bytes`;
  const left = (reader.left?.() ?? 0) - leftBefore;
  if (left > 0) harm = `${left} tensors are left behind`;
  if (inherited() !== before) harm = "a prototype is another one";
  return harm === undefined ? { valid } : { valid, harm };
}
