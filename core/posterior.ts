/**
 * The contract of approximate posteriors q(z|x).
 *
 * @module
 */
import type { Context } from "./context.ts";
import type { Reparameterized } from "./distribution.ts";
import type { Plugin } from "./plugin.ts";
import type { Scope } from "./scope.ts";
import type { Heads, Outputs, Shape } from "./types.ts";

/** Makes q(z|x) out of what the encoder answers. */
export interface Posterior<H extends Heads, Q extends Reparameterized> extends Plugin {
  /** It is a posterior. */
  readonly kind: "posterior";
  /** The parameters that it wants from the encoder, for a latent of shape `[…K]`. */
  readonly heads: (latent: Shape) => H;
  /** Asks the scope for weights, if it has any, and returns outputs `[B, …]` → q(z|x). */
  readonly build: (scope: Scope) => (outputs: Outputs<H>, context: Context) => Q;
}
