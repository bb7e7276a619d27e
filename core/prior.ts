/**
 * The contract of priors p(z).
 *
 * @module
 */
import type { Context } from "./context.ts";
import type { Distribution } from "./distribution.ts";
import type { Plugin } from "./plugin.ts";
import type { Scope } from "./scope.ts";
import type { Tensor } from "./types.ts";

/** Where a prior is built: after encoder and posterior, so that it may be made of them. */
export interface PriorScope extends Scope {
  /** The model's own q(z|x), for data `[B, …D]`. */
  readonly infer: (x: Tensor, context: Context) => Distribution;
}

/** Makes p(z), or p(z|c) where the model is conditioned. */
export interface Prior<P extends Distribution> extends Plugin {
  /** It is a prior. */
  readonly kind: "prior";
  /** Asks the scope for weights, if it has any, and returns context → p(z). */
  readonly build: (scope: PriorScope) => (context: Context) => P;
}
