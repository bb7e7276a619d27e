/**
 * Models, and batches of the data that they are for.
 *
 * @module
 */
import type { LoadOptions } from "../../../core/checkpoint/load.ts";
import { tf } from "../../../core/deps.ts";
import type { Vae } from "../../../core/model.ts";
import { randomWords, type Seed, seed, toUnit } from "../../../core/random.ts";
import type { Leaf } from "../../../core/support.ts";
import { type Batch, sizeOf, type Tensor } from "../../../core/types.ts";
import { fc } from "../deps.ts";
import type { LawOptions } from "../law.ts";
import type { Source } from "../rule.ts";
import { NOISE } from "./example.ts";

/** What the laws of models can be told. */
export interface ModelLawOptions extends LawOptions {
  /** C, the number of classes, for data that are categories. */
  readonly categories?: number;
  /**
   * The factories of plugins that Elbo does not have, as for `load`. Without them the plugins that
   * the model is made of are taken as they are, and not made again of their options.
   */
  readonly plugins?: LoadOptions["plugins"];
}

/** What makes a model, the same each time. */
export interface ModelSubject {
  readonly make: () => Vae;
  readonly options: ModelLawOptions;
}

/** What a case draws. */
export interface ModelDrawn {
  readonly noise: number;
}

/** A model, and a batch for it. */
export interface ModelExample {
  readonly model: Vae;
  readonly batch: Batch;
  readonly noise: Seed;
}

/** B. */
export const ROWS = 3;

/** A value of the support from a number between 0 and 1. */
function valueOf(leaf: Leaf, u: number, categories = 2): number {
  if (leaf === "binary") return Number(u < 0.5);
  if (leaf === "unit") return u;
  if (leaf === "positive") return -Math.log(u);
  if (leaf === "count") return Math.floor(-4 * Math.log(u));
  if (leaf === "category") return Math.floor(categories * u);
  return 4 * u - 2;
}

/** Data of the support of a model, with a condition where it wants one. */
export function batchFor({ support, spec }: Vae, noise: Seed, categories?: number): Batch {
  const size = sizeOf(spec.data);
  const leaves = typeof support === "string" ? [support] : Object.values(support);
  const words = randomWords(noise.split("data"), ROWS * size);
  const values = Float32Array.from(
    words,
    (word, i) => valueOf(leaves[i % leaves.length]!, toUnit(word), categories),
  );
  const x = tf.tensor(values, [ROWS, ...spec.data]);
  if (spec.condition === undefined) return { x };
  const wanted = ROWS * sizeOf(spec.condition);
  const condition = Float32Array.from(randomWords(noise.split("condition"), wanted), toUnit);
  return { x, condition: tf.tensor(condition, [ROWS, ...spec.condition]) };
}

/** The models and batches of a rule: one model for all of its cases. */
export function modelsOf({ make, options }: ModelSubject): Source<ModelDrawn, ModelExample> {
  let model: Vae | undefined;
  return {
    cases: () => {
      model = make();
      return fc.record({ noise: NOISE });
    },
    of: ({ noise }) => ({
      model: model!,
      batch: batchFor(model!, seed(noise), options.categories),
      noise: seed(noise),
    }),
    end: () => model?.dispose(),
  };
}

/** How often a batch stands in one whose bounds are averaged. */
export const COPIES = 512;

/** A batch several times over. */
export function copied({ x, condition }: Batch, times: number): Batch {
  const tiled = (tensor: Tensor): Tensor =>
    tf.tile(tensor, tensor.shape.map((_, axis) => axis === 0 ? times : 1));
  return { x: tiled(x), condition: condition && tiled(condition) };
}
