/**
 * Any `tf.LayersModel` as encoder or decoder.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { outOfRange, wrongType } from "../../core/errors.ts";
import type { AnyNetwork } from "../../core/network.ts";
import { inShape } from "../../core/operations/in_shape.ts";
import { type Heads, type Json, type Outputs, sameShape, type Shape } from "../../core/types.ts";
import { sizeOf, type Tensor, type Variable } from "../../core/types.ts";
import { denseHeads } from "./_dense.ts";

/** A model of TensorFlow.js layers: what `tf.sequential` and `tf.model` make. */
export type LayersModel = tf.LayersModel;

/** What a file keeps of a model of layers: the layers without their weights. */
export interface Topology {
  /** `"Sequential"`, or `"Functional"` for what `tf.model` makes. */
  readonly className: string;
  /** What `getConfig` says of the model. */
  readonly config: Json;
}

/** Options of {@linkcode layers}. */
export interface LayersOptions {
  /**
   * The model. It is copied with its weights, so that one model can stand in several places; a
   * topology starts from weights of its own.
   */
  readonly model: LayersModel | Topology;
}

const ACTION = "build network 'layers'";

function topologyOf(model: LayersModel | Topology): Topology {
  if (model instanceof tf.LayersModel) {
    // Through JSON, as it will come back from a file.
    const config = JSON.parse(JSON.stringify(model.getConfig()));
    return { className: model.getClassName(), config };
  }
  if (typeof model?.className === "string" && typeof model.config === "object") return model;
  throw wrongType(ACTION, "'model' must be a tf.LayersModel or the topology of one", model);
}

/** The weights of a model as they are now: it may be disposed before it is copied. */
function valuesOf(model: LayersModel): { values: tf.TypedArray; shape: number[] }[] {
  return model.getWeights().map((weight) => ({ values: weight.dataSync(), shape: weight.shape }));
}

/** A variable of a layer. */
interface LayerVariable {
  readonly read: () => Tensor;
}

/** What every layer makes its variables with. */
interface LayerMethods {
  addWeight: (name: string, shape: Shape, ...rest: unknown[]) => LayerVariable;
}

/**
 * Makes layers whose variables hold so many numbers in all, and at first zeros where that is not
 * any number. None of them is left if something fails.
 */
function withRoom<T>(room: number, run: () => T): T {
  const methods = tf.layers.Layer.prototype as unknown as LayerMethods, { addWeight } = methods;
  const made: Tensor[] = [];
  let left = room;
  methods.addWeight = function (name, shape, dtype, initializer, ...rest) {
    const size = sizeOf(shape), first = room === Infinity ? initializer : tf.initializers.zeros();
    if (!(size <= left)) {
      const requirement = `its weights must be among the ${room} numbers that are stored`;
      throw outOfRange(ACTION, requirement, shape);
    }
    left -= size;
    let variable: LayerVariable | undefined;
    tf.tidy(() => { // It would leave its first value behind where it fails.
      variable = addWeight.call(this, name, shape, dtype, first, ...rest);
      made.push(variable.read());
    });
    return variable!;
  };
  try {
    return run();
  } catch (error) {
    tf.dispose(made);
    throw error;
  } finally {
    methods.addWeight = addWeight;
  }
}

/** A new model of the same layers. */
function make({ className, config }: Topology): LayersModel {
  const known = tf.serialization.SerializationMap.getMap().classNameMap[className];
  if (known === undefined) {
    throw wrongType(ACTION, "'model' must be a tf.LayersModel or the topology of one", className);
  }
  const [constructor, fromConfig] = known;
  // A copy, for a Sequential takes its configuration apart.
  return fromConfig(
    constructor,
    structuredClone(config) as tf.serialization.ConfigDict,
  ) as LayersModel;
}

/** The shape of one row of a symbolic tensor. */
function rowOf(symbol: tf.SymbolicTensor): Shape {
  return symbol.shape.slice(1).map((axis) => axis ?? -1);
}

/** The model's outputs by head, or one linear layer for every head on its only output. */
function headsOf<H extends Heads>(
  model: LayersModel,
  heads: H,
  onOneOutput: (inputs: number) => (features: Tensor) => Outputs<H>,
): (outputs: readonly Tensor[]) => Outputs<H> {
  const names = model.outputs.map((output) => output.sourceLayer.name);
  const wanted = Object.keys(heads);
  if (wanted.every((head) => names.includes(head))) {
    return (outputs) =>
      Object.fromEntries(wanted.map((head) => [head, outputs[names.indexOf(head)]!])) as Outputs<H>;
  }
  if (names.length !== 1) {
    const requirement = `it must have one output, or an output layer named ${wanted.join(", ")}`;
    throw wrongType(ACTION, requirement, names);
  }
  const features = sizeOf(rowOf(model.outputs[0]!));
  const toHeads = onOneOutput(features);
  return ([output]) => toHeads(inShape(output!, [-1, features]));
}

/**
 * A network made of `tf.layers`. An output layer that bears the name of a head is that head; a
 * model with one other output is followed by a linear layer for every head. A second input, where
 * there is one, is given the condition.
 *
 * Layers that draw noise, such as dropout, draw it from TensorFlow.js and not from the seed of the
 * run; give them seeds of their own.
 *
 * @param options The model.
 * @throws {TypeError} If it is no model, or its inputs and outputs do not fit.
 *
 * @example
 * ```ts
 * import { networks } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * const model = tf.sequential({
 *   layers: [tf.layers.dense({ inputShape: [784], units: 64, activation: "relu" })],
 * });
 * assert.equal(networks.layers({ model }).name, "layers");
 * model.dispose();
 * ```
 */
export function layers({ model }: LayersOptions): AnyNetwork {
  const topology = topologyOf(model);
  const weights = model instanceof tf.LayersModel ? valuesOf(model) : undefined;
  return {
    kind: "network",
    name: "layers",
    options: { model: { ...topology } },
    build: (scope, { input, heads }) => {
      const copy = withRoom(scope.room, () => {
        const copy = make(topology);
        tf.tidy(() => {
          const first = weights?.map(({ values, shape }) => tf.tensor(values, shape));
          if (first !== undefined) copy.setWeights(first);
        });
        const trained = new Set(copy.trainableWeights);
        for (const weight of copy.weights) {
          weight.trainable = trained.has(weight);
          scope.adopt(weight.originalName, weight.read() as Variable);
        }
        return copy;
      });
      const expected = scope.condition === undefined ? [input] : [input, scope.condition];
      copy.inputs.forEach((symbol, i) => {
        if (sameShape(rowOf(symbol), expected[i] ?? [])) return;
        throw wrongType(
          ACTION,
          `input ${i} must have shape [${expected[i] ?? "none"}]`,
          rowOf(symbol),
        );
      });
      const toHeads = headsOf(copy, heads, (inputs) => denseHeads(scope, inputs, heads));
      return (x, { condition, training }) => {
        const given = copy.inputs.length === 2 ? [x, condition!] : x;
        const outputs = copy.apply(given, { training }) as Tensor | Tensor[];
        return toHeads(Array.isArray(outputs) ? outputs : [outputs]);
      };
    },
  };
}
