/**
 * The same numbers in another shape.
 *
 * @module
 */
import { tf } from "../deps.ts";
import { sameShape, type Shape, sizeOf, type Tensor } from "../types.ts";
import { operation } from "./operation.ts";

interface Shapes {
  readonly shape: Shape;
  readonly from: Shape;
}

const run = operation<{ readonly x: Tensor }, Shapes, Tensor>({
  name: "ElboInShape",
  define: ({ x }, { shape }) => tf.reshape(x, [...shape]),
  fits: ({ x }, { shape }) => x.size === sizeOf(shape),
  // Unlike TensorFlow.js's own, its gradient needs nothing but the shape.
  saves: { inputs: [] },
  gradient: (upstream, _, { from }) => ({ x: () => tf.reshape(upstream, [...from]) }),
});

/**
 * The same numbers in another shape; `x` itself where it has that shape already.
 *
 * @param x Any tensor.
 * @param shape The shape, in which one axis may be −1 for whatever is left.
 * @returns A tensor of that shape.
 * @throws {Error} If the shape has another number of elements.
 */
export function inShape(x: Tensor, shape: Shape): Tensor {
  const known = shape.map((axis) => axis === -1 ? x.size / -sizeOf(shape) : axis);
  if (!known.every(Number.isInteger)) return tf.reshape(x, [...shape]); // It says what is wrong.
  return sameShape(x.shape, known) ? x : run({ x }, { shape: known, from: x.shape });
}
