/**
 * Networks at the inputs that a case has drawn.
 *
 * @module
 */
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import type { Network } from "../../../core/network.ts";
import { type Seed, seed } from "../../../core/random.ts";
import type { ModelShapes } from "../../../core/scope.ts";
import type { Heads, Outputs, Shape } from "../../../core/types.ts";
import { fc } from "../deps.ts";
import type { LawOptions } from "../law.ts";
import type { Source } from "../rule.ts";
import { NOISE } from "./example.ts";
import {
  EXTREME,
  type Input,
  type Inputs,
  ORDINARY,
  type Tensors,
  tensorsOf,
  type Values,
  valuesOf,
} from "./inputs.ts";
import { openWeights, type Weights } from "./weights.ts";

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

const INPUT: Shape = [4], HEADS: Heads = { mean: [2], rawScale: [2] };

/** What a network is built for, and what its scope says of the model. */
export function shapesOf(
  { input = INPUT, heads = HEADS, condition }: NetworkLawOptions,
): { readonly input: Shape; readonly heads: Heads; readonly model: ModelShapes } {
  return { input, heads, model: { data: input, latent: input, condition, support: "real" } };
}

/** A network, and what it is built for. */
export interface NetworkSubject {
  readonly network: Network<Heads>;
  readonly options: NetworkLawOptions;
}

/** What a case draws. */
export interface NetworkDrawn {
  readonly values: Values;
  readonly noise: number;
}

/** A network that was built, at the inputs that a case has drawn. */
export interface NetworkExample {
  readonly heads: Heads;
  readonly inputs: Inputs;
  readonly tensors: Tensors;
  readonly run: (tensors: Tensors) => Outputs<Heads>;
  readonly noise: Seed;
}

/** B. */
export const ROWS = 3;

/** The names of the inputs beside the weights. */
export const X = "x", CONDITION = "condition";

/** A network at the inputs that cases draw. */
export function networksOf(
  { network, options }: NetworkSubject,
  extreme = false,
): Source<NetworkDrawn, NetworkExample> {
  const { input, heads, model } = shapesOf(options), { condition } = options;
  let inputs: Record<string, Input>, weights: Weights | undefined;
  let built: ReturnType<Network<Heads>["build"]>;
  return {
    cases: () => {
      weights = openWeights(model);
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
