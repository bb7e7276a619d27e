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
import { print, Violation } from "../violation.ts";

/** The spread of log w, in nats, up to which the mean of w itself can be trusted. */
const LARGEST_SPREAD = 1;

/** Importance samples of each datum. */
const IMPORTANCE = 16;

/** ELBO = E[log w] ≤ E[log 1/S Σ w] and E[w] = E[1/S Σ w], with w = p(x, z)/q(z|x). */
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
        throw new Violation(`at most ${print(tighter.mean)} ± ${print(slack)}`, print(elbo.mean));
      }
      const spreadOf = ({ error, count }: Estimated): number => error * Math.sqrt(count);
      if (!(spreadOf(single) < LARGEST_SPREAD)) return;
      // p(x) itself is estimated without bias, from however many samples.
      const weightsOf = (logs: Float64Array): Estimated =>
        estimate(logs.map((log) => Math.exp(log - single.mean)));
      const few = weightsOf(one[row]!), lots = weightsOf(more[row]!);
      requireExpectation("p(x) from more samples", lots, few.mean, allowance(few) + 1e-2);
      const [claimed, seen] = [estimate(errors[row]!).mean, spreadOf(tighter)];
      if (claimed > 0.5 * seen && claimed < 2 * seen || seen < 1e-3) return;
      throw new Violation(`a standard error near ${print(seen)}`, print(claimed));
    });
  });
}
