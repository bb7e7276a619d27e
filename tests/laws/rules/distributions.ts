/**
 * All rules that hold of distributions, whoever makes them.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import { sizeOf } from "../../../core/types.ts";
import { type Example, examplesOf, traitsOf } from "../cases/example.ts";
import type { Subject } from "../cases/subject.ts";
import { gradientsOf } from "../numerics/differences.ts";
import type { Rule } from "../rule.ts";
import { backends, type Comparison, figuresOf } from "./backends.ts";
import { gradients, motionIn, reparameterization } from "./derivatives.ts";
import { drawDensity, eventAxes, memory, seeds, shapes, support } from "./draws.ts";
import { extremes } from "./extremes.ts";
import { independence, jointGoodnessOfFit, jointNormalization } from "./joint.ts";
import { goodnessOfFit, moments, momentsTogether, normalization } from "./single_element.ts";

/** Log-densities, their gradients and draws. */
function comparison({ options }: Subject): Comparison<Example> {
  return {
    backends: options.backends,
    brittle: ["a draw of 'q'"],
    compute: ({ q, noise, tensors, make }, first) => {
      const draws = q.draw(noise, 20).value, shape = draws.shape;
      const value = first === undefined ? draws : tf.tensor(first["a draw of 'q'"]!, shape);
      const found = gradientsOf((given) => tf.sum(make(given).logProb(value)), tensors);
      return {
        ...figuresOf("a draw of", { q: draws }),
        ...figuresOf("the log-density of", { q: q.logProb(value) }),
        ...figuresOf("the gradient of the log-density by", found),
      };
    },
  };
}

/**
 * The rules that apply to the distributions of a subject. All of them are there when not even one
 * distribution can be made: each then says why it does not hold.
 */
export function distributionRules(subject: Subject): readonly Rule[] {
  const traits = traitsOf(subject);
  const { elements, factorized, reparameterized, moments: known, inputs } = traits ??
    { elements: [], factorized: false, reparameterized: true, moments: true, inputs: true };
  const columns = sizeOf(subject.smallest) > 1;
  const single = typeof elements !== "string" && (factorized || !columns);
  return [
    shapes(subject),
    ...(factorized && !columns ? [eventAxes(subject)] : []),
    support(subject),
    ...(single ? [normalization(subject), goodnessOfFit(subject)] : []),
    ...(single && known ? [moments(subject)] : []),
    ...(typeof elements === "string" && known ? [momentsTogether(subject)] : []),
    jointNormalization(subject),
    jointGoodnessOfFit(subject),
    independence(subject),
    drawDensity(subject),
    ...(inputs || motionIn(elements) ? [gradients(subject)] : []),
    ...(reparameterized && inputs ? [reparameterization(subject, single && !columns)] : []),
    extremes(subject),
    seeds(subject),
    memory(subject),
    backends(examplesOf(subject, subject.several, { batch: 3 }), comparison(subject)),
  ];
}
