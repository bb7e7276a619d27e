/**
 * Free bits: below λ nats the divergence of a latent costs nothing more.
 *
 * − Σₖ max(λ, KLₖ), for every datum and latent on its own
 * Kingma et al., "Improving variational inference with inverse autoregressive flow",
 * arXiv:1606.04934, eq. 15, whose groups are here single latents and whose batch is one datum.
 *
 * @module
 */
import { type Divergence, type Factorized, sumOverEvent, type Term, wrongType } from "../../mod.ts";
import { tf } from "../../core/tf.ts";

/** Options of {@linkcode freeBits}. */
export interface FreeBitsOptions<Q extends Factorized, P extends Factorized> {
  /** λ, for each latent. */
  readonly nats: number;
  /** A divergence that knows the part of every latent. */
  readonly divergence: Divergence<Q, P>;
}

/** A divergence of which every latent contributes at least λ. */
export function freeBits<Q extends Factorized, P extends Factorized>(
  { nats, divergence }: FreeBitsOptions<Q, P>,
): Divergence<Q, P> {
  const freed = ({ weight: _, ...term }: Term, { event }: Q): Term => {
    const { factors, name } = term;
    if (factors === undefined) {
      throw wrongType("apply free bits", `'factors' of the row '${name}' must be known`, factors);
    }
    return { ...term, contribution: tf.neg(sumOverEvent(tf.maximum(factors, nats), event)) };
  };
  return {
    kind: "divergence",
    name: "freeBits",
    options: { nats, divergence },
    isKl: divergence.isKl,
    estimate: (given) => {
      const [first, ...rest] = divergence.estimate(given);
      return [freed(first, given.posterior), ...rest.map((term) => freed(term, given.posterior))];
    },
  };
}
