/**
 * What a family of distributions says about itself, so that it can be made with any parameters and
 * held to the laws of distributions.
 *
 * @module
 */
import type { Distribution } from "./distribution.ts";
import type { Leaf } from "./support.ts";
import type { Shape, Tensor } from "./types.ts";

/**
 * The values that a parameter may take: `"real"` any number · `"positive"` above 0 · `"unit"`
 * between 0 and 1 · `"simplex"` positive along the last axis, where it sums to 1.
 */
export type ParameterDomain = "real" | "positive" | "unit" | "simplex";

/** A parameter of a family: its domain, and its shape where that is not the shape of the event. */
export type Parameter = ParameterDomain | {
  /** The values that it may take. */
  readonly domain: ParameterDomain;
  /** The shape for one event, without the batch axis. */
  readonly shape: (event: Shape) => Shape;
};

/**
 * The values that an event may take: every element on its own, or all together on the simplex
 * (positive, adding up to 1), on the sphere (of length 1) or one-hot (1 at one place, 0 elsewhere).
 */
export type EventSupport = Leaf | "simplex" | "sphere" | "one-hot";

/** A family of distributions. */
export interface Family<
  Q extends Distribution = Distribution,
  Name extends string = string,
> {
  /** The name of the family, as its distributions bear it. */
  readonly name: string;
  /** The parameters by name. */
  readonly parameters: { readonly [N in Name]: Parameter };
  /** The values that an event may take. */
  readonly support: EventSupport;
  /** The distributions with some parameters `[B, …]` over events of some shape. */
  readonly make: (parameters: { readonly [N in Name]: Tensor }, event: Shape) => Q;
}
