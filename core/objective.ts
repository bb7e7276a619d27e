/**
 * The contract of objectives: what training makes as large as it can.
 *
 * @module
 */
import type { Context } from "./context.ts";
import type { Distribution } from "./distribution.ts";
import type { Divergence } from "./divergence.ts";
import type { Ledger } from "./ledger.ts";
import type { Plugin } from "./plugin.ts";
import type { Seed } from "./random.ts";
import type { Batch, Tensor } from "./types.ts";

/** One batch on its way through the model: all that an objective is made of. */
export interface Pass<Q extends Distribution, P extends Distribution> {
  /** The data, with missing entries filled by values inside the support. */
  readonly batch: Batch;
  /** q(z|x). */
  readonly posterior: Q;
  /** p(z). */
  readonly prior: P;
  /** Noise for this batch. */
  readonly seed: Seed;
  /** How far the training has come, and what the model is conditioned on. */
  readonly context: Context;
  /** The same q(z|x) with its outputs and weights behind a stop-gradient. */
  readonly detachedPosterior: () => Q;
  /** log p(x|z) of latents `[S, B, …K]`: `[S, B]` in nats, over the observed entries. */
  readonly logLikelihood: (latents: Tensor) => Tensor;
}

/** Says what training makes as large as it can. */
export interface Objective<Q extends Distribution, P extends Distribution> extends Plugin {
  /** It is an objective. */
  readonly kind: "objective";
  /** The divergence inside it, where it has one. */
  readonly divergence?: Divergence<Q, P> | undefined;
  /** The terms, the bound and the value of one batch. */
  readonly ledger: (pass: Pass<Q, P>) => Ledger;
}
