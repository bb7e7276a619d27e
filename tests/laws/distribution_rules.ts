/**
 * All rules that hold of distributions, whoever makes them.
 *
 * @module
 */
import { backendsRule } from "./backends_rule.ts";
import { gradients, reparameterization } from "./derivative_rules.ts";
import { gradientsOf } from "./differences.ts";
import { drawDensity, memory, seeds, shapes, support } from "./draw_rules.ts";
import { examplesOf, traitsOf } from "./example.ts";
import { extremes } from "./extremes_rule.ts";
import { independence, jointGoodnessOfFit, jointNormalization } from "./joint_rules.ts";
import { numbers } from "./numbers.ts";
import type { Rule } from "./rule.ts";
import { goodnessOfFit, moments, normalization } from "./single_element_rules.ts";
import type { Subject } from "./subject.ts";
import { tf } from "../../core/deps.ts";

/** Log-densities, their gradients and draws, on every backend. */
function backends(subject: Subject): Rule {
  const { cases, of, end } = examplesOf(subject, subject.several, 3);
  return backendsRule({
    backends: subject.options.backends,
    cases,
    end,
    brittle: ["draws"],
    compute: (drawn, first) => {
      const { q, noise, tensors, make } = of(drawn);
      const draws = q.draw(noise, 20).value;
      const value = tf.tensor(Array.from(first?.draws ?? numbers(draws)), draws.shape);
      const found = gradientsOf((given) => tf.sum(make(given).logProb(value)), tensors);
      return {
        draws: Float32Array.from(numbers(draws)),
        "the log-densities": Float32Array.from(numbers(q.logProb(value))),
        ...Object.fromEntries(
          Object.entries(found).map(([name, gradient]) => [
            `the gradients by '${name}'`,
            Float32Array.from(numbers(gradient)),
          ]),
        ),
      };
    },
  });
}

/**
 * The rules that apply to the distributions of a subject. All of them are there when not even one
 * distribution can be made: each then says why it does not hold.
 */
export function distributionRules(subject: Subject): readonly Rule[] {
  const traits = traitsOf(subject);
  const { elements, factorized, reparameterized, moments: known, inputs } = traits ??
    { elements: [], factorized: false, reparameterized: true, moments: true, inputs: true };
  const single = typeof elements !== "string" &&
    (factorized || subject.smallest.reduce((size, axis) => size * axis, 1) === 1);
  // The joint density of independent elements is a sum, which 'shapes' checks.
  const mixed = typeof elements !== "string" && new Set(elements).size > 1;
  const joint = !mixed && !(factorized && elements.includes("count"));
  return [
    shapes(subject),
    support(subject),
    ...(single ? [normalization(subject), goodnessOfFit(subject)] : []),
    ...(single && known ? [moments(subject)] : []),
    ...(joint ? [jointNormalization(subject), jointGoodnessOfFit(subject)] : []),
    independence(subject),
    drawDensity(subject),
    ...(inputs || elements.includes("real") ? [gradients(subject)] : []),
    ...(reparameterized && inputs ? [reparameterization(subject)] : []),
    extremes(subject),
    seeds(subject),
    memory(subject),
    backends(subject),
  ];
}
