/**
 * The rule that no tensor is left behind.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import { type Rule, ruleAbout, SAMPLED, type Source } from "../rule.ts";
import { requireThat } from "../violation.ts";

/** Throws if something leaves more tensors than there were before. */
export function requireNothingLeft(after: string, run: () => void): void {
  const before = tf.memory().numTensors;
  run();
  const left = tf.memory().numTensors - before;
  requireThat(left === 0, `no tensor more than before ${after}`, `${left} more`);
}

/** No tensor is left behind by what is done inside `tf.tidy`. */
export function memory<Drawn, Example>(
  source: Source<Drawn, Example>,
  run: (example: Example) => void,
): Rule {
  const statement = { name: "memory", statement: "no tensor is left behind", cost: SAMPLED };
  return ruleAbout(
    source,
    statement,
    (example) => requireNothingLeft("one step", () => tf.tidy(() => void run(example))),
  );
}
