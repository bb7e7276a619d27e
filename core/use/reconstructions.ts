/**
 * A dataset as a model gives it back.
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
import { BATCH_SIZE, batched, type BatchSize, grouped, streamOf } from "./batches.ts";

/** Options of {@linkcode reconstructions}. */
export interface ReconstructionsOptions extends BatchSize {
  /** Draws the latents from q(z|x); they are its mean unless told. */
  readonly seed?: number | Seed;
}

const NAMES = { batchSize: true, seed: true } satisfies OptionNames<ReconstructionsOptions>;

/**
 * The reconstruction of every row: the mean of p(x|z) at the mean of q(z|x), or at a draw from it.
 * Where entries are codes of classes, the most probable class. Missing entries are filled in as they
 * come; `imputations` does that with more care.
 *
 * @param model The model.
 * @param data Data inside the support of its likelihood.
 * @param options The batch size, and a seed for draws.
 * @returns Rows of shape `[…D]` in the order of the data, computed while one goes through them.
 * @throws {RangeError} If an option is out of its range, or the model was disposed.
 * @throws {TypeError} If the data do not fit the model, or an option is unknown; while going through
 * the rows, if posterior or likelihood do not know their mean.
 *
 * @example
 * ```ts
 * import { dataset, presets, reconstructions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = presets.vae({ data: [2], latent: 3, hidden: [8] });
 * const bits = dataset([[0, 1], [1, 1], [1, 0]], { support: "binary" });
 * for await (const { values } of reconstructions(model, bits)) {
 *   assert(values.length === 6 && values.every((p) => p > 0 && p < 1));
 * }
 * model.dispose();
 * ```
 */
export function reconstructions<S extends Support>(
  model: Vae<S>,
  data: Dataset<NoInfer<Accepted<S>>>,
  options: ReconstructionsOptions = {},
): RowStream {
  requireOptions("reconstruct", options, NAMES);
  const { batchSize = BATCH_SIZE, seed } = options;
  requireMatch("reconstruct", model, data);
  requirePositiveInteger("reconstruct", "batchSize", batchSize);
  const plan = seed === undefined
    ? batched(batchSize, (batch) => [model.reconstruct(batch)])
    : grouped(batchSize, seed, (batch, noise) => [model.reconstruct(batch, { seed: noise })]);
  return streamOf(
    data,
    plan,
    { shape: data.shape, columns: columnsOf(data.support) },
    (rows) => rows,
  );
}
