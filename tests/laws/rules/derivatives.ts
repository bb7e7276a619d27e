/**
 * Rules about derivatives: of the density, and of expectations through the draws.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import type { Tensor } from "../../../core/types.ts";
import { about, drawsOf, type Example } from "../cases/example.ts";
import type { Tensors } from "../cases/inputs.ts";
import type { Elements, Subject } from "../cases/subject.ts";
import {
  derivative,
  directionOf,
  gradientsOf,
  type Motion,
  motionOf,
  requireGradient,
} from "../numerics/differences.ts";
import { centerOf, columns, fromColumns, numbers, total } from "../numerics/numbers.ts";
import { type Grid, gridsOf, type Sizes } from "../numerics/grids.ts";
import { massesAt, type Points } from "../numerics/points.ts";
import { allowance, estimate, REPLICATES, requireExpectation } from "../numerics/statistics.ts";
import { type Rule, SAMPLED } from "../rule.ts";
import { requireThat } from "../violation.ts";
import { expectationAt, supportOf } from "./joint.ts";

/** How values may move without leaving their support, where there is one way for all of them. */
export function motionIn(elements: Elements): Motion | undefined {
  if (typeof elements === "string" || new Set(elements).size !== 1) return undefined;
  const motions: { readonly [leaf: string]: Motion } = {
    real: "additive",
    positive: "multiplicative",
    unit: "logistic",
  };
  return motions[elements[0]!];
}

/** ∇ log p(x) by parameters and by x. */
export function gradients(subject: Subject): Rule {
  const rule = {
    name: "gradients",
    statement:
      "the log-density has the gradients that finite differences see, by all it depends on",
    event: subject.several,
    batch: 3,
  };
  return about(subject, rule, ({ q, inputs, tensors, make, noise, elements }) => {
    const value = q.draw(noise.split("value"), 2).value;
    // Between levels there is nothing to move through.
    const motion = subject.options.levels === undefined ? motionIn(elements) : undefined;
    const all = motion === undefined ? tensors : { ...tensors, [VALUE]: value };
    const logProb = (given: Readonly<Record<string, Tensor>>): Tensor =>
      make(given).logProb(given[VALUE] ?? value);
    const found = gradientsOf((given) => tf.sum(logProb(given)), all);
    for (const [name, tensor] of Object.entries(all)) {
      const how = name === VALUE ? motion! : motionOf(inputs, name);
      const direction = directionOf(tensor, how, noise.split(name));
      requireGradient("the log-density", logProb, all, name, found[name]!, direction);
    }
  });
}

const VALUE = "the value";

/** A function of events that is bounded, with a slope everywhere: `[n, 1, …event]` → `[n]`. */
function probeFor(example: Example): (value: Tensor) => Tensor {
  const places = columns(drawsOf(example, "pilots", 256)).map(centerOf);
  const shape = [1, 1, ...example.event];
  const centers = tf.tensor(places.map(({ center }) => center), shape);
  const spreads = tf.tensor(places.map(({ spread }) => spread), shape);
  const slopes = tf.tensor(places.map((_, i) => 1 - 0.5 * i / places.length), shape);
  return (value) => {
    const score = tf.tanh(tf.div(tf.sub(value, centers), spreads));
    const each = tf.add(tf.mul(score, slopes), tf.square(score));
    return tf.sum(each, each.shape.map((_, axis) => axis).slice(1));
  };
}

/** Draws behind one gradient. */
const DRAWS = 1024;

/** Where the expectations come from that the draws are held against. */
type Integral = (example: Example, sizes: Sizes) => Points;

/** A mesh of the one element of an event: no chance in it. */
const byQuadrature: Integral = (example, sizes) => {
  const [grid] = gridsOf(example, sizes) as [Grid];
  const value = fromColumns([grid.points], [1, ...example.event]);
  return { value, logWeights: grid.weights.map(Math.log), exact: true };
};

/** ∇ E[f(x)] = E[∇ f(x(ε))]. */
export function reparameterization(subject: Subject, single: boolean): Rule {
  const rule = {
    name: "reparameterization",
    statement: "the gradient of an expectation passes through the draws",
    event: single ? subject.smallest : subject.several,
    batch: 1,
    cost: SAMPLED,
  };
  const integral = single ? byQuadrature : supportOf;
  return about(subject, rule, (example) => {
    const { inputs, tensors, make, noise } = example;
    const probe = probeFor(example), names = Object.keys(tensors);
    const directions = names.map((name) =>
      directionOf(tensors[name]!, motionOf(inputs, name), noise.split(name))
    );
    const slopes = names.map(() => new Float64Array(REPLICATES));
    for (let replicate = 0; replicate < REPLICATES; replicate++) {
      tf.tidy(() => {
        const seed = noise.split(`replicate ${replicate}`);
        const f = (given: Tensors) => tf.mean(probe(make(given).draw(seed, DRAWS).value));
        const found = gradientsOf(f, tensors);
        names.forEach((name, i) => {
          slopes[i]![replicate] = total(tf.mul(found[name]!, directions[i]!.tangent));
        });
      });
    }
    const points = integral(example, subject.options);
    const heights = numbers(probe(points.value));
    names.forEach((name, i) => {
      const massesAfter = (step: number): Float64Array => {
        const moved = make({ ...tensors, [name]: directions[i]!.moved(step) });
        return massesAt(moved.logProb(points.value), points);
      };
      const exact = expectationAt(derivative(massesAfter), heights, points.exact);
      requireExpectation(
        `the derivative of an expectation by '${name}', through the draws,`,
        estimate(slopes[i]!),
        exact.mean,
        allowance(exact) + 5e-3,
      );
    });
  });
}

/** What training can follow, be it a biased gradient. */
export function differentiable(subject: Subject): Rule {
  const rule = {
    name: "differentiable",
    statement: "it says of its draws that gradients pass through them, and some do",
    event: subject.several,
    batch: 1,
  };
  return about(subject, rule, (example) => {
    const { q, make, tensors, noise } = example;
    requireThat(q.reparameterized === true, "'reparameterized' to be true", q.reparameterized);
    const probe = probeFor(example), seed = noise.split("differentiable");
    const found = gradientsOf((given) => tf.sum(probe(make(given).draw(seed, 64).value)), tensors);
    const passes = Object.values(found).some((gradient) => numbers(gradient).some((x) => x !== 0));
    requireThat(passes, "a gradient that passes through the draws", "none");
  });
}
