/**
 * Inputs: the parameters, weights and conditions that a case draws.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import type { ParameterDomain } from "../../../core/family.ts";
import { type Shape, sizeOf, type Tensor } from "../../../core/types.ts";
import { fc } from "../deps.ts";

/** The smallest and the largest value that a case may draw. */
export type Range = readonly [smallest: number, largest: number];

/** One tensor that a case draws. */
export interface Input {
  /** The values that it may take. */
  readonly domain: ParameterDomain;
  /** Its shape, without the batch axis. */
  readonly shape: Shape;
  /** Whether it has a batch axis. */
  readonly batched: boolean;
  /** What a weight starts from: a case adds to it. */
  readonly initial?: ArrayLike<number>;
  /** Where its values come from, where that is not the range of the domain. */
  readonly range?: Range | undefined;
}

/** Inputs by name. */
export type Inputs = { readonly [name: string]: Input };

/** The numbers of every input, row by row. */
export type Values = { readonly [name: string]: readonly number[] };

/** The tensor of every input. */
export type Tensors = { readonly [name: string]: Tensor };

/** Where parameters come from, by their domains, and how far weights are moved from their start. */
type Ranges = { readonly [D in ParameterDomain | "weights"]: Range };

/** Where values come from: parameters that data might ask for, and weights that are not trivial. */
export const ORDINARY: Ranges = {
  real: [-3, 3],
  positive: [0.25, 4],
  unit: [0.05, 0.95],
  simplex: [0.1, 1],
  weights: [-0.5, 0.5],
};

/** Where they come from at the edges: parameters that a network may say in a bad step. */
export const EXTREME: Ranges = {
  real: [-1000, 1000],
  positive: [1e-3, 1e3],
  unit: [1e-5, 1 - 1e-5],
  simplex: [1e-3, 1],
  weights: [-3, 3],
};

const STEPS = 500;

/**
 * Numbers of a domain within a range, in steps that can be read. They shrink to the simplest: 0, 1
 * for what is positive, ½ for what lies between 0 and 1.
 */
function numberIn(
  domain: ParameterDomain,
  [smallest, largest]: Range,
): fc.Arbitrary<number> {
  const multiplicative = domain === "positive" || domain === "simplex";
  const from = multiplicative ? Math.log(smallest) : smallest;
  const to = multiplicative ? Math.log(largest) : largest;
  const simplest = Math.min(Math.max(domain === "unit" ? 0.5 : 0, from), to);
  return fc.integer({ min: from < simplest ? -STEPS : 0, max: to > simplest ? STEPS : 0 })
    .map((step) => simplest + step / STEPS * (step < 0 ? simplest - from : to - simplest))
    .map((value) => Math.fround(multiplicative ? Math.exp(value) : value));
}

/** The shape of an input for a batch. */
function shapeOf({ shape, batched }: Input, batch: number): Shape {
  return batched ? [batch, ...shape] : shape;
}

/** Values of some inputs for a batch, from the ranges of their domains unless they have their own. */
export function valuesOf(
  inputs: Inputs,
  batch: number,
  ranges: Ranges,
): fc.Arbitrary<Values> {
  return fc.record(
    Object.fromEntries(
      Object.entries(inputs).map(([name, input]) => {
        const { domain, initial, range } = input;
        const size = sizeOf(shapeOf(input, batch));
        const within = range ?? ranges[initial === undefined ? domain : "weights"];
        const values = fc.array(numberIn(domain, within), { minLength: size, maxLength: size });
        if (initial === undefined) return [name, values];
        return [name, values.map((moved) => moved.map((by, i) => Math.fround(initial[i]! + by)))];
      }),
    ),
  );
}

/** The tensors that some values stand for. */
export function tensorsOf(inputs: Inputs, values: Values, batch: number): Tensors {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [
      name,
      tf.tensor([...values[name]!], [...shapeOf(input, batch)], "float32"),
    ]),
  );
}

/** The same tensors, those on the simplex divided by their sum along the last axis. */
export function normalized(inputs: Inputs, tensors: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [
      name,
      inputs[name]?.domain === "simplex" ? tf.div(tensor, tf.sum(tensor, -1, true)) : tensor,
    ]),
  );
}

/** The tensors of one row of a batch: `[1, …]`. */
export function rowOf(inputs: Inputs, tensors: Tensors, row: number): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [
      name,
      inputs[name]!.batched ? tf.slice(tensor, row, 1) : tensor,
    ]),
  );
}
