/**
 * The importance-weighted bound, L_K = E[log 1/K Σ w] with w = p(x, z) / q(z|x).
 *
 * L_K = Σ w̃ log p(x|z) − Σ w̃ (log q(z|x) − log p(z)) + (H(w̃) − log K), with w̃ = w / Σ w.
 * Burda, Grosse and Salakhutdinov, "Importance weighted autoencoders", arXiv:1509.00519, eq. 8.
 * The doubly reparameterized gradient: Tucker et al., "Doubly reparameterized gradient estimators
 * for Monte Carlo objectives", arXiv:1810.04152, eq. 8.
 *
 * @module
 */
import {
  type Distribution,
  divergenceTerm,
  type Ledger,
  ledgerOf,
  type Objective,
  type Pass,
  stopGradient,
  type Tensor,
  type Term,
} from "../../mod.ts";
import { tf } from "../../core/tf.ts";

/** Options of {@linkcode iwae}. */
export interface IwaeOptions {
  /** K, the number of latent samples for each datum. */
  readonly samples: number;
  /**
   * Which estimator of ∇L_K to follow.
   * @default "total"
   */
  readonly gradient?: "total" | "doublyReparameterized";
}

/** What the bound is made of, to be replaced by those who want to see it go wrong. */
export interface IwaePieces {
  /** log w out of log p(x|z) and log q(z|x) − log p(z). */
  readonly logWeights: (logLikelihood: Tensor, logRatio: Tensor) => Tensor;
  /** By what the path through z is weighed, beside w̃. */
  readonly pathWeights: (weights: Tensor) => Tensor;
}

const PIECES: IwaePieces = { logWeights: tf.sub, pathWeights: (weights) => weights };

/** The identity forwards; backwards the gradient times a factor `[S, B]`. */
function scaleGradient(value: Tensor, factor: Tensor): Tensor {
  const along = tf.reshape(factor, [...factor.shape, ...value.shape.slice(2).map(() => 1)]);
  // Only what is saved still lives when gradients are taken.
  const scaled = tf.customGrad((x, by, save) => {
    (save as tf.GradSaveFunc)([by as Tensor]);
    return {
      value: tf.clone(x as Tensor),
      gradFunc: (upstream: Tensor, [saved]: Tensor[]) => [
        tf.mul(upstream, saved!),
        tf.zerosLike(saved!),
      ],
    };
  });
  return scaled(value, along);
}

/** w̃ = w / Σ w. */
function normalized(logWeights: Tensor): Tensor {
  return tf.exp(tf.sub(logWeights, tf.logSumExp(logWeights, 0, true)));
}

/** The ledger of one batch. */
function ledgerFor(
  { posterior, prior, seed, detachedPosterior, logLikelihood }: Pass<Distribution, Distribution>,
  { samples, gradient = "total" }: IwaeOptions,
  pieces: IwaePieces,
): Ledger {
  const doubly = gradient === "doublyReparameterized";
  const draw = posterior.draw(seed.split("latents"), samples);

  const piecesAt = (latents: Tensor) => {
    const logX = logLikelihood(latents);
    const logQ = doubly ? detachedPosterior().logProb(latents) : draw.logProb();
    const logRatio = tf.sub(logQ, prior.logProb(latents, seed.split("prior")));
    return { logX, logRatio, logWeights: pieces.logWeights(logX, logRatio) };
  };
  // The decoder gets w̃ from the surrogate; what goes on to the encoder gets it twice, w̃².
  const latents = doubly
    ? scaleGradient(
      draw.value,
      pieces.pathWeights(normalized(piecesAt(stopGradient(draw.value)).logWeights)),
    )
    : draw.value;
  const { logX, logRatio, logWeights } = piecesAt(latents);
  const logTotal = tf.logSumExp(logWeights, 0), weights = normalized(logWeights);
  const average = (values: Tensor): Tensor => tf.sum(tf.mul(weights, values), 0);

  const how = { estimator: "Monte Carlo", samples } as const;
  const added = (name: string, nats: Tensor): Term => ({ name, nats, contribution: nats, ...how });
  const ledger = ledgerOf(
    [
      added("reconstruction", average(logX)),
      divergenceTerm("divergence", average(logRatio), how),
      added("evenness", tf.sub(tf.sub(logTotal, average(logWeights)), Math.log(samples))),
    ],
    { name: `IWAE, ${samples} samples`, nats: tf.sub(logTotal, Math.log(samples)) },
  );
  if (!doubly) return ledger;
  const surrogate = tf.sum(tf.mul(stopGradient(weights), logWeights), 0);
  return { ...ledger, surrogate: tf.mean(surrogate) };
}

/** The bound of importance-weighted autoencoders. */
export function iwae(
  options: IwaeOptions,
  pieces: Partial<IwaePieces> = {},
): Objective<Distribution, Distribution> {
  return {
    kind: "objective",
    name: "iwae",
    options: { ...options },
    ledger: (pass) => ledgerFor(pass, options, { ...PIECES, ...pieces }),
  };
}
