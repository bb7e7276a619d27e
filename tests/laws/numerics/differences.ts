/**
 * Gradients, held against differences that are taken in float64.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import { normalNoise, type Seed } from "../../../core/random.ts";
import type { Tensor } from "../../../core/types.ts";
import type { Inputs, Tensors } from "../cases/inputs.ts";
import { fc } from "../deps.ts";
import { requireClose, requireFinite } from "../violation.ts";
import { numbers, total } from "./numbers.ts";

/** The gradients of a scalar by some tensors, zero where there is none. */
export function gradientsOf(f: (tensors: Tensors) => Tensor, tensors: Tensors): Tensors {
  const names = Object.keys(tensors), list = Object.values(tensors);
  if (names.length === 0) return {};
  const { grads } = tf.engine().gradients(() => f(tensors) as tf.Scalar, list, undefined, true);
  return Object.fromEntries(
    names.map((name, i) => [name, grads[i] as Tensor | undefined ?? tf.zerosLike(list[i]!)]),
  );
}

/** A direction to differentiate in, and how a tensor moves in it. */
export interface Direction {
  /** The change of the tensor for each unit of the step. */
  readonly tangent: Tensor;
  /** The tensor after a step, rounded to float32 like everything. */
  readonly moved: (step: number) => Tensor;
}

/** How a tensor may move: by adding, by a factor where it is positive, inside (0, 1) by its logit. */
export type Motion = "additive" | "multiplicative" | "logistic";

/** A random direction for a tensor. */
export function directionOf(tensor: Tensor, motion: Motion, noise: Seed): Direction {
  const along = tf.sign(normalNoise(noise, tensor.shape));
  if (motion === "multiplicative") {
    const moved = (step: number) => tf.mul(tensor, tf.exp(tf.mul(along, step)));
    return { tangent: tf.mul(tensor, along), moved };
  }
  if (motion === "logistic") {
    const logit = tf.log(tf.div(tensor, tf.sub(1, tensor)));
    const tangent = tf.mul(along, tf.mul(tensor, tf.sub(1, tensor)));
    return { tangent, moved: (step) => tf.sigmoid(tf.add(logit, tf.mul(along, step))) };
  }
  return { tangent: along, moved: (step) => tf.add(tensor, tf.mul(along, step)) };
}

/** How an input may move without leaving its domain. */
export function motionOf(inputs: Inputs, name: string): Motion {
  const domain = inputs[name]?.domain;
  if (domain === "positive" || domain === "simplex") return "multiplicative";
  return domain === "unit" ? "logistic" : "additive";
}

/** A step that float32 can resolve and that is small beside any parameter. */
const STEP = 2 ** -6;

/** A smaller one, at the cost of precision, for functions that may have kinks, such as networks. */
export const SMALL_STEP: number = 2 ** -9;

/** f′(0) from four points, with an error of order h⁴. */
function fourPoint(f: (step: number) => number, h: number): number {
  return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
}

/** f′(0) from one side, with an error of order h². */
function oneSided(f: (step: number) => number, h: number): number {
  return (4 * f(h) - 3 * f(0) - f(2 * h)) / (2 * h);
}

/** The derivatives of some numbers at 0. */
export function derivative(f: (step: number) => Float64Array): Float64Array {
  const [ahead, behind, farAhead, farBehind] = [STEP, -STEP, 2 * STEP, -2 * STEP].map(f) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return ahead.map((value, i) =>
    (8 * (value - behind[i]!) - (farAhead[i]! - farBehind[i]!)) / (12 * STEP)
  );
}

/** The slope of a number at 0, from two points that lie near. */
export function slopeOf(f: (step: number) => number): number {
  const step = STEP / 4;
  return (f(step) - f(-step)) / (2 * step);
}

/**
 * Throws unless a gradient is that of the function, in one random direction. A case with a kink
 * nearby is passed over.
 *
 * @param what What is differentiated.
 * @param f The function, `[…]`; its numbers are added up in float64.
 * @param tensors What it is a function of.
 * @param name By which of them.
 * @param gradient The gradient by it of the sum of f.
 * @param direction The direction.
 * @param step How far to go.
 */
export function requireGradient(
  what: string,
  f: (tensors: Tensors) => Tensor,
  tensors: Tensors,
  name: string,
  gradient: Tensor,
  { tangent, moved }: Direction,
  step: number = STEP,
): void {
  requireFinite(`the gradient of ${what} by '${name}'`, numbers(gradient));
  const values = new Map<number, number>();
  const at = (distance: number): number => {
    if (!values.has(distance)) {
      values.set(distance, total(f({ ...tensors, [name]: moved(distance) })));
    }
    return values.get(distance)!;
  };
  const slope = fourPoint(at, step);
  const size = total(tf.abs(f(tensors))), spread = total(tf.abs(tf.mul(gradient, tangent)));
  // What rounding to float32 does to a difference, and then some.
  const rounding = 16 * 2 ** -24 * size / step;
  const gap = Math.max(
    Math.abs(oneSided(at, step) - oneSided(at, -step)),
    Math.abs(fourPoint(at, step / 2) - slope),
  );
  if (gap > 0.02 * Math.max(Math.abs(slope), spread) + 4 * rounding) fc.pre(false);
  requireClose(
    `the derivative of ${what} by '${name}', in one direction,`,
    [total(tf.mul(gradient, tangent))],
    [slope],
    { absolute: 1e-4 + 2e-3 * spread + 3 * rounding + 2 * gap, relative: 2e-3 },
  );
}
