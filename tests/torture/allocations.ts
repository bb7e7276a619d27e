/**
 * Counts the bytes that typed arrays and buffers are made with, in the whole program that imports
 * this before all else.
 *
 * @module
 */

/** What was asked for since {@linkcode countFrom} was called. */
let asked = 0;

/** What may be asked for at once; more is not given, so that the count can be told. */
const MOST = 2 ** 30;

const NAMES = [
  "ArrayBuffer",
  "SharedArrayBuffer",
  "BigInt64Array",
  "BigUint64Array",
  "Float32Array",
  "Float64Array",
  "Int8Array",
  "Int16Array",
  "Int32Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Uint16Array",
  "Uint32Array",
] as const;

/** How many elements a constructor is asked for; views on a buffer take nothing. */
function lengthOf(given: unknown): number {
  if (typeof given === "number") return given;
  if (typeof given !== "object" || given === null) return 0;
  if (given instanceof ArrayBuffer || given instanceof SharedArrayBuffer) return 0;
  return "length" in given ? Number(given.length) : 0;
}

const all = globalThis as unknown as Record<string, { BYTES_PER_ELEMENT?: number }>;
for (const name of NAMES) {
  const original = all[name] as { new (...args: unknown[]): object; prototype: object } & {
    BYTES_PER_ELEMENT?: number;
  };
  const counted: typeof original = new Proxy(original, {
    construct: (target, args, newTarget) => {
      const size = lengthOf(args[0]) * (target.BYTES_PER_ELEMENT ?? 1);
      if (size > 0) asked += size;
      if (asked > MOST) throw new RangeError(`${asked} bytes were asked for`);
      return Reflect.construct(target, args, newTarget === counted ? target : newTarget);
    },
  });
  Object.defineProperty(original.prototype, "constructor", { value: counted });
  all[name] = counted;
}

/** Begins to count. */
export function countFrom(): void {
  asked = 0;
}

/** The bytes that were asked for since. */
export function allocated(): number {
  return asked;
}
