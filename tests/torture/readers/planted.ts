/**
 * Readers that do harm, one way each: what the torture must see.
 *
 * @module
 */
import { outOfRange } from "../../../core/errors.ts";
import type { Reader } from "../reader.ts";

/** A reader that does something with every input whose first byte is odd, and refuses the others. */
function planted(name: string, read: () => void): Reader {
  return {
    name,
    seeds: [Uint8Array.of(0), Uint8Array.of(1)],
    read: ({ bytes }) => {
      if (bytes[0]! % 2 === 1) read();
      throw outOfRange("read", "the first byte must be even", bytes[0]);
    },
  };
}

/** The readers by what they do. */
export const harmful: Readonly<Record<string, () => Promise<Reader>>> = Object.fromEntries(
  Object.entries({
    "planted: none": () => {},
    "planted: another error": () => {
      throw new Error("Unexpected token");
    },
    "planted: other words": () => {
      throw new RangeError("Invalid typed array length");
    },
    "planted: allocation": () => {
      new Float32Array(2 ** 20);
    },
    "planted: prototype": () => {
      Object.assign(Object.prototype, { polluted: true });
    },
    "planted: crash": () => {
      Deno.exit(1);
    },
    "planted: hang": () => {
      for (;;);
    },
  }).map(([name, read]) => [name, () => Promise.resolve(planted(name, read))]),
);
