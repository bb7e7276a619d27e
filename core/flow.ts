/**
 * The contract of flows: invertible maps that know how much they stretch space.
 *
 * With x = T(z) and z from a density p, log p(x) = log p(z) − log |det ∂T/∂z|.
 *
 * @module
 */
import type { Context } from "./context.ts";
import type { Plugin } from "./plugin.ts";
import type { Scope } from "./scope.ts";
import type { Shape, Tensor } from "./types.ts";

/** What an invertible map makes of some values. */
export interface Mapped {
  /** Where they are mapped to `[S, B, …event]`. */
  readonly value: Tensor;
  /** log |det J| of the map there, in the direction that was taken `[S, B]`. */
  readonly logDeterminant: Tensor;
}

/** A map of events onto events, and back. */
export interface InvertibleMap {
  /** x = T(z), for z `[S, B, …event]`. */
  readonly forward: (value: Tensor) => Mapped;
  /** z = T⁻¹(x), for x `[S, B, …event]`. */
  readonly inverse: (value: Tensor) => Mapped;
}

/** What a flow is built for. */
export interface FlowShapes {
  /** The shape of one event. */
  readonly event: Shape;
}

/**
 * An invertible map with weights. Where the scope has a condition, the map depends on that of the
 * context: a prior hands on the condition of the model, a posterior what its encoder says.
 */
export interface Flow extends Plugin {
  /** It is a flow. */
  readonly kind: "flow";
  /** Asks the scope for weights and returns context → map. */
  readonly build: (scope: Scope, shapes: FlowShapes) => (context: Context) => InvertibleMap;
}
