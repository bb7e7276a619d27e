/**
 * − γ · |D(q(z|x) ‖ p(z)) − C|: a divergence that is held at a capacity C.
 *
 * Burgess et al., "Understanding disentangling in β-VAE", arXiv:1804.03599, eq. 8, where C grows
 * from 0 as training goes on.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Distribution } from "../../core/distribution.ts";
import type { Divergence } from "../../core/divergence.ts";
import { requireNumber, wrongType } from "../../core/errors.ts";
import { requirePlugin } from "../../core/plugin.ts";
import { checked, type Schedule } from "../../core/schedule.ts";
import { kl } from "./kl.ts";

/** Options of {@linkcode capacity}. */
export interface CapacityOptions<Q extends Distribution, P extends Distribution> {
  /** C in nats, a non-negative number or a schedule of them. */
  readonly nats: number | Schedule;
  /** γ, a non-negative number. */
  readonly gamma: number;
  /**
   * The divergence, of one row.
   * @default kl()
   */
  readonly divergence?: Divergence<Q, P>;
}

/**
 * A divergence that costs every datum γ for each nat between it and the capacity. Its raw nats stay
 * what they are.
 *
 * What counts is what the divergence costs by itself: β times its nats inside `betaKl`.
 *
 * @param options C, γ and the divergence.
 * @throws {RangeError} If C or γ is negative or not finite.
 * @throws {TypeError} If the divergence is no plugin; when the model is made, if it has more rows than
 * one.
 *
 * @example
 * ```ts
 * import { distributions, divergences, schedules, seed } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * const growing = schedules.linear({ from: 0, to: 25, steps: 100 });
 * tf.tidy(() => {
 *   const posterior = distributions.normal({ mean: tf.tensor2d([[2]]), scale: tf.ones([1, 1]) });
 *   const [term] = divergences.capacity({ nats: growing, gamma: 10 }).estimate({
 *     posterior,
 *     prior: distributions.standardNormal({ event: [1] }),
 *     draw: posterior.draw(seed(1)),
 *     seed: seed(2),
 *     context: { training: true, progress: { step: 20, epoch: 0 } },
 *   });
 *   assert.deepEqual(term.nats.arraySync(), [2]);
 *   assert.deepEqual(term.contribution.arraySync(), [-30]); // − 10 · |2 − 5|
 * });
 * ```
 */
export function capacity<
  Q extends Distribution = Distribution,
  P extends Distribution = Distribution,
>({ nats, gamma, divergence = kl() }: CapacityOptions<Q, P>): Divergence<Q, P> {
  const natsAt = checked(
    nats,
    (value) => requireNumber("hold divergence at a capacity", "nats", value, { minimum: 0 }),
  );
  requireNumber("hold divergence at a capacity", "gamma", gamma, { minimum: 0 });
  requirePlugin("hold divergence at a capacity", "divergence", "divergence", divergence);
  return {
    kind: "divergence",
    name: "capacity",
    options: { nats, gamma, divergence },
    isKl: divergence.isKl,
    estimate: (given) => {
      const target = natsAt(given.context.progress);
      const [{ weight: _, ...term }, ...rest] = divergence.estimate(given);
      if (rest.length > 0) {
        const names = [term, ...rest].map(({ name }) => name);
        const requirement = `'${divergence.name}' must have one row`;
        throw wrongType("hold divergence at a capacity", requirement, names);
      }
      const distance = tf.abs(tf.add(term.contribution, target)); // |cost − C|
      return [{ ...term, contribution: tf.mul(distance, -gamma) }];
    },
  };
}
