/**
 * All rules that hold of networks.
 *
 * @module
 */
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import type { Network } from "../../../core/network.ts";
import { type Seed, seed } from "../../../core/random.ts";
import type { Heads, Outputs, Shape, Tensor } from "../../../core/types.ts";
import { backends, type Comparison, figuresOf } from "./backends.ts";
import { memory } from "./memory.ts";
import { contract } from "./contract.ts";
import { fc } from "../deps.ts";
import { directionOf, gradientsOf, requireGradient, SMALL_STEP } from "../numerics/differences.ts";
import { ROUNDING } from "./draws.ts";
import { NOISE } from "../cases/example.ts";
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
} from "../cases/inputs.ts";
import type { LawOptions } from "../law.ts";
import { numbers } from "../numerics/numbers.ts";
import { type Rule, ruleAbout, type Source } from "../rule.ts";
import { require, requireClose, requireFinite, requireShape } from "../violation.ts";
import { openWeights } from "../cases/weights.ts";

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

function examplesOf(
  { network, options }: NetworkSubject,
  extreme = false,
): Source<Drawn, Example> {
  const { input = [4], heads = { mean: [2], rawScale: [2] }, condition } = options;
  let inputs: Record<string, Input>, weights: ReturnType<typeof openWeights> | undefined;
  let built: ReturnType<Network<Heads>["build"]>;
  return {
    cases: () => {
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
    of: ({ values, noise }) => ({
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
  return ruleAbout(examplesOf(subject), rule, ({ heads, inputs, tensors, run }) => {
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
  return ruleAbout(examplesOf(subject), rule, ({ tensors, run, noise }) => {
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
  return ruleAbout(examplesOf(subject, true), rule, ({ tensors, run }) => {
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
  return ruleAbout(examplesOf(subject), rule, ({ tensors, run }) => {
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

/** The gradients of the sum of all outputs. */
function slopesOf({ run, tensors }: Example): Tensors {
  return gradientsOf((given) => tf.sum(flat(run(given))), tensors);
}

/** The outputs and their gradients. */
function comparison({ options }: NetworkSubject): Comparison<Example> {
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
    memory(examplesOf(subject), slopesOf),
    backends(examplesOf(subject), comparison(subject)),
  ];
}
