/**
 * The rule that a model is used as it says: reconstructions and samples.
 *
 * @module
 */
import { hasMean } from "../../../core/distribution.ts";
import { copied, COPIES, modelsOf, type ModelSubject, ROWS } from "../cases/model.ts";
import { columns, numbers } from "../numerics/numbers.ts";
import { estimate, requireExpectation } from "../numerics/statistics.ts";
import { type Rule, ruleAbout } from "../rule.ts";
import { glimpse } from "../time_limit.ts";
import { requireClose, requireShape, requireThat, ROUNDING } from "../violation.ts";

/** q(z|x) and p(x|z) at their means, and draws of the prior. */
export function use(subject: ModelSubject): Rule {
  const rule = {
    name: "use",
    statement: "it reconstructs by the means, and samples data that differ, or their means",
  };
  return ruleAbout(modelsOf(subject), rule, ({ model, batch, noise }) => {
    const { condition } = batch, { data } = model.spec;
    const q = model.encode(batch);
    if (hasMean(q)) {
      const p = model.decode(q.mean, { condition });
      if (hasMean(p)) {
        const reconstructed = model.reconstruct(batch);
        requireShape("a reconstruction", reconstructed, [ROWS, ...data]);
        requireClose("a reconstruction", numbers(reconstructed), numbers(p.mean), ROUNDING);
      }
    }
    const many = copied(batch, COPIES), options = { seed: noise, condition: many.condition };
    const samples = model.sample(ROWS * COPIES, options);
    requireShape("samples", samples, [ROWS * COPIES, ...data]);
    const different = columns(samples).some((values) => values.some((x) => x !== values[0]));
    requireThat(different, "samples that differ", "the same in every row");
    const means = glimpse(() => model.sample(ROWS * COPIES, { ...options, mean: true }));
    if (means === undefined) return; // Its likelihood may know no mean.
    requireThat(String(numbers(means)) !== String(numbers(samples)), "means", "draws");
    const drawn = columns(samples);
    columns(means).forEach((list, i) => {
      const gap = estimate(list.map((mean, k) => mean - drawn[i]![k]!));
      requireExpectation("means less draws, on average", gap, 0, 1e-3);
    });
  });
}
