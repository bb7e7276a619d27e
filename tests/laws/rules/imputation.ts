/**
 * The rule that a model fills in what is missing by what it knows.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import { requireInside } from "../../../core/inside.ts";
import { hasCategories } from "../../../core/support.ts";
import type { Tensor } from "../../../core/types.ts";
import { copied, COPIES, modelsOf, type ModelSubject, ROWS } from "../cases/model.ts";
import { columns, numbers } from "../numerics/numbers.ts";
import { estimate, requireExpectation } from "../numerics/statistics.ts";
import { type Rule, ruleAbout } from "../rule.ts";
import { glimpse } from "../time_limit.ts";
import { requireClose, requireShape, requireThat, ROUNDING } from "../violation.ts";

/** The importance samples of each row. */
const SAMPLES = 4;

/** 0 for every third entry. */
function withGaps(x: Tensor): Tensor {
  const flat = tf.reshape(tf.range(0, x.size), x.shape);
  return tf.cast(tf.notEqual(tf.mod(flat, 3), 0), "float32");
}

/** Missing entries, as their means and as draws. */
export function imputation(subject: ModelSubject): Rule {
  const rule = {
    name: "imputation",
    statement: "it keeps what was observed, and fills in draws of what is missing, or their means",
  };
  return ruleAbout(modelsOf(subject), rule, ({ model, batch, noise }) => {
    const { data } = model.spec, many = copied(batch, COPIES), mask = withGaps(many.x);
    const options = { seed: noise, samples: SAMPLES };
    const draws = model.impute({ ...many, mask }, { ...options, draws: 1 });
    requireShape("draws", draws, [ROWS * COPIES, 1, ...data]);
    requireInside("impute", "a draw", numbers(draws), model.support, data);
    const drawn = tf.reshape(draws, many.x.shape);
    const kept = (filled: Tensor): void => {
      const [now, before] = [filled, many.x].map((values) => numbers(tf.mul(values, mask)));
      requireClose("what was observed", now!, before!, { absolute: 0 });
    };
    kept(drawn);
    // A row of what is missing, behind the mask: nobody may look at it.
    const behind = tf.where(tf.greater(mask, 0), many.x, tf.reverse(many.x, 0));
    const same = model.impute({ ...many, x: behind, mask }, { ...options, draws: 1 });
    requireClose("the draws with others behind the mask", numbers(same), numbers(draws), ROUNDING);

    const means = glimpse(() => model.impute({ ...many, mask }, options));
    if (means === undefined) return; // Its likelihood may know no mean.
    requireShape("means", means, many.x.shape);
    kept(means);
    if (hasCategories(model.support)) return;
    requireThat(String(numbers(means)) !== String(numbers(drawn)), "means", "draws");
    const each = columns(drawn);
    columns(means).forEach((list, i) => {
      const gap = estimate(list.map((mean, k) => mean - each[i]![k]!));
      requireExpectation("means less draws, on average", gap, 0, 1e-3);
    });
  });
}
