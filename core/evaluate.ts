/**
 * The true ELBO, and log p(x), of a whole dataset.
 *
 * @module
 */
import { lossBehind } from "./backend/device.ts";
import type { Dataset } from "./data/dataset.ts";
import { tf } from "./deps.ts";
import { outOfRange, requirePositiveInteger } from "./errors.ts";
import { ledgerColumns, type LedgerSummary, summarizeLedger } from "./ledger.ts";
import type { Vae } from "./model.ts";
import { requireMatch } from "./input.ts";
import { means as meansOf } from "./operations/means.ts";
import { type OptionNames, requireOptions } from "./options.ts";
import { type Seed, seed as toSeed } from "./random.ts";
import type { Accepted, Support } from "./support.ts";
import type { Tensor } from "./types.ts";

/** How a dataset is evaluated. */
export interface EvaluateOptions {
  /** Noise for the latent draws. */
  readonly seed: number | Seed;
  /**
   * S, the number of latent samples for the ELBO of each datum.
   * @default 1
   */
  readonly samples?: number;
  /**
   * The number of importance samples for log p(x) of each datum; none unless told.
   * @default 0
   */
  readonly importanceSamples?: number;
  /**
   * The rows of a batch.
   * @default 128
   */
  readonly batchSize?: number;
}

const NAMES = {
  seed: true,
  samples: true,
  importanceSamples: true,
  batchSize: true,
} satisfies OptionNames<EvaluateOptions>;

/** A dataset as the model sees it: the true ELBO term by term, in nats per datum. */
export interface Evaluation extends LedgerSummary {
  /** log p(x) by importance sampling, with the Monte Carlo standard error of its mean. */
  readonly logLikelihood?: { readonly nats: number; readonly standardError: number };
}

/**
 * The true ELBO of a dataset (KL with weight 1, whatever the model was trained on), and on request
 * its importance-weighted log-likelihood. Both in nats per datum.
 *
 * @param model The model.
 * @param data Data inside the support of its likelihood.
 * @param options Seed, sample counts, batch size.
 * @returns The averages over all rows.
 * @throws {RangeError} If a count is not a positive integer, the model was disposed, or a code is of
 * no class that its likelihood has.
 * @throws {TypeError} If the data do not fit the model (shape, support or condition), or an option is
 * unknown.
 * @throws {DeviceLostError} If the GPU that it runs on is lost.
 *
 * @example
 * ```ts
 * import { dataset, divergences, evaluate, likelihoods, networks } from "@elbo/elbo";
 * import { posteriors, priors, vae } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = vae({
 *   data: [2],
 *   latent: 1,
 *   encoder: networks.mlp({ hidden: [8] }),
 *   decoder: networks.mlp({ hidden: [8] }),
 *   posterior: posteriors.diagonalNormal(),
 *   prior: priors.standardNormal(),
 *   likelihood: likelihoods.bernoulli(),
 *   divergence: divergences.kl(),
 * });
 * const bits = dataset([[0, 1], [1, 1]], { support: "binary" });
 * const { bound, logLikelihood } = await evaluate(model, bits, { seed: 1, importanceSamples: 64 });
 * assert(bound!.nats < 0 && logLikelihood!.nats < 0);
 * model.dispose();
 * ```
 */
export async function evaluate<S extends Support>(
  model: Vae<S>,
  data: Dataset<NoInfer<Accepted<S>>>,
  options: EvaluateOptions,
): Promise<Evaluation> {
  requireOptions("evaluate", options, NAMES);
  const { seed, samples = 1, importanceSamples = 0, batchSize = 128 } = options;
  requireMatch("evaluate", model, data);
  requirePositiveInteger("evaluate", "batchSize", batchSize);
  requirePositiveInteger("evaluate", "samples", samples);
  if (importanceSamples !== 0) {
    requirePositiveInteger("evaluate", "importanceSamples", importanceSamples);
  }
  let sums: number[] | undefined, last: Parameters<typeof summarizeLedger>[0] | undefined;
  let rows = 0;
  let logLikelihood = 0;
  let variance = 0;
  let batchNumber = 0;
  for await (const batch of data.batches({ size: batchSize })) {
    const count = batch.x.shape[0]!;
    const noise = toSeed(seed).split(`batch ${batchNumber++}`);
    let numbers: Tensor | undefined;
    try {
      numbers = tf.tidy(() => {
        const ledger = model.elbo(batch, { seed: noise.split("elbo"), samples });
        const means = meansOf(ledgerColumns(last = ledger));
        if (importanceSamples === 0) return means;
        const { nats, standardError } = model.logLikelihood(batch, {
          seed: noise.split("importance"),
          samples: importanceSamples,
        });
        const estimate = tf.stack([tf.sum(nats), tf.sum(tf.square(standardError))]);
        return tf.concat([means, estimate]); // To be read at once.
      });
      const values = await numbers.data<"float32">();
      const columns = importanceSamples === 0 ? values : values.subarray(0, -2);
      sums = Array.from(columns, (value, i) => (sums?.[i] ?? 0) + value * count);
      if (importanceSamples > 0) {
        logLikelihood += values.at(-2)!;
        variance += values.at(-1)!;
      }
    } catch (error) {
      throw await lossBehind("evaluate", error);
    } finally {
      numbers?.dispose();
      tf.dispose(Object.values(batch));
    }
    rows += count;
  }
  if (rows === 0) throw outOfRange("evaluate", "the data must have batches", 0);
  const summary = summarizeLedger(
    last!,
    sums!.map((sum) => sum / rows),
  );
  if (importanceSamples === 0) return summary;
  return {
    ...summary,
    logLikelihood: { nats: logLikelihood / rows, standardError: Math.sqrt(variance) / rows },
  };
}
