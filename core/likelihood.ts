/**
 * The contract of likelihoods p(x|z).
 *
 * @module
 */
import type { Context } from "./context.ts";
import type { Distribution } from "./distribution.ts";
import type { Plugin } from "./plugin.ts";
import type { Scope } from "./scope.ts";
import type { Categories, Support } from "./support.ts";
import type { Heads, Outputs, Shape } from "./types.ts";

/** Makes p(x|z) out of what the decoder answers. */
export interface Likelihood<
  H extends Heads,
  S extends Support,
  X extends Distribution = Distribution,
> extends Plugin {
  /** It is a likelihood. */
  readonly kind: "likelihood";
  /** The data that it can give a density to. */
  readonly support: S;
  /** The number of classes that it knows, where the data are their codes. */
  readonly categories?: Categories | undefined;
  /** The parameters that it wants from the decoder, for data of shape `[…D]`. */
  readonly heads: (event: Shape) => H;
  /** Asks the scope for weights, if it has any, and returns outputs `[B, …]` → p(x|z). */
  readonly build: (scope: Scope) => (outputs: Outputs<H>, context: Context) => X;
}
