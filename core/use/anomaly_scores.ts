/**
 * How improbable a model finds every row of a dataset.
 *
 * @module
 */
import type { Dataset } from "../data/dataset.ts";
import type { RowStream } from "../data/rows.ts";
import { tf } from "../deps.ts";
import { outOfRange, requirePositiveInteger } from "../errors.ts";
import { requireMatch } from "../input.ts";
import type { Vae } from "../model.ts";
import { type OptionNames, requireOptions } from "../options.ts";
import type { Seed } from "../random.ts";
import type { Accepted, Support } from "../support.ts";
import type { Batch, Tensor } from "../types.ts";
import { BATCH_SIZE, type BatchSize, grouped, streamOf } from "./batches.ts";

/** What the score of a row is. */
export type AnomalyScore = "logLikelihood" | "elbo" | "reconstruction";

/** Options of {@linkcode anomalyScores}. */
export interface AnomalyScoresOptions extends BatchSize {
  /** Noise for the latent draws. */
  readonly seed: number | Seed;
  /**
   * What the score is, in nats:
   * `"logLikelihood"` −log p(x) by importance sampling;
   * `"elbo"` −ELBO, which is larger by how far q(z|x) is from p(z|x);
   * `"reconstruction"` −E_q[log p(x|z)], which does not ask whether the latents are probable.
   * @default "logLikelihood"
   */
  readonly score?: AnomalyScore;
  /**
   * S, the number of latent samples for each row.
   * @default 100
   */
  readonly samples?: number;
}

const SCORES: readonly AnomalyScore[] = ["logLikelihood", "elbo", "reconstruction"];

/** What is negated: `[B]` nats. */
function natsOf(model: Vae, batch: Batch, seed: Seed, samples: number, of: AnomalyScore): Tensor {
  if (of === "logLikelihood") return model.logLikelihood(batch, { seed, samples }).nats;
  const { terms, bound } = model.elbo(batch, { seed, samples });
  return of === "elbo" ? bound!.nats : terms[0]!.nats;
}

const NAMES = { batchSize: true, seed: true, score: true, samples: true } satisfies OptionNames<
  AnomalyScoresOptions
>;

/**
 * How improbable the model finds every row, in nats: the larger, the more of an anomaly. With a mask
 * it goes by the observed entries alone. Where rows differ in how many were observed, they differ in
 * that too.
 *
 * Densities of real numbers have units, so that only the order of the scores tells anything; and in
 * many dimensions an outlier may be more probable than any row that is typical (Nalisnick et al.,
 * "Do deep generative models know what they don't know?", arXiv:1810.09136). Look at known ones.
 *
 * @param model The model, trained on what is normal.
 * @param data Data inside the support of its likelihood.
 * @param options The seed, what the score is, the number of samples, and the batch size.
 * @returns A number for every row, in the order of the data, computed while one goes through them.
 * @throws {RangeError} If an option is out of its range, or the model was disposed.
 * @throws {TypeError} If the data do not fit the model, or an option is unknown.
 *
 * @example
 * ```ts
 * import { anomalyScores, dataset, fit, presets } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = presets.vae({ data: [4], latent: 2, hidden: [16] });
 * const normal = dataset([[0, 0, 1, 1], [0, 0, 0, 1]], { support: "binary" });
 * await fit(model, normal, { steps: 100, learningRate: 0.01 });
 *
 * const more = dataset([[0, 0, 1, 1], [1, 1, 0, 0]], { support: "binary" });
 * for await (const { values: [usual, odd] } of anomalyScores(model, more, { seed: 1 })) {
 *   assert(odd! > usual!);
 * }
 * model.dispose();
 * ```
 */
export function anomalyScores<S extends Support>(
  model: Vae<S>,
  data: Dataset<NoInfer<Accepted<S>>>,
  options: AnomalyScoresOptions,
): RowStream {
  requireOptions("score anomalies", options, NAMES);
  const { batchSize = BATCH_SIZE, seed, score = "logLikelihood", samples = 100 } = options;
  requireMatch("score anomalies", model, data);
  requirePositiveInteger("score anomalies", "batchSize", batchSize);
  requirePositiveInteger("score anomalies", "samples", samples);
  if (!SCORES.includes(score)) {
    const requirement = `'score' must be one of ${SCORES.join(", ")}`;
    throw outOfRange("score anomalies", requirement, score);
  }
  const plan = grouped(batchSize, seed, (batch, noise) => [
    tf.neg(natsOf(model, batch, noise, samples, score)),
  ]);
  return streamOf(data, plan, { shape: [], columns: ["anomalyScore"] }, (rows) => rows);
}
