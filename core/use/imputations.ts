/**
 * A dataset with what is missing filled in.
 *
 * @module
 */
import type { Dataset } from "../data/dataset.ts";
import type { RowStream } from "../data/rows.ts";
import { requirePositiveInteger } from "../errors.ts";
import { requireMatch } from "../input.ts";
import type { Vae } from "../model.ts";
import { type OptionNames, requireOptions } from "../options.ts";
import type { Seed } from "../random.ts";
import { type Accepted, columnsOf, type Support } from "../support.ts";
import { BATCH_SIZE, type BatchSize, grouped, streamOf } from "./batches.ts";

/** Options of {@linkcode imputations}. */
export interface ImputationsOptions extends BatchSize {
  /** Noise for the latent draws. */
  readonly seed: number | Seed;
  /**
   * S, the number of importance samples for each row.
   * @default 100
   */
  readonly samples?: number;
  /** R, how many times to draw what is missing, instead of its mean. */
  readonly draws?: number;
}

const NAMES = { batchSize: true, seed: true, samples: true, draws: true } satisfies OptionNames<
  ImputationsOptions
>;

/**
 * Every row with its missing entries filled in given what was observed of it; observed entries stay
 * as they are.
 *
 * A missing entry is its mean given those observed, E[x_m | x_o], or the most probable class where
 * it is a code; the mean of a bit or of a count need be neither. With `draws` it is drawn R times
 * from p(x_m | x_o), so that one sees how uncertain it is. Both rest on S importance samples of the
 * latent (Mattei and Frellsen, "MIWAE", arXiv:1812.02633) and are exact as S grows. Draws repeat
 * the same few latents where most of the weight lies on few samples: take many more samples than
 * draws.
 *
 * @param model A model whose likelihood factorizes.
 * @param data Data inside the support of its likelihood, with a mask.
 * @param options The seed, the numbers of samples and draws, and the batch size.
 * @returns Rows of shape `[…D]`, or `[R, …D]` with draws, in the order of the data, computed while
 * one goes through them.
 * @throws {RangeError} If an option is out of its range, or the model was disposed.
 * @throws {TypeError} If the data do not fit the model, or an option is unknown; while going through
 * the rows, if its likelihood does not factorize, or knows no mean and no draws are wanted.
 *
 * @example
 * ```ts
 * import { dataset, fit, imputations, presets } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = presets.vae({ data: [3], latent: 1, hidden: [16] });
 * const bits = dataset([[0, 0, 0], [1, 1, 1]], { support: "binary" });
 * await fit(model, bits, { steps: 300, learningRate: 0.02 });
 *
 * const gaps = dataset([[1, 1, NaN]], { support: "binary", mask: [[1, 1, 0]] });
 * for await (const { values } of imputations(model, gaps, { seed: 1 })) {
 *   assert.deepEqual([...values.subarray(0, 2)], [1, 1]);
 *   assert(values[2]! > 0.6);
 * }
 * for await (const { shape, values } of imputations(model, gaps, { seed: 1, draws: 5 })) {
 *   assert.deepEqual(shape, [5, 3]);
 *   assert(values.every((bit) => bit === 0 || bit === 1));
 * }
 * model.dispose();
 * ```
 */
export function imputations<S extends Support>(
  model: Vae<S>,
  data: Dataset<NoInfer<Accepted<S>>>,
  options: ImputationsOptions,
): RowStream {
  requireOptions("impute", options, NAMES);
  const { batchSize = BATCH_SIZE, seed, samples = 100, draws } = options;
  requireMatch("impute", model, data);
  requirePositiveInteger("impute", "batchSize", batchSize);
  requirePositiveInteger("impute", "samples", samples);
  if (draws !== undefined) requirePositiveInteger("impute", "draws", draws);
  const plan = grouped(batchSize, seed, (batch, noise) => [
    model.impute(batch, { seed: noise, samples, draws }),
  ]);
  const contents = draws === undefined
    ? { shape: data.shape, columns: columnsOf(data.support) }
    : { shape: [draws, ...data.shape] };
  return streamOf(data, plan, contents, (rows) => rows);
}
