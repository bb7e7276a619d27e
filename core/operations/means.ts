/**
 * The mean of each of some tensors, as one small tensor that can stay on the device.
 *
 * @module
 */
import { tf } from "../deps.ts";
import type { Tensor } from "../types.ts";
import { hasKernel, launch } from "./operation.ts";

/** The name of its kernel. */
export const MEANS = "ElboMeans";

/**
 * The mean of all elements of each tensor. It is finite only if every element is. No gradient passes
 * through it.
 *
 * @param tensors One or more tensors of any shapes.
 * @returns Their means, `[tensors]`.
 */
export function means(tensors: readonly Tensor[]): Tensor {
  return hasKernel(MEANS)
    ? launch<Tensor>(MEANS, tensors)
    : tf.stack(tensors.map((tensor) => tf.mean(tensor)));
}
