/**
 * The rule that likelihoods of counts know how large a datum is.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import { type Distribution, hasMean } from "../../../core/distribution.ts";
import type { Tensor } from "../../../core/types.ts";
import { about } from "../cases/example.ts";
import type { Subject } from "../cases/subject.ts";
import { numbers } from "../numerics/numbers.ts";
import type { Rule } from "../rule.ts";
import { requireClose, ROUNDING, Violation } from "../violation.ts";

function meanOf(q: Distribution): Tensor {
  if (hasMean(q)) return q.mean;
  throw new Violation("a mean, which the offset is to multiply", "none");
}

/** E[x] with an offset o is exp o times that without. */
export function sizeFactors(subject: Subject): Rule {
  const rule = {
    name: "size factors",
    statement: "the mean of a datum grows by its own size factor, of which the offset is the log",
    event: subject.several,
  };
  return about(subject, rule, ({ q, make, tensors, event }) => {
    const { offset } = tensors as { readonly offset: Tensor };
    const plain = make({ ...tensors, offset: tf.zerosLike(offset) });
    const factors = tf.reshape(tf.exp(offset), [-1, ...event.map(() => 1)]);
    const expected = numbers(tf.mul(meanOf(plain), factors));
    requireClose("the mean", numbers(meanOf(q)), expected, ROUNDING);
  });
}
