/**
 * All rules that hold of networks.
 *
 * @module
 */
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { type Seed, seed } from "../../../core/random.ts";
import type { Heads, Outputs, Tensor } from "../../../core/types.ts";
import { NOISE } from "../cases/example.ts";
import { rowOf, type Tensors } from "../cases/inputs.ts";
import {
  CONDITION,
  type NetworkExample,
  networksOf,
  type NetworkSubject,
  ROWS,
  shapesOf,
} from "../cases/network.ts";
import { openWeights } from "../cases/weights.ts";
import { fc } from "../deps.ts";
import { directionOf, gradientsOf, requireGradient, SMALL_STEP } from "../numerics/differences.ts";
import { numbers } from "../numerics/numbers.ts";
import { type Rule, ruleAbout } from "../rule.ts";
import { requireClose, requireFinite, requireShape, requireThat, ROUNDING } from "../violation.ts";
import { backends, type Comparison, figuresOf } from "./backends.ts";
import { contract } from "./contract.ts";
import { memory } from "./memory.ts";

/** All outputs, one after the other `[B, …]`. */
function flat(outputs: Outputs<Heads>): Tensor {
  return tf.concat(
    Object.values(outputs).map((output) => tf.reshape(output, [output.shape[0]!, -1])),
    1,
  );
}

function shapes(subject: NetworkSubject): Rule {
  const rule = {
    name: "shapes",
    statement: "every head is answered by [B, …head], and every row stands alone",
  };
  return ruleAbout(networksOf(subject), rule, ({ heads, inputs, tensors, run }) => {
    const outputs = run(tensors);
    for (const [name, head] of Object.entries(heads)) {
      requireShape(`output '${name}'`, outputs?.[name], [ROWS, ...head]);
    }
    for (let row = 0; row < ROWS; row++) {
      const alone = run(rowOf(inputs, tensors, row));
      for (const name of Object.keys(heads)) {
        const expected = numbers(tf.slice(outputs[name]!, row, 1));
        requireClose(`'${name}' of a row alone`, numbers(alone[name]!), expected, ROUNDING);
      }
    }
  });
}

function gradients(subject: NetworkSubject): Rule {
  const rule = {
    name: "gradients",
    statement: "its outputs have the gradients that finite differences see, by input and weights",
  };
  return ruleAbout(networksOf(subject), rule, ({ tensors, run, noise }) => {
    const outputs = (given: Tensors): Tensor => flat(run(given));
    const found = gradientsOf((given) => tf.sum(outputs(given)), tensors);
    for (const [name, tensor] of Object.entries(tensors)) {
      const direction = directionOf(tensor, "additive", noise.split(name));
      requireGradient("the outputs", outputs, tensors, name, found[name]!, direction, SMALL_STEP);
    }
  });
}

function extremes(subject: NetworkSubject): Rule {
  const rule = {
    name: "extremes",
    statement: "with inputs far out its outputs and their gradients stay finite",
  };
  return ruleAbout(networksOf(subject, true), rule, ({ tensors, run }) => {
    for (const [name, output] of Object.entries(run(tensors))) {
      requireFinite(`output '${name}'`, numbers(output));
    }
    const found = gradientsOf((given) => tf.sum(flat(run(given))), tensors);
    for (const [name, gradient] of Object.entries(found)) {
      requireFinite(`the gradient by '${name}'`, numbers(gradient));
    }
  });
}

function conditioning(subject: NetworkSubject): Rule {
  const rule = { name: "conditioning", statement: "another condition gives other outputs" };
  return ruleAbout(networksOf(subject), rule, ({ tensors, run }) => {
    const other = { ...tensors, [CONDITION]: tf.add(tensors[CONDITION]!, 1) };
    const [before, after] = [tensors, other].map((given) => String(numbers(flat(run(given)))));
    requireThat(before !== after, "other outputs", "the same");
  });
}

function seeds({ network, options }: NetworkSubject): Rule {
  const { input, heads, model } = shapesOf(options), { condition } = options;
  return {
    name: "seeds",
    statement: "the same seed gives the same first weights, and at rest the same outputs",
    cases: () => fc.record({ noise: NOISE }),
    holds: ({ noise }: { readonly noise: number }) =>
      tf.tidy(() => {
        const build = (from: Seed): readonly [first: string, again: string] => {
          const weights = openWeights(model, from);
          const built = network.build(weights.scope, { input, heads });
          const first = Object.values(weights.inputs).map(({ initial }) => initial);
          weights.read(Object.fromEntries(
            Object.entries(weights.inputs).map(([path, { shape, initial }]) => [
              path,
              tf.tensor(Array.from(initial!), [...shape]),
            ]),
          ));
          const context = { ...AT_REST, condition: condition && tf.ones([ROWS, ...condition]) };
          const run = (): string => {
            const outputs = built(tf.ones([ROWS, ...input]), context);
            return [...first, ...Object.values(outputs).map(numbers)].map(String).join();
          };
          const answers = [run(), run()] as const;
          tf.dispose([...weights.adopted]);
          return answers;
        };
        const [first, again] = build(seed(noise));
        requireThat(first === again, "the same outputs when it is asked again", "others");
        requireThat(
          first === build(seed(noise))[0],
          "the same weights from the same seed",
          "others",
        );
      }),
  };
}

/** The gradients of the sum of all outputs. */
function slopesOf({ run, tensors }: NetworkExample): Tensors {
  return gradientsOf((given) => tf.sum(flat(run(given))), tensors);
}

/** The outputs and their gradients. */
function comparison({ options }: NetworkSubject): Comparison<NetworkExample> {
  return {
    backends: options.backends,
    compute: (example) => ({
      ...figuresOf("output", example.run(example.tensors)),
      ...figuresOf("the gradient by", slopesOf(example)),
    }),
  };
}

/** The rules of a network. */
export function networkRules(subject: NetworkSubject): readonly Rule[] {
  return [
    contract("network", subject.network, { build: "function" }),
    shapes(subject),
    gradients(subject),
    extremes(subject),
    ...(subject.options.condition ? [conditioning(subject)] : []),
    seeds(subject),
    memory(networksOf(subject), slopesOf),
    backends(networksOf(subject), comparison(subject)),
  ];
}
