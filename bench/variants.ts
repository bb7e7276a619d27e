/**
 * What is compared, and how each worker is started: with no more permissions than it needs.
 *
 * @module
 */
import type { Variant } from "./driver.ts";
import { deno } from "./process.ts";

/** Threads of PyTorch and of the BLAS below it; the fastest setting counts. */
const TORCH_THREADS = [["1", "1"], ["1", "2"], ["2", "1"], ["2", "2"]];

/**
 * Elbo as a user runs it. Its workers take, after the other arguments, the number of threads and what
 * computes matrix products.
 */
export function ours(script: string, args: readonly string[]): Variant[] {
  return [
    { name: "ours, 1 thread", commands: [deno(script, [...args, "1", "wasm"])] },
    { name: "ours, 2 threads", commands: [deno(script, [...args, "2", "wasm"])] },
    { name: "ours, ffi", commands: [deno(script, [...args, "2", "blas"], ["--allow-ffi"])] },
  ];
}

/** PyTorch: Debian's, which stands beside the Python of the system; `-B` leaves no files behind. */
export function torch(script: string, args: readonly string[]): Variant {
  const commands = TORCH_THREADS.map((threads) => ({
    program: "/usr/bin/python3",
    args: ["-B", `bench/workers/${script}`, ...args, ...threads],
  }));
  return { name: "pytorch", commands };
}

/** Those that `--variants a,b` names; all unless told. */
export function chosen(variants: readonly Variant[], names: string | undefined): Variant[] {
  if (names === undefined) return [...variants];
  let rest = `,${names},`; // Some names have a comma of their own.
  const wanted = variants.filter(({ name }) => {
    const before = rest;
    rest = rest.replace(`,${name},`, ",");
    return rest !== before;
  });
  if (rest !== ",") {
    const known = variants.map(({ name }) => `'${name}'`).join(", ");
    throw new RangeError(`--variants must be of ${known}: current value is ${names}`);
  }
  return wanted;
}
