/**
 * The rule that a map has an inverse, and that both know by how much they stretch space.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import type { InvertibleMap } from "../../../core/flow.ts";
import { normalNoise } from "../../../core/random.ts";
import { about } from "../cases/example.ts";
import type { Subject } from "../cases/subject.ts";
import { numbers } from "../numerics/numbers.ts";
import type { Rule } from "../rule.ts";
import { requireClose, requireShape, ROUNDING } from "../violation.ts";

/** S: unlike B and the axes of an event. */
const SAMPLES = 5;

/** T⁻¹(T(z)) = z and T(T⁻¹(x)) = x, with log-determinants that cancel. */
export function inversion(subject: Subject): Rule {
  const rule = {
    name: "inversion",
    statement: "it goes there and back, and stretches by as much as it shrinks by on the way back",
    event: subject.several,
  };
  return about(subject, rule, ({ q, noise, event }) => {
    const { forward, inverse } = (q as unknown as { readonly map: InvertibleMap }).map;
    const value = normalNoise(noise, [SAMPLES, q.batch, ...event]);
    for (const [there, back, name] of [[forward, inverse, "z"], [inverse, forward, "x"]] as const) {
      const first = there(value), second = back(first.value);
      requireShape(`what ${name} is mapped to`, first.value, value.shape);
      requireShape("a log-determinant", first.logDeterminant, [SAMPLES, q.batch]);
      requireClose(`${name} there and back`, numbers(second.value), numbers(value), ROUNDING);
      const expected = numbers(tf.neg(first.logDeterminant)), seen = numbers(second.logDeterminant);
      requireClose("the log-determinant of the way back", seen, expected, ROUNDING);
    }
  });
}
