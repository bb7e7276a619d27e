/**
 * The contract of divergences D(q(z|x) ‖ p(z)), and of the closed forms that some are made of.
 *
 * @module
 */
import type { Context } from "./context.ts";
import { match, P as pattern, tf } from "./deps.ts";
import { type Distribution, type Draw, isFactorized } from "./distribution.ts";
import { divergenceTerm, type Term } from "./ledger.ts";
import type { Plugin } from "./plugin.ts";
import type { Seed } from "./random.ts";
import { lazily } from "./tidy.ts";
import type { Tensor } from "./types.ts";

/** What a divergence is estimated from. */
export interface Estimate<Q extends Distribution, P extends Distribution> {
  /** q(z|x). */
  readonly posterior: Q;
  /** p(z). */
  readonly prior: P;
  /** Draws from q(z|x), of shape `[S, B, …K]`. */
  readonly draw: Draw;
  /** Noise for estimators that need more. */
  readonly seed: Seed;
  /** How far the training has come, and what the model is conditioned on. */
  readonly context: Context;
}

/** Measures how far q(z|x) is from p(z). */
export interface Divergence<Q extends Distribution, P extends Distribution> extends Plugin {
  /** It is a divergence. */
  readonly kind: "divergence";
  /**
   * Whether the raw nats of its rows add up to KL(q ‖ p), so that the reconstruction minus them is
   * a lower bound on log p(x).
   */
  readonly isKl: boolean;
  /** The rows that it adds to the ledger; each contributes −weight × nats, or what it says. */
  readonly estimate: (given: Estimate<Q, P>) => readonly [Term, ...Term[]];
}

/** The value of a closed form. */
export interface ClosedFormValue {
  /** KL(q ‖ p) `[B]`, in nats. */
  readonly nats: Tensor;
  /** The KL of each latent element `[B, …K]`, where it factorizes. */
  readonly factors?: Tensor | undefined;
}

/** A closed form of KL(q ‖ p) for one pair of families. */
export interface ClosedForm<Q extends Distribution, P extends Distribution> extends Plugin {
  /** It is a closed form. */
  readonly kind: "closed form";
  /** KL(q ‖ p) of a pair that it is made for. */
  readonly evaluate: (q: Q, p: P) => ClosedFormValue;
  /** KL(q ‖ p) if it is made for that pair, and nothing otherwise. */
  readonly attempt: (q: Distribution, p: Distribution) => ClosedFormValue | undefined;
}

/** What a {@linkcode closedForm} is made of. */
export interface ClosedFormParts<Q extends Distribution, P extends Distribution> {
  /** What it is called. */
  readonly name: string;
  /** Recognizes the first distribution. */
  readonly q: (distribution: Distribution) => distribution is Q;
  /** Recognizes the second distribution. */
  readonly p: (distribution: Distribution) => distribution is P;
  /** KL(q ‖ p) `[B]`, in nats. */
  readonly nats: (q: Q, p: P) => ClosedFormValue;
}

/**
 * A closed form of KL(q ‖ p) as a value, to be handed to `divergences.kl`.
 *
 * @param parts Its name, the two families it is made for, and its formula.
 *
 * @example
 * ```ts
 * import { closedForm, distributions, sumOverEvent } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * const { isNormal, isStandardNormal, normal, standardNormal } = distributions;
 * const normalStandardNormal = closedForm({
 *   name: "normalStandardNormal",
 *   q: isNormal,
 *   p: isStandardNormal,
 *   nats: ({ mean, scale }) => {
 *     const factors = tf.mul(0.5, mean.square().add(scale.square()).sub(scale.log().mul(2)).sub(1));
 *     return { nats: sumOverEvent(factors, [2]), factors };
 *   },
 * });
 * tf.tidy(() => {
 *   const q = normal({ mean: tf.tensor2d([[1, 0]]), scale: tf.ones([1, 2]) });
 *   const value = normalStandardNormal.attempt(q, standardNormal({ event: [2] }));
 *   assert.deepEqual(value?.nats.arraySync(), [0.5]);
 * });
 * ```
 */
export function closedForm<Q extends Distribution, P extends Distribution>(
  parts: ClosedFormParts<Q, P>,
): ClosedForm<Q, P> {
  const pair = [pattern.when(parts.q), pattern.when(parts.p)] as const;
  return {
    kind: "closed form",
    name: parts.name,
    options: {},
    evaluate: parts.nats,
    attempt: (q, p) =>
      match<readonly [Distribution, Distribution], ClosedFormValue | undefined>([q, p])
        .with(pair, () => parts.nats(q as Q, p as P))
        .otherwise(() => undefined),
  };
}

/**
 * The row "divergence" of a KL in closed form.
 *
 * @param value KL(q ‖ p) `[B]` in nats, with its factors where it has any.
 */
export function closedFormTerm(value: ClosedFormValue): Term {
  return divergenceTerm("divergence", value.nats, {
    estimator: "closed form",
    samples: 0,
    factors: value.factors,
  });
}

/**
 * KL(q ‖ p) from the draws alone: the mean of log q(z|x) − log p(z) over S samples. It is biased
 * where log p(z) is estimated, and then too large on average.
 *
 * @param given The two distributions and the draws.
 * @returns The row "divergence" with nats `[B]`, and factors `[B, …K]` where both distributions are
 * factorized; these are computed when they are read.
 *
 * @example
 * ```ts
 * import { distributions, monteCarloKl, seed } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const context = { training: false, progress: { step: 0, epoch: 0 } };
 *   const prior = distributions.standardNormal({ event: [2] });
 *   const given = { posterior: prior, prior, draw: prior.draw(seed(1), 4), seed: seed(2), context };
 *   const term = monteCarloKl(given);
 *   assert.deepEqual([term.estimator, term.samples], ["Monte Carlo", 4]);
 *   assert(Math.abs(term.nats.dataSync()[0]!) < 1e-6);
 * });
 * ```
 */
export function monteCarloKl(given: Estimate<Distribution, Distribution>): Term {
  const { draw, posterior, prior, seed } = given, { value } = draw;
  const logRatio = tf.sub(draw.logProb(), prior.logProb(value, seed));
  const estimator = prior.estimated ? "biased" : "Monte Carlo";
  const how = { estimator, samples: value.shape[0]! } as const;
  const term = divergenceTerm("divergence", tf.mean(logRatio, 0), how);
  if (!isFactorized(posterior) || !isFactorized(prior)) return term;
  const factors = lazily(() =>
    tf.mean(tf.sub(posterior.logDensities(value), prior.logDensities(value)), 0)
  );
  return {
    ...term,
    get factors() {
      return factors();
    },
  };
}
