/**
 * A divergence that is kept near a capacity C, which grows as training goes on.
 *
 * − γ · |KL − C(step)|
 * Burgess et al., "Understanding disentangling in β-VAE", arXiv:1804.03599, eq. 8.
 *
 * @module
 */
import type { Distribution, Divergence, Schedule, Term } from "../../mod.ts";
import { tf } from "../../core/tf.ts";

/** Options of {@linkcode capacity}. */
export interface CapacityOptions<Q extends Distribution, P extends Distribution> {
  /** C, in nats. */
  readonly target: Schedule;
  /** γ. */
  readonly weight: number;
  /** A divergence of one row. */
  readonly divergence: Divergence<Q, P>;
}

/** A divergence that costs as much as it is away from a capacity. */
export function capacity<Q extends Distribution, P extends Distribution>(
  { target, weight: gamma, divergence }: CapacityOptions<Q, P>,
): Divergence<Q, P> {
  return {
    kind: "divergence",
    name: "capacity",
    options: { target, weight: gamma, divergence },
    isKl: divergence.isKl,
    estimate: (given) => {
      const [{ weight: _, ...term }] = divergence.estimate(given);
      const gap = tf.abs(tf.sub(term.nats, target.at(given.context.progress)));
      const row: Term = { ...term, contribution: tf.mul(gap, -gamma) };
      return [row];
    },
  };
}
