/**
 * log p(x) of every row of a dataset.
 *
 * @module
 */
import type { Dataset } from "../data/dataset.ts";
import type { Rows, RowStream } from "../data/rows.ts";
import { requirePositiveInteger } from "../errors.ts";
import { requireMatch } from "../input.ts";
import type { Vae } from "../model.ts";
import { type OptionNames, requireOptions } from "../options.ts";
import type { Seed } from "../random.ts";
import type { Accepted, Support } from "../support.ts";
import { BATCH_SIZE, type BatchSize, grouped, streamOf } from "./batches.ts";

/** Options of {@linkcode logLikelihoods}. */
export interface LogLikelihoodsOptions extends BatchSize {
  /** Noise for the latent draws. */
  readonly seed: number | Seed;
  /**
   * S, the number of importance samples for each row.
   * @default 100
   */
  readonly samples?: number;
}

/** log p(x) of some rows, in nats. */
export interface LogLikelihoods extends Rows {
  /** The Monte Carlo standard error of each; infinite from a single sample. */
  readonly standardErrors: Float32Array;
}

const NAMES = { batchSize: true, seed: true, samples: true } satisfies OptionNames<
  LogLikelihoodsOptions
>;

/**
 * log p(x) of every row, in nats, by importance sampling from q(z|x): a lower bound in expectation,
 * tighter with more samples. With a mask it is that of the observed entries alone.
 *
 * @param model The model.
 * @param data Data inside the support of its likelihood.
 * @param options The seed, the number of samples, and the batch size.
 * @returns A number for every row, in the order of the data, computed while one goes through them.
 * @throws {RangeError} If an option is out of its range, or the model was disposed.
 * @throws {TypeError} If the data do not fit the model, or an option is unknown.
 *
 * @example
 * ```ts
 * import { dataset, logLikelihoods, presets } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = presets.vae({ data: [2], latent: 3, hidden: [8] });
 * const bits = dataset([[0, 1], [1, 1], [1, 0]], { support: "binary" });
 * for await (const { values, standardErrors } of logLikelihoods(model, bits, { seed: 1 })) {
 *   values.forEach((nats, i) => assert(nats < 0 && standardErrors[i]! < 1));
 * }
 * model.dispose();
 * ```
 */
export function logLikelihoods<S extends Support>(
  model: Vae<S>,
  data: Dataset<NoInfer<Accepted<S>>>,
  options: LogLikelihoodsOptions,
): RowStream<LogLikelihoods> {
  requireOptions("estimate log p(x)", options, NAMES);
  const { batchSize = BATCH_SIZE, seed, samples = 100 } = options;
  requireMatch("estimate log p(x)", model, data);
  requirePositiveInteger("estimate log p(x)", "batchSize", batchSize);
  requirePositiveInteger("estimate log p(x)", "samples", samples);
  const plan = grouped(batchSize, seed, (batch, noise) => {
    const { nats, standardError } = model.logLikelihood(batch, { seed: noise, samples });
    return [nats, standardError];
  });
  return streamOf(
    data,
    plan,
    { shape: [], columns: ["logLikelihood"] },
    (rows, [standardErrors]) => ({ ...rows, standardErrors: standardErrors! }),
  );
}
