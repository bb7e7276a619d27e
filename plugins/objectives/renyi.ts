/**
 * The variational Rényi bound L_α = 1/(1 − α) · log E_q[w^(1−α)], with w = p(x, z) / q(z|x).
 *
 * Li and Turner, "Rényi divergence variational inference", arXiv:1602.02311, §3 and §4.1.
 *
 * @module
 */
import type { Distribution } from "../../core/distribution.ts";
import { outOfRange, requireNumber, requirePositiveInteger } from "../../core/errors.ts";
import type { Objective } from "../../core/objective.ts";
import { densitiesAt, importanceWeighted } from "./_importance_weighted.ts";

/** Options of {@linkcode renyi}. */
export interface RenyiOptions {
  /** α, any number but 1. */
  readonly order: number;
  /**
   * K, the number of latent samples for each datum.
   * @default 5
   */
  readonly samples?: number;
}

/**
 * The variational Rényi bound, estimated by K samples: 1/(1 − α) · log 1/K Σ w^(1−α).
 *
 * The smaller α, the less it minds a q(z|x) that reaches beyond the true posterior. α = 0 is the
 * importance-weighted bound, and the limit α → 1 the ELBO. In expectation the estimate lies between
 * the ELBO and log p(x) for α from 0 to 1, and below the ELBO for α > 1. For α < 0 it may lie
 * above log p(x), so the ledger states no bound. With one sample it is the ELBO, whatever α.
 *
 * Its rows are those of `iwae`, under the weights w̃ = w^(1−α) / Σ w^(1−α).
 *
 * @param options The order and the number of samples.
 * @throws {RangeError} If the order is 1 or not finite, or the number of samples not a positive
 * integer.
 *
 * @example
 * ```ts
 * import { objectives } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const objective = objectives.renyi({ order: 0.5, samples: 10 });
 * assert.deepEqual(objective.options, { order: 0.5, samples: 10 });
 * assert.throws(() => objectives.renyi({ order: 1 }), /'order' must not be 1/);
 * ```
 */
export function renyi(
  { order, samples = 5 }: RenyiOptions,
): Objective<Distribution, Distribution> {
  requireNumber("build objective", "order", order);
  if (order === 1) throw outOfRange("build objective", "'order' must not be 1, the ELBO", order);
  requirePositiveInteger("build objective", "samples", samples);
  return {
    kind: "objective",
    name: "renyi",
    options: { order, samples },
    ledger: (pass) => {
      const draw = pass.posterior.draw(pass.seed.split("latents"), samples);
      const densities = densitiesAt(pass, draw.value, draw.logProb());
      const { ledger, nats } = importanceWeighted(densities, order);
      if (order < 0) return ledger;
      return { ...ledger, bound: { name: `Rényi, order ${order}, ${samples} samples`, nats } };
    },
  };
}
