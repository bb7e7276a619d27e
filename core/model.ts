/**
 * The contract of a model: what goes in, what one can do with it.
 *
 * @module
 */
import type { Progress } from "./context.ts";
import type { Standardization } from "./data/dataset.ts";
import type { Distribution, Reparameterized, SameDomain } from "./distribution.ts";
import type { Divergence } from "./divergence.ts";
import type { Ledger } from "./ledger.ts";
import type { Likelihood } from "./likelihood.ts";
import type { ImportanceEstimate } from "./log_likelihood.ts";
import type { Network } from "./network.ts";
import type { Objective } from "./objective.ts";
import type { Observer } from "./pass.ts";
import type { Plugin } from "./plugin.ts";
import type { Posterior } from "./posterior.ts";
import type { Prior } from "./prior.ts";
import type { Seed } from "./random.ts";
import type { Categories, Support } from "./support.ts";
import type { Batch, Heads, Shape, Tensor, Variable } from "./types.ts";

/** The parts of a variational autoencoder. */
export interface Parts<
  HQ extends Heads,
  Q extends Reparameterized,
  P extends Distribution,
  HL extends Heads,
  S extends Support,
  X extends Distribution,
> {
  /** The shape of one datum `[…D]`. */
  readonly data: Shape;
  /** The number of latents K, or their shape `[…K]`. */
  readonly latent: number | Shape;
  /** The shape of the condition `[…C]`, if there is one. */
  readonly condition?: Shape | undefined;
  /** Turns data into the parameters of q(z|x). */
  readonly encoder: Network<NoInfer<HQ>>;
  /** Turns latents into the parameters of p(x|z). */
  readonly decoder: Network<NoInfer<HL>>;
  /** The family of q(z|x). */
  readonly posterior: Posterior<HQ, Q>;
  /** p(z), on the same domain as the posterior. */
  readonly prior: Prior<P> & SameDomain<Q, P>;
  /** The family of p(x|z), which decides what data the model is for. */
  readonly likelihood: Likelihood<HL, S, X>;
  /** Where the first weights come from: 0 unless told. */
  readonly seed?: number | Seed;
  /** What the data are standardized by: the model keeps it, and does not apply it by itself. */
  readonly standardization?: Standardization | undefined;
  /** What {@linkcode Vae.progress} says at first: the beginning of training unless told. */
  readonly progress?: Progress;
}

/** What to train on: a divergence, which means the ELBO with it, or an objective. */
export type Aim<Q extends Distribution, P extends Distribution> =
  | { readonly divergence: Divergence<NoInfer<Q>, NoInfer<P>>; readonly objective?: never }
  | { readonly objective: Objective<NoInfer<Q>, NoInfer<P>>; readonly divergence?: never };

/** What a model was composed of, as it is saved and summarized. */
export interface Spec {
  /** The shape of one datum `[…D]`. */
  readonly data: Shape;
  /** The shape of its latent `[…K]`. */
  readonly latent: Shape;
  /** The shape of its condition `[…C]`, if there is one. */
  readonly condition?: Shape | undefined;
  /** What its data are standardized by, if they are. */
  readonly standardization?: Standardization | undefined;
  /** The plugins by the part they play. */
  readonly parts: { readonly [part: string]: Plugin };
}

/** How a batch is sent through a model for training. */
export interface LedgerOptions {
  /** Noise for the latent draws. */
  readonly seed: number | Seed;
  /** Whether this is a training step, which the model's own progress then follows. */
  readonly training?: boolean;
  /** How far the training has come: where the model stands unless told. */
  readonly progress?: Progress;
  /** Sees what the networks answer on the way. */
  readonly observe?: Observer | undefined;
}

/**
 * Data alone, or data with what comes with it. Their shapes are checked; their values are not, as
 * they lie on the device: a dataset checks them against its support when it is made.
 */
export type Input = Tensor | Batch;

/** A variational autoencoder: parts, parameters, and what one can do with them. */
export interface Vae<
  out S extends Support = Support,
  out Q extends Distribution = Distribution,
  out X extends Distribution = Distribution,
> {
  /** The support of the data that it is for. */
  readonly support: S;
  /** The number of classes that it knows, where the data are their codes. */
  readonly categories?: Categories | undefined;
  /** What its data are standardized by, if they are: for `standardize` and `unstandardize`. */
  readonly standardization?: Standardization | undefined;
  /** What it was composed of. */
  readonly spec: Spec;
  /** Its variables by path, for instance `encoder/hidden0/kernel`. */
  readonly parameters: ReadonlyMap<string, Variable>;
  /** Its parts, shapes and parameter counts, as a table to print. */
  readonly summary: () => string;
  /** The terms that it is trained on, for one batch. Call it inside `tf.tidy`. */
  readonly ledger: (input: Input, options: LedgerOptions) => Ledger;
  /**
   * The true ELBO of one batch, term by term and in nats per datum, whatever the model is trained
   * on: the KL with weight 1, S samples of the latent (1 unless told).
   */
  readonly elbo: (
    input: Input,
    options: { readonly seed: number | Seed; readonly samples?: number },
  ) => Ledger;
  /**
   * q(z|x) of data `[B, …D]`: its mean, and draws of it. Call it inside `tf.tidy`, as it makes
   * tensors that nobody else can dispose. It throws a TypeError if a shape does not fit.
   */
  readonly encode: (input: Input) => Q;
  /**
   * p(x|z) of latents `[B, …K]`. Call it inside `tf.tidy`, like `encode`. It throws a TypeError if a
   * shape does not fit.
   */
  readonly decode: (latents: Tensor, options?: Omit<Batch, "x" | "mask">) => X;
  /**
   * The mean of p(x|z) `[B, …D]` at the mean of q(z|x), or at a draw from it where a seed is given. Of
   * entries that are codes of classes it is the most probable class.
   */
  readonly reconstruct: (input: Input, options?: { readonly seed?: number | Seed }) => Tensor;
  /**
   * New data `[n, …D]`: draws from p(x|z), or with `mean` its mean, at latents from the prior.
   * Condition `[n, …C]` and offset `[n]` where the model wants them.
   */
  readonly sample: (
    n: number,
    options: Omit<Batch, "x" | "mask"> & {
      readonly seed: number | Seed;
      readonly mean?: boolean;
    },
  ) => Tensor;
  /** log p(x) of each datum by importance sampling from q(z|x), in nats. */
  readonly logLikelihood: (
    input: Input,
    options: { readonly seed: number | Seed; readonly samples: number },
  ) => ImportanceEstimate;
  /**
   * The data with missing entries filled in, given what was observed; observed ones stay as they are.
   * A missing entry is its mean `[B, …D]`, or the most probable class where it is a code; with
   * `draws`, R draws of it `[B, R, …D]`. S importance samples of the latent stand behind either: the
   * more of the row was observed, the more are needed.
   */
  readonly impute: (
    input: Input,
    options: {
      readonly seed: number | Seed;
      readonly samples: number;
      readonly draws?: number | undefined;
    },
  ) => Tensor;
  /** The progress of the latest training step: what schedules go by when the model is used. */
  readonly progress: Progress;
  /** Whether {@linkcode dispose} was called. */
  readonly disposed: boolean;
  /** Lets go of every variable; the model cannot be used afterwards. */
  readonly dispose: () => void;
}
