/**
 * Values into variables that stay where they are, in one launch where the backend has a kernel for
 * it: what is remembered again and again then needs no new memory.
 *
 * @module
 */
import type { Tensor, Variable } from "../types.ts";
import { hasKernel, launch } from "./operation.ts";

/** The name of its kernel. */
export const COPY_INTO = "ElboCopyInto";

/** Copies a value into each variable. */
export function copyInto(pairs: readonly (readonly [to: Variable, from: Tensor])[]): void {
  if (hasKernel(COPY_INTO)) launch<Tensor>(COPY_INTO, pairs.flat()).dispose();
  else for (const [to, from] of pairs) to.assign(from as Variable);
}
