/**
 * The way back of broadcasting.
 *
 * @module
 */
import { tf } from "../deps.ts";
import type { Shape, Tensor } from "../types.ts";

/**
 * Sums over the axes along which a tensor of some shape was broadcast.
 *
 * @param gradient The gradient by what it was broadcast to.
 * @param shape The shape that it had.
 * @returns The gradient by the tensor itself, of that shape.
 */
export function sumToShape(gradient: Tensor, shape: Shape): Tensor {
  const axes = tf.backend_util.getReductionAxes([...shape], gradient.shape);
  return tf.reshape(axes.length === 0 ? gradient : tf.sum(gradient, axes), [...shape]);
}
