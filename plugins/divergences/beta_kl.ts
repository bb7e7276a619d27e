/**
 * β · D(q(z|x) ‖ p(z)).
 *
 * Higgins et al., "β-VAE: learning basic visual concepts with a constrained variational
 * framework", ICLR 2017, eq. 4. With a schedule it is KL warm-up: Bowman et al., "Generating
 * sentences from a continuous space", arXiv:1511.06349, §3.1.
 *
 * @module
 */
import type { Distribution } from "../../core/distribution.ts";
import type { Divergence } from "../../core/divergence.ts";
import { requireNumber } from "../../core/errors.ts";
import { type Term, weighted } from "../../core/ledger.ts";
import { requirePlugin } from "../../core/plugin.ts";
import { checked, type Schedule } from "../../core/schedule.ts";
import { kl } from "./kl.ts";

/** Options of {@linkcode betaKl}. */
export interface BetaKlOptions<Q extends Distribution, P extends Distribution> {
  /** β, a non-negative number or a schedule of them. */
  readonly beta: number | Schedule;
  /**
   * The divergence that is weighted.
   * @default kl()
   */
  readonly divergence?: Divergence<Q, P>;
}

/**
 * A divergence whose contribution is multiplied by β; its raw nats stay what they are.
 *
 * @param options β, and the divergence that it weighs.
 * @throws {RangeError} If β is negative or not finite.
 * @throws {TypeError} If the divergence is no plugin.
 *
 * @example
 * ```ts
 * import { divergences, schedules } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const warmUp = schedules.linear({ from: 0, to: 1, steps: 1000 });
 * assert.equal(divergences.betaKl({ beta: warmUp }).name, "betaKl");
 * assert.throws(() => divergences.betaKl({ beta: -1 }), /'beta' must be a non-negative number/);
 * ```
 */
export function betaKl<
  Q extends Distribution = Distribution,
  P extends Distribution = Distribution,
>({ beta, divergence = kl() }: BetaKlOptions<Q, P>): Divergence<Q, P> {
  const betaAt = checked(
    beta,
    (value) => requireNumber("weigh divergence", "beta", value, { minimum: 0 }),
  );
  requirePlugin("weigh divergence", "divergence", "divergence", divergence);
  return {
    kind: "divergence",
    name: "betaKl",
    options: { beta, divergence },
    isKl: divergence.isKl,
    estimate: (given) => {
      const weight = betaAt(given.context.progress);
      const [first, ...rest] = divergence.estimate(given);
      const weigh = (term: Term): Term => weighted(term, weight);
      return [weigh(first), ...rest.map(weigh)];
    },
  };
}
