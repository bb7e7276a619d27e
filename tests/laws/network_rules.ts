/**
 * All rules that hold of networks.
 *
 * @module
 */
import { AT_REST } from "../../core/context.ts";
import { tf } from "../../core/deps.ts";
import type { Network } from "../../core/network.ts";
import { type Seed, seed } from "../../core/random.ts";
import type { Heads, Outputs, Shape, Tensor } from "../../core/types.ts";
import { backendsRule } from "./backends_rule.ts";
import { contract } from "./contract_rule.ts";
import { fc } from "./deps.ts";
import { directionOf, gradientsOf, requireGradient, SMALL_STEP } from "./differences.ts";
import { ROUNDING } from "./draw_rules.ts";
import { NOISE } from "./example.ts";
import {
  EXTREME,
  type Input,
  type Inputs,
  ORDINARY,
  rowOf,
  type Tensors,
  tensorsOf,
  type Values,
  valuesOf,
} from "./inputs.ts";
import type { LawOptions } from "./law.ts";
import { numbers } from "./numbers.ts";
import type { Rule } from "./rule.ts";
import { require, requireClose, requireFinite, requireShape } from "./violation.ts";
import { openWeights } from "./weights.ts";

/** What the laws of networks can be told. */
export interface NetworkLawOptions extends LawOptions {
  /**
   * The shape of one input.
   * @default [4]
   */
  readonly input?: Shape;
  /**
   * The heads to build it for.
   * @default { mean: [2], rawScale: [2] }
   */
  readonly heads?: Heads;
  /** The shape of the condition `[…C]`, for networks that want one. */
  readonly condition?: Shape;
}

/** A network, and what it is built for. */
export interface NetworkSubject {
  readonly network: Network<Heads>;
  readonly options: NetworkLawOptions;
}

interface Drawn {
  readonly values: Values;
  readonly noise: number;
}

/** A network that was built, at the inputs that a case has drawn. */
interface Example {
  readonly heads: Heads;
  readonly inputs: Inputs;
  readonly tensors: Tensors;
  readonly run: (tensors: Tensors) => Outputs<Heads>;
  readonly noise: Seed;
}

/** B. */
const ROWS = 3;

const X = "x", CONDITION = "condition";

function examplesOf({ network, options }: NetworkSubject, extreme = false) {
  const { input = [4], heads = { mean: [2], rawScale: [2] }, condition } = options;
  let inputs: Record<string, Input>, weights: ReturnType<typeof openWeights> | undefined;
  let built: ReturnType<Network<Heads>["build"]>;
  return {
    cases: (): fc.Arbitrary<Drawn> => {
      const shapes = { data: input, latent: input, condition, support: "real" } as const;
      weights = openWeights(shapes);
      tf.tidy(() => {
        built = network.build(weights!.scope, { input, heads });
      });
      inputs = { ...weights.inputs, [X]: { domain: "real", shape: input, batched: true } };
      if (condition) inputs[CONDITION] = { domain: "real", shape: condition, batched: true };
      return fc.record({
        values: valuesOf(inputs, ROWS, extreme ? EXTREME : ORDINARY),
        noise: NOISE,
      });
    },
    of: ({ values, noise }: Drawn): Example => ({
      heads,
      inputs,
      tensors: tensorsOf(inputs, values, ROWS),
      run: (tensors) => {
        weights!.read(tensors);
        return built(tensors[X]!, { ...AT_REST, condition: tensors[CONDITION] });
      },
      noise: seed(noise),
    }),
    end: () => tf.dispose([...weights?.adopted ?? []]),
  };
}

function about(
  subject: NetworkSubject,
  { extreme = false, ...rule }: Pick<Rule, "name" | "statement" | "sampled"> & {
    readonly extreme?: boolean;
  },
  holds: (example: Example) => void,
): Rule {
  const { cases, of, end } = examplesOf(subject, extreme);
  return { ...rule, cases, holds: (drawn: Drawn) => tf.tidy(() => holds(of(drawn))), end };
}

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
  return about(subject, rule, ({ heads, inputs, tensors, run }) => {
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
  return about(subject, rule, ({ tensors, run, noise }) => {
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
    extreme: true,
  };
  return about(subject, rule, ({ tensors, run }) => {
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
  return about(subject, rule, ({ tensors, run }) => {
    const other = { ...tensors, [CONDITION]: tf.add(tensors[CONDITION]!, 1) };
    const [before, after] = [tensors, other].map((given) => String(numbers(flat(run(given)))));
    require(before !== after, "other outputs", "the same");
  });
}

function seeds({ network, options }: NetworkSubject): Rule {
  const { input = [4], heads = { mean: [2], rawScale: [2] }, condition } = options;
  const shapes = { data: input, latent: input, condition, support: "real" } as const;
  return {
    name: "seeds",
    statement: "the same seed gives the same first weights, and at rest the same outputs",
    cases: () => fc.record({ noise: NOISE }),
    holds: ({ noise }: { readonly noise: number }) =>
      tf.tidy(() => {
        const build = (from: Seed): readonly [first: string, again: string] => {
          const weights = openWeights(shapes, from);
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
        require(first === again, "the same outputs when it is asked again", "others");
        require(first === build(seed(noise))[0], "the same weights from the same seed", "others");
      }),
  };
}

function memory(subject: NetworkSubject): Rule {
  const rule = { name: "memory", statement: "no tensor is left behind", sampled: true };
  return about(subject, rule, ({ tensors, run }) => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      gradientsOf((given) => tf.sum(flat(run(given))), tensors);
    });
    const left = tf.memory().numTensors - before;
    require(left === 0, "no tensor more than before", `${left} more`);
  });
}

function backends(subject: NetworkSubject): Rule {
  const { cases, of, end } = examplesOf(subject);
  return backendsRule({
    backends: subject.options.backends,
    cases,
    end,
    compute: (drawn) => {
      const { tensors, run } = of(drawn);
      const found = gradientsOf((given) => tf.sum(flat(run(given))), tensors);
      return Object.fromEntries([
        ...Object.entries(run(tensors)).map(([name, output]) =>
          [`output '${name}'`, output] as const
        ),
        ...Object.entries(found).map(([name, by]) => [`the gradient by '${name}'`, by] as const),
      ].map(([what, tensor]) => [what, Float32Array.from(numbers(tensor))]));
    },
  });
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
    memory(subject),
    backends(subject),
  ];
}
