/**
 * One of two numbers, as a condition says.
 *
 * @module
 */
import { tf } from "../deps.ts";
import { sameShape, type Tensor } from "../types.ts";

/** The most axes that webgl and webgpu choose along. */
const MOST_AXES = 4;

/**
 * `tf.where` for tensors of any number of axes: samples of a batch of pictures have five.
 *
 * @param condition Booleans `[…]`.
 * @param yes Numbers that broadcast with the others to one shape.
 * @param no Numbers that do so, too.
 * @returns Those of `yes` where the condition is true, and of `no` where it is not.
 */
export function where(condition: Tensor, yes: Tensor, no: Tensor): Tensor {
  if (Math.max(condition.rank, yes.rank, no.rank) <= MOST_AXES) {
    return tf.where(condition, yes, no);
  }
  const shape = [yes, no].reduce(
    (shape, each) => tf.backend_util.assertAndGetBroadcastShape(shape, each.shape),
    condition.shape,
  );
  // By what broadcasts anyway: webgpu tiles so many axes on the host.
  const wide = (each: Tensor): Tensor => {
    if (sameShape(each.shape, shape)) return each;
    return each.dtype === "bool"
      ? tf.logicalAnd(each, tf.ones(shape, "bool"))
      : tf.add(each, tf.zeros(shape));
  };
  const [chosen, a, b] = [condition, yes, no].map((each) => tf.reshape(wide(each), [-1]));
  return tf.reshape(tf.where(chosen!, a!, b!), shape);
}
