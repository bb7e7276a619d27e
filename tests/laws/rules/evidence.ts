/**
 * The rule that a model's ELBO and its importance-weighted log-likelihood belong together.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import type { Tensor } from "../../../core/types.ts";
import { copied, COPIES, modelsOf, type ModelSubject, ROWS } from "../cases/model.ts";
import { columns } from "../numerics/numbers.ts";
import { allowance, estimate, type Estimated, requireExpectation } from "../numerics/statistics.ts";
import { type Rule, ruleAbout, SAMPLED } from "../rule.ts";
import { requireFinite, shown, Violation } from "../violation.ts";

/** The spread of log w, in nats, up to which no weight outweighs all others. */
const LARGEST_SPREAD = 0.7;

/** Throws unless two positive numbers are alike, up to a factor that heavy tails leave room for. */
function requireWithin(factor: number, what: string, seen: number, expected: number): void {
  if (seen > expected / factor && seen < expected * factor) return;
  throw new Violation(`${what} within a factor ${factor} of ${shown(expected)}`, shown(seen));
}

/** Importance samples of each datum. */
const IMPORTANCE = 16;

/** ELBO = E[log w] ≤ E[log 1/S Σ w] ≤ max log w, with w = p(x, z)/q(z|x). */
export function bound(subject: ModelSubject): Rule {
  const rule = {
    name: "bound",
    statement: "ELBO = log p(x) from one importance sample ≤ log p(x) from many, in expectation",
    cost: SAMPLED,
  };
  return ruleAbout(modelsOf(subject), rule, ({ model, batch, noise }) => {
    const many = copied(batch, COPIES), seed = noise;
    const byDatum = (nats: Tensor): readonly Float64Array[] =>
      columns(tf.reshape(nats, [COPIES, ROWS]));
    const evidence = (samples: number) => model.logLikelihood(many, { seed, samples });
    const bounds = byDatum(model.elbo(many, { seed }).bound!.nats);
    const one = byDatum(evidence(1).nats), several = evidence(IMPORTANCE);
    const more = byDatum(several.nats), errors = byDatum(several.standardError);
    bounds.forEach((nats, row) => {
      const elbo = estimate(nats), single = estimate(one[row]!), tighter = estimate(more[row]!);
      const rounding = 1e-3 * (1 + Math.abs(single.mean));
      requireExpectation("the ELBO", elbo, single.mean, allowance(single) + rounding);
      const slack = allowance(elbo) + allowance(tighter) + rounding;
      if (elbo.mean > tighter.mean + slack) {
        throw new Violation(`at most ${shown(tighter.mean)} ± ${shown(slack)}`, shown(elbo.mean));
      }
      const spreadOf = ({ error, count }: Estimated): number => error * Math.sqrt(count);
      if (!(spreadOf(single) < LARGEST_SPREAD)) return;
      const claimed = estimate(errors[row]!).mean, seen = spreadOf(tighter);
      requireFinite("the standard error of log p(x)", [claimed]);
      // A mean of weights is not above the largest of them.
      const largest = Math.max(...one[row]!) + rounding;
      if (tighter.mean > largest) {
        throw new Violation(`at most ${shown(largest)}`, shown(tighter.mean));
      }
      if (seen > 1e-3) requireWithin(4, "a standard error", claimed, seen);
    });
  });
}
