/**
 * Free bits: a latent pays nothing for its first λ nats, so that it is worth using.
 *
 * − Σₖ max(λ, mean over the batch of KLₖ), or − max(λ, KL) for each datum.
 * Kingma et al., "Improving variational inference with inverse autoregressive flow",
 * arXiv:1606.04934, appendix C.8, whose groups are single latents here.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Distribution, Factorized } from "../../core/distribution.ts";
import type { Divergence } from "../../core/divergence.ts";
import { outOfRange, requireNumber, wrongType } from "../../core/errors.ts";
import type { Term } from "../../core/ledger.ts";
import { requirePlugin } from "../../core/plugin.ts";
import type { Tensor } from "../../core/types.ts";
import { kl } from "./kl.ts";

/** Options of {@linkcode freeBits} for every latent. */
export interface FreeBitsOptions<Q extends Factorized, P extends Factorized> {
  /** λ, in nats. */
  readonly nats: number;
  /**
   * What λ is for: every latent, whose KL is averaged over the batch.
   * @default "dimension"
   */
  readonly per?: "dimension";
  /**
   * The divergence that gets them. Its rows must know the part of every latent.
   * @default kl()
   */
  readonly divergence?: Divergence<Q, P>;
}

/** Options of {@linkcode freeBits} for every datum. */
export interface FreeBitsPerDatumOptions<Q extends Distribution, P extends Distribution> {
  /** λ, in nats. */
  readonly nats: number;
  /** What λ is for: every datum, with all of its latents. */
  readonly per: "datum";
  /**
   * The divergence that gets them.
   * @default kl()
   */
  readonly divergence?: Divergence<Q, P>;
}

/** Σₖ max(λ, mean over the batch of KLₖ): `[]`. */
function freedPerDimension({ name, factors }: Term, nats: number): Tensor {
  if (factors === undefined) {
    const requirement = `the row '${name}' must know the part of every latent ('factors'); ` +
      "{ per: 'datum' } can do without";
    throw wrongType("give every latent free bits", requirement, factors);
  }
  return tf.sum(tf.maximum(tf.mean(factors, 0), nats));
}

/**
 * A divergence that costs at least λ, so that nothing is gained by bringing it below. Its raw nats
 * stay what they are: the bound is that of the divergence itself.
 *
 * A weight inside, as of `betaKl`, weighs what is left.
 *
 * @param options λ, what it is for, and the divergence.
 * @throws {RangeError} If λ is negative or not finite, or `per` an unknown word.
 * @throws {TypeError} If the divergence is no plugin; when the model is made, if λ is for every latent
 * and a row of it does not know their parts, or has no weight, as it is no multiple of its nats.
 *
 * @example
 * ```ts
 * import { distributions, divergences, seed } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const posterior = distributions.normal({ mean: tf.tensor2d([[2, 0]]), scale: tf.ones([1, 2]) });
 *   const [term] = divergences.freeBits({ nats: 0.5 }).estimate({
 *     posterior,
 *     prior: distributions.standardNormal({ event: [2] }),
 *     draw: posterior.draw(seed(1)),
 *     seed: seed(2),
 *     context: { training: true, progress: { step: 0, epoch: 0 } },
 *   });
 *   assert.deepEqual(term.nats.arraySync(), [2]); // 2 + 0
 *   assert.equal(term.contribution.arraySync(), -2.5); // − (2 + ½)
 * });
 * ```
 */
export function freeBits<
  Q extends Factorized = Factorized,
  P extends Factorized = Factorized,
>(options: FreeBitsOptions<Q, P>): Divergence<Q, P>;
/** A divergence that costs every datum at least λ. */
export function freeBits<
  Q extends Distribution = Distribution,
  P extends Distribution = Distribution,
>(options: FreeBitsPerDatumOptions<Q, P>): Divergence<Q, P>;
export function freeBits(
  { nats, per = "dimension", divergence = kl() }:
    | FreeBitsOptions<Factorized, Factorized>
    | FreeBitsPerDatumOptions<Distribution, Distribution>,
): Divergence<Factorized, Factorized> {
  requireNumber("build divergence", "nats", nats, { minimum: 0 });
  if (per !== "dimension" && per !== "datum") {
    throw outOfRange("build divergence", "'per' must be 'dimension' or 'datum'", per);
  }
  const free = ({ weight, ...term }: Term): Term => {
    if (weight === undefined) {
      const requirement = `the row '${term.name}' must have a weight`;
      throw wrongType("give free bits", requirement, weight);
    }
    const freed = per === "datum" ? tf.maximum(term.nats, nats) : freedPerDimension(term, nats);
    return { ...term, contribution: tf.mul(freed, -weight) };
  };
  requirePlugin("build divergence", "divergence", "divergence", divergence);
  return {
    kind: "divergence",
    name: "freeBits",
    options: { nats, per, divergence },
    isKl: divergence.isKl,
    estimate: (given) => {
      const [first, ...rest] = divergence.estimate(given);
      return [free(first), ...rest.map(free)];
    },
  };
}
