/**
 * The latents of a dataset.
 *
 * @module
 */
import type { Dataset } from "../data/dataset.ts";
import { entryNames, type RowStream } from "../data/rows.ts";
import { tf } from "../deps.ts";
import { type Distribution, hasMean, hasVariance } from "../distribution.ts";
import { outOfRange, requirePositiveInteger, wrongType } from "../errors.ts";
import { requireMatch } from "../input.ts";
import type { Vae } from "../model.ts";
import { type OptionNames, requireOptions } from "../options.ts";
import type { Seed } from "../random.ts";
import type { Accepted, Support } from "../support.ts";
import type { Tensor } from "../types.ts";
import { BATCH_SIZE, batched, type BatchSize, grouped, streamOf } from "./batches.ts";

/** Options of {@linkcode embeddings}. */
export interface EmbeddingsOptions extends BatchSize {
  /**
   * What of q(z|x) to answer: where it lies, or how wide it is in every latent.
   * @default "mean"
   */
  readonly statistic?: "mean" | "variance";
  /** Draws one latent from q(z|x) for each row instead. */
  readonly seed?: number | Seed;
}

/** The mean or the variance `[B, …K]`. */
function momentOf(q: Distribution, statistic: "mean" | "variance"): Tensor {
  if (statistic === "mean" && hasMean(q)) return q.mean;
  if (statistic === "variance" && hasVariance(q)) return q.variance;
  const requirement = `the posterior must know its ${statistic} (or a 'seed' must be given)`;
  throw wrongType("embed", requirement, q.family);
}

const NAMES = { batchSize: true, seed: true, statistic: true } satisfies OptionNames<
  EmbeddingsOptions
>;

/**
 * The latents of every row: the mean of q(z|x), its variance, or with a seed a draw.
 *
 * @param model The model.
 * @param data Data inside the support of its likelihood.
 * @param options What of q(z|x), and the batch size.
 * @returns Rows of shape `[…K]` in the order of the data, computed while one goes through them.
 * @throws {RangeError} If an option is out of its range, or the model was disposed.
 * @throws {TypeError} If the data do not fit the model, or an option is unknown; while going through
 * the rows, if the posterior does not know its mean or variance.
 *
 * @example
 * ```ts
 * import { dataset, embeddings, presets } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = presets.vae({ data: [2], latent: 3, hidden: [8] });
 * const bits = dataset([[0, 1], [1, 1], [1, 0]], { support: "binary" });
 * let rows = 0;
 * for await (const { size, values } of embeddings(model, bits, { batchSize: 2 })) {
 *   assert.equal(values.length, 3 * size); // a Float32Array, one row after the other
 *   rows += size;
 * }
 * assert.equal(rows, 3);
 * model.dispose();
 * ```
 */
export function embeddings<S extends Support>(
  model: Vae<S>,
  data: Dataset<NoInfer<Accepted<S>>>,
  options: EmbeddingsOptions = {},
): RowStream {
  requireOptions("embed", options, NAMES);
  const { batchSize = BATCH_SIZE, seed, statistic = "mean" } = options;
  requireMatch("embed", model, data);
  requirePositiveInteger("embed", "batchSize", batchSize);
  if (statistic !== "mean" && statistic !== "variance") {
    throw outOfRange("embed", "'statistic' must be 'mean' or 'variance'", statistic);
  }
  if (seed !== undefined && options.statistic !== undefined) {
    const requirement = "'statistic' must not be given beside a 'seed'";
    throw outOfRange("embed", requirement, options.statistic);
  }
  const shape = model.spec.latent;
  const plan = seed === undefined
    ? batched(batchSize, (batch) => [momentOf(model.encode(batch), statistic).clone()])
    : grouped(batchSize, seed, (batch, noise) => [
      tf.squeeze(model.encode(batch).draw(noise).value, [0]),
    ]);
  return streamOf(data, plan, { shape, columns: entryNames("z", shape) }, (rows) => rows);
}
