/**
 * Tensors, shapes and the letters of their axes:
 * S samples, B batch, K latent, D event (the shape of one datum).
 *
 * @module
 */
import type { tf } from "./deps.ts";

/** A TensorFlow.js tensor. Every docstring says its shape in the letters S, B, K and D. */
export type Tensor = tf.Tensor;

/** A TensorFlow.js variable: a tensor that training changes in place. */
export type Variable = tf.Variable;

/** A TensorFlow.js optimizer: anything that `tf.train` makes. */
export type Optimizer = tf.Optimizer;

/** The sizes of some axes, for instance `[28, 28]` for one picture. `[]` is a scalar. */
export type Shape = readonly number[];

/** The parameters that a family wants from a network, each with its shape for one datum. */
export type Heads = Readonly<Record<string, Shape>>;

/** What a network answers: one tensor `[B, …shape]` for each of its heads. */
export type Outputs<H extends Heads> = { readonly [Name in keyof H]: Tensor };

/** What a JSON file can hold. */
export type Json = null | boolean | number | string | readonly Json[] | {
  readonly [key: string]: Json;
};

/** One batch of data, on its way through the model. */
export interface Batch {
  /** The data `[B, …D]`. */
  readonly x: Tensor;
  /** What the model is conditioned on `[B, …C]`. */
  readonly condition?: Tensor | undefined;
  /** 1 where an entry of `x` was observed and 0 where it is missing, `[B, …D]`. */
  readonly mask?: Tensor | undefined;
  /** Log size factor `[B]`, seen by the likelihood alone. */
  readonly offset?: Tensor | undefined;
}

/** The number of elements in a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, axis) => product * axis, 1);
}

/** Whether two shapes are the same. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((axis, i) => axis === b[i]);
}
