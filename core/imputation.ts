/**
 * Missing entries, given what was observed of their row.
 *
 * E[x_m | x_o] ≈ Σ wₛ E[x_m | zₛ] / Σ wₛ with wₛ = p(x_o|zₛ)·p(zₛ) / q(zₛ|x_o) and zₛ ~ q(z|x_o); for
 * a draw one of the zₛ is taken, with probability wₛ / Σ w, and x_m is drawn from p(x_m | zₛ).
 * Mattei and Frellsen, "MIWAE: deep generative modelling and imputation of incomplete data sets",
 * arXiv:1812.02633, on single and multiple imputation.
 *
 * @module
 */
import { tf } from "./deps.ts";
import { type Distribution, isFactorized, predictionOf } from "./distribution.ts";
import { wrongType } from "./errors.ts";
import { logAddExp, samplesAtATime } from "./log_likelihood.ts";
import { where } from "./operations/where.ts";
import type { StartedPass } from "./pass.ts";
import { type Seed, uniformNoise } from "./random.ts";
import type { ModelShapes } from "./scope.ts";
import { type Categories, codesOf, fillValues } from "./support.ts";
import { type Batch, type Shape, sizeOf, type Tensor } from "./types.ts";

/** A pass of any model. */
type AnyPass = StartedPass<Distribution, Distribution, Distribution>;

/** What is to be imputed, and how. */
export interface ImputationOptions {
  /** The data, and their mask. */
  readonly batch: Batch;
  /** The shapes of the model. */
  readonly shapes: ModelShapes;
  /** How many classes it knows, where the data are their codes. */
  readonly categories?: Categories | undefined;
  /** S, the number of importance samples for each datum. */
  readonly samples: number;
  /** R, the number of draws for each datum; none for one best guess. */
  readonly draws?: number | undefined;
}

/** Some draws from q(z|x_o), what they weigh, and what they say of the whole datum. */
interface Weighed {
  /** zₛ `[S, B, …K]`. */
  readonly latents: Tensor;
  /** log wₛ `[S, B]`. */
  readonly logWeights: Tensor;
  /** p(x|zₛ), a batch of S·B. */
  readonly likelihood: Distribution;
}

function weigh({ posterior, prior, decode }: AnyPass, noise: Seed, samples: number): Weighed {
  const draw = posterior.draw(noise.split("latents"), samples);
  const { likelihood, nats } = decode(draw.value);
  const logWeights = nats()
    .add(prior.logProb(draw.value, noise.split("prior")))
    .sub(draw.logProb());
  return { latents: draw.value, logWeights, likelihood };
}

/** Throws if a distribution knows no best guess of its elements. */
function requirePrediction(likelihood: Distribution): Tensor {
  const prediction = predictionOf(likelihood);
  if (prediction !== undefined) return prediction;
  const requirement = "the likelihood must know its mean (or 'draws' must be given)";
  throw wrongType("impute", requirement, likelihood.family);
}

/** The probability of every class for every entry that holds a code: one `[S·B, …D]` each. */
function classProbabilities(
  likelihood: Distribution,
  { support, data }: ModelShapes,
  codes: readonly boolean[],
  classes: number,
): Tensor[] {
  if (classes === 0) return [];
  if (!isFactorized(likelihood)) {
    const requirement = "a likelihood of classes must be factorized (have 'logDensities')";
    throw wrongType("impute", requirement, likelihood.family);
  }
  const fill = fillValues(support, data);
  return Array.from({ length: classes }, (_, code) => {
    const row = fill.map((value, i) => codes[i] ? code : value);
    return tf.exp(likelihood.logDensities(tf.tensor(row, [1, 1, ...data])));
  });
}

/** The mean of every entry, and of every code the most probable class: `[B, …D]`. */
function expected(start: () => AnyPass, options: ImputationOptions): Tensor {
  const { batch, shapes, categories, samples } = options;
  const rows = batch.x.shape[0]!, size = sizeOf(shapes.data), chunk = samplesAtATime(rows);
  const codes = codesOf(shapes.support, shapes.data);
  const counts = typeof categories === "number" ? [categories] : Object.values(categories ?? {});
  const classes = Math.max(0, ...counts);
  if (codes.includes(true) && classes === 0) {
    const requirement = "a likelihood of classes must say how many there are (or 'draws' be given)";
    throw wrongType("impute", requirement, categories);
  }
  // log Σ w [B], and what is expected: the prediction, and the probability of every class; [B, D].
  let sums: Tensor[] | undefined;
  for (let done = 0; done < samples; done += chunk) {
    const before = sums;
    sums = tf.tidy(() => {
      const pass = start(), count = Math.min(chunk, samples - done);
      const { logWeights, likelihood } = weigh(pass, pass.seed.split(`importance ${done}`), count);
      const logSum = tf.logSumExp(logWeights, 0);
      const shares = tf.expandDims(tf.exp(tf.sub(logWeights, logSum)), 2);
      const means = [
        requirePrediction(likelihood),
        ...classProbabilities(likelihood, shapes, codes, classes),
      ].map((values) => tf.sum(tf.mul(tf.reshape(values, [count, rows, size]), shares), 0));
      if (before === undefined) return [logSum, ...means];
      const total = logAddExp(before[0]!, logSum);
      const [old, added] = [before[0]!, logSum].map((part) =>
        tf.expandDims(tf.exp(tf.sub(part, total)), 1)
      ) as [Tensor, Tensor];
      return [
        total,
        ...means.map((mean, i) => tf.add(tf.mul(before[i + 1]!, old), tf.mul(mean, added))),
      ];
    });
    tf.dispose(before);
  }
  const [, guess, ...probabilities] = sums as [Tensor, Tensor, ...Tensor[]];
  if (probabilities.length === 0) return tf.reshape(guess, [rows, ...shapes.data]);
  const likeliest = tf.cast(tf.argMax(tf.stack(probabilities, -1), -1), "float32");
  const chosen = where(tf.tensor([codes], [1, size], "bool"), likeliest, guess);
  return tf.reshape(chosen, [rows, ...shapes.data]);
}

/**
 * R of the latents of each datum, each taken with probability wₛ / Σ w: `[R, B, …K]`. Each chunk of
 * samples offers one of its own, which replaces the one before with the chunk's share of Σ w.
 */
function resample(
  start: () => AnyPass,
  { batch, samples }: ImputationOptions,
  latent: Shape,
  draws: number,
): Tensor {
  const rows = batch.x.shape[0]!, chunk = samplesAtATime(rows), width = sizeOf(latent);
  // log Σ w [B], and the latents that were taken [R, B, K].
  let taken: [Tensor, Tensor] | undefined;
  for (let done = 0; done < samples; done += chunk) {
    const before = taken;
    taken = tf.tidy((): [Tensor, Tensor] => {
      const pass = start(), count = Math.min(chunk, samples - done);
      const noise = pass.seed.split(`importance ${done}`);
      const { logWeights, latents } = weigh(pass, noise, count);
      const logSum = tf.logSumExp(logWeights, 0);
      const uniform = uniformNoise(noise.split("choice"), [2, draws, rows]);
      const [which, whether] = tf.unstack(uniform) as [Tensor, Tensor];
      // The first s at which the sum of the shares up to it is above a uniform number.
      const sums = tf.cumsum(tf.exp(tf.sub(logWeights, logSum)), 0);
      const below = tf.cast(tf.lessEqual(tf.expandDims(sums, 1), which), "float32");
      const index = tf.minimum(tf.sum(below, 0), count - 1);
      const places = tf.add(tf.mul(index, rows), tf.range(0, rows));
      const flat = tf.reshape(latents, [count * rows, width]);
      const offered = tf.gather(flat, tf.cast(places, "int32"));
      if (before === undefined) return [logSum, offered];
      const total = logAddExp(before[0], logSum);
      const replaces = tf.less(whether, tf.exp(tf.sub(logSum, total)));
      return [total, where(tf.expandDims(replaces, 2), offered, before[1])];
    });
    tf.dispose(before);
  }
  return tf.reshape(taken![1], [draws, rows, ...latent]);
}

/** R draws of every entry given what was observed: `[B, R, …D]`. */
function drawn(start: () => AnyPass, options: ImputationOptions, draws: number): Tensor {
  const { batch, shapes: { latent, data } } = options;
  const rows = batch.x.shape[0]!, chunk = samplesAtATime(rows), rest = latent.map(() => 0);
  const latents = resample(start, options, latent, draws);
  const all: Tensor[] = [];
  for (let done = 0; done < draws; done += chunk) {
    const count = Math.min(chunk, draws - done);
    all.push(tf.tidy(() => {
      const pass = start();
      const chosen = tf.slice(latents, [done, 0, ...rest], [count, rows, ...latent]);
      const { value } = pass.decode(chosen).likelihood.draw(pass.seed.split(`data ${done}`));
      return tf.reshape(value, [count, rows, sizeOf(data)]);
    }));
  }
  return tf.reshape(tf.transpose(tf.concat(all), [1, 0, 2]), [rows, draws, ...data]);
}

/**
 * The data with what is missing filled in, and what was observed as it is: `[B, …D]`, or
 * `[B, R, …D]` where draws are wanted.
 *
 * @param start Starts a pass of the batch. Each chunk of samples has its own, since a distribution
 * may keep tensors that it made in one, and these go when the chunk is done.
 * @param options The batch, the model's shapes and classes, and the numbers of samples and draws.
 */
export function impute(start: () => AnyPass, options: ImputationOptions): Tensor {
  const { batch: { x, mask }, draws } = options;
  const each = (value: Tensor): Tensor => draws === undefined ? value : tf.expandDims(value, 1);
  if (mask === undefined) {
    if (draws === undefined) return x.clone();
    const [rows, ...data] = x.shape as [number, ...number[]];
    return tf.reshape(tf.tile(tf.reshape(x, [rows, 1, -1]), [1, draws, 1]), [rows, draws, ...data]);
  }
  const filled = draws === undefined ? expected(start, options) : drawn(start, options, draws);
  return where(tf.greater(each(mask), 0), each(x), filled);
}
