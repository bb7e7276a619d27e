/**
 * Composes the parts into a variational autoencoder, and nothing else.
 *
 * @module
 */
import { buildParts } from "./build.ts";
import { AT_REST, type Context } from "./context.ts";
import { requireStandardization } from "./data/standardization.ts";
import { tf } from "./deps.ts";
import { type Distribution, hasMean, predictionOf, type Reparameterized } from "./distribution.ts";
import { elboLedger, elboObjective, plainKl } from "./elbo.ts";
import { requireAlive, requirePositiveInteger, wrongType } from "./errors.ts";
import {
  requireBatch,
  requireCondition,
  requireOffset,
  requirePlugins,
  requireRows,
  requireShapes,
} from "./input.ts";
import { impute } from "./imputation.ts";
import { importanceWeighted } from "./log_likelihood.ts";
import type { Aim, Input, LedgerOptions, Parts, Spec, Vae } from "./model.ts";
import { type OptionNames, requireOptions } from "./options.ts";
import { contextOf, decode, fillMissing, startPass } from "./pass.ts";
import { seed as toSeed } from "./random.ts";
import { type ModelShapes, openParameters, type Stored } from "./scope.ts";
import { summarize } from "./summary.ts";
import type { Support } from "./support.ts";
import { tidyRecord } from "./tidy.ts";
import type { Batch, Heads, Tensor } from "./types.ts";

/**
 * Composes a variational autoencoder out of plugins.
 *
 * Every part is run once on a tiny batch, so that a part that does not fit is named right here.
 *
 * @param parts The shapes, the plugins, and either a divergence or an objective.
 * @returns The model, with freshly initialized parameters.
 * @throws {RangeError} If a shape is not made of positive integers, the support of the likelihood is
 * unknown, or two weights of one part bear the same name.
 * @throws {TypeError} If a part is no plugin of its kind, answers something of the wrong shape,
 * posterior and prior are on different domains, or there is an unknown name among the parts.
 *
 * @example
 * ```ts
 * import { divergences, likelihoods, networks, posteriors, priors, vae } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = vae({
 *   data: [784],
 *   latent: 20,
 *   encoder: networks.mlp(),
 *   decoder: networks.mlp(),
 *   posterior: posteriors.diagonalNormal(),
 *   prior: priors.standardNormal(),
 *   likelihood: likelihoods.bernoulli(),
 *   divergence: divergences.kl(),
 * });
 * const pictures = model.sample(3, { seed: 1 });
 * assert.deepEqual(pictures.shape, [3, 784]);
 * pictures.dispose();
 * model.dispose();
 * ```
 */
export function vae<
  HQ extends Heads,
  Q extends Reparameterized,
  P extends Distribution,
  HL extends Heads,
  S extends Support,
  X extends Distribution,
>(parts: Parts<HQ, Q, P, HL, S, X> & Aim<Q, P>): Vae<S, Q, X> {
  requireOptions("compose model", parts, NAMES);
  return compose(parts);
}

const NAMES = {
  data: true,
  latent: true,
  condition: true,
  encoder: true,
  decoder: true,
  posterior: true,
  prior: true,
  likelihood: true,
  divergence: true,
  objective: true,
  standardization: true,
  seed: true,
  progress: true,
} satisfies OptionNames<
  & Parts<Heads, Reparameterized, Distribution, Heads, Support, Distribution>
  & Aim<Distribution, Distribution>
>;

type MethodOptions<
  Name extends "elbo" | "decode" | "reconstruct" | "sample" | "logLikelihood" | "impute",
> = NonNullable<
  Parameters<Vae[Name]>[1]
>;

/** The options of what a model does. */
const OPTIONS = {
  ledger: { seed: true, training: true, progress: true, observe: true } satisfies OptionNames<
    LedgerOptions
  >,
  elbo: { seed: true, samples: true } satisfies OptionNames<MethodOptions<"elbo">>,
  decode: { condition: true, offset: true } satisfies OptionNames<MethodOptions<"decode">>,
  reconstruct: { seed: true } satisfies OptionNames<MethodOptions<"reconstruct">>,
  sample: { seed: true, mean: true, condition: true, offset: true } satisfies OptionNames<
    MethodOptions<"sample">
  >,
  logLikelihood: { seed: true, samples: true } satisfies OptionNames<
    MethodOptions<"logLikelihood">
  >,
  impute: { seed: true, samples: true, draws: true } satisfies OptionNames<MethodOptions<"impute">>,
};

/** Composes a model, with fresh parameters or with stored ones. */
export function compose<
  HQ extends Heads,
  Q extends Reparameterized,
  P extends Distribution,
  HL extends Heads,
  S extends Support,
  X extends Distribution,
>(parts: Parts<HQ, Q, P, HL, S, X> & Aim<Q, P>, stored?: Stored): Vae<S, Q, X> {
  const { encoder, decoder, posterior, prior, likelihood, data, condition } = parts;
  const latent = requireShapes(data, parts.latent, condition);
  if (parts.objective !== undefined && parts.divergence !== undefined) {
    const requirement = "a divergence means an objective already: there must be one of the two";
    throw wrongType("compose model", requirement, "both");
  }
  const aim: Spec["parts"] = parts.objective === undefined
    ? { divergence: parts.divergence }
    : { objective: parts.objective };
  const plugins = { encoder, posterior, prior, decoder, likelihood, ...aim };
  requirePlugins(plugins);
  const standardization = parts.standardization === undefined
    ? undefined
    : requireStandardization("compose model", parts.standardization, data);
  const shapes: ModelShapes = { data, latent, condition, support: likelihood.support };
  const objective = parts.objective ?? elboObjective(parts.divergence);
  const parameters = openParameters(shapes, toSeed(parts.seed ?? 0).split("parameters"), stored);
  const built = buildParts({ ...parts, objective }, shapes, parameters);
  let disposed = false;
  let progress = parts.progress ?? AT_REST.progress;

  /** What is known of the run while the model is only used. */
  const atRest = () => ({ training: false, progress });

  function batchOf(action: string, input: Input): Batch {
    requireAlive(action, model);
    return requireBatch(action, input, shapes);
  }

  function encode(action: string, input: Input): { q: Q; context: Context } {
    const batch = fillMissing(batchOf(action, input), shapes);
    const context = contextOf({ ...batch, offset: undefined }, atRest());
    const q = built.posterior(built.encoder(batch.x, context), context);
    return { q, context: contextOf(batch, atRest()) };
  }

  function meanOf(action: string, distribution: Distribution, part: string): Tensor {
    if (hasMean(distribution)) return distribution.mean;
    throw wrongType(action, `the ${part} must know its mean`, distribution.family);
  }

  const spec: Spec = { data, latent, condition, standardization, parts: plugins };

  const model: Vae<S, Q, X> = {
    support: likelihood.support,
    categories: likelihood.categories,
    standardization,
    spec,
    parameters: parameters.variables,
    summary: () => summarize(spec, likelihood.support, parameters.variables),
    ledger: (input, options) => {
      requireOptions("compute the objective", options, OPTIONS.ledger);
      const { seed, training = false, progress: at = progress, observe } = options;
      const batch = batchOf("compute the objective", input);
      if (training) progress = at;
      const run = { training, progress: at };
      return objective.ledger(
        startPass(built, shapes, batch, { seed: toSeed(seed), run, observe }),
      );
    },
    elbo: (input, options) => {
      requireOptions("compute the ELBO", options, OPTIONS.elbo);
      const { seed, samples = 1 } = options;
      requirePositiveInteger("compute the ELBO", "samples", samples);
      const batch = batchOf("compute the ELBO", input);
      return tidyRecord(() => {
        const pass = startPass(built, shapes, batch, { seed: toSeed(seed), run: atRest() });
        return elboLedger(pass, plainKl(objective.divergence), samples);
      });
    },
    encode: (input) => encode("encode", input).q,
    decode: (latents, options = {}) => {
      requireOptions("decode", options, OPTIONS.decode);
      requireAlive("decode", model);
      requireRows("decode", "latents", latents, latent);
      requireCondition("decode", options.condition, latents.shape[0]!, condition);
      requireOffset("decode", options.offset, latents.shape[0]!);
      return decode(built, latents, contextOf(options, atRest()));
    },
    reconstruct: (input, options = {}) => {
      requireOptions("reconstruct", options, OPTIONS.reconstruct);
      const { seed } = options;
      return tf.tidy(() => {
        const { q, context } = encode("reconstruct", input);
        const latents = seed === undefined
          ? meanOf("reconstruct without a seed", q, "posterior")
          : tf.squeeze(q.draw(toSeed(seed)).value, [0]);
        const p = decode(built, latents, context);
        return (predictionOf(p) ?? meanOf("reconstruct", p, "likelihood")).clone();
      });
    },
    sample: (n, options) => {
      requireOptions("sample", options, OPTIONS.sample);
      const { seed, mean = false, ...given } = options;
      requireAlive("sample", model);
      requirePositiveInteger("sample", "n", n);
      requireCondition("sample", given.condition, n, condition);
      requireOffset("sample", given.offset, n);
      return tf.tidy(() => {
        const context = contextOf(given, atRest());
        const noise = toSeed(seed);
        const p = built.prior({ ...context, offset: undefined });
        const drawn = p.draw(noise.split("latents"), n / p.batch).value;
        const x = decode(built, tf.reshape(drawn, [n, ...latent]), context);
        if (mean) return meanOf("sample the mean", x, "likelihood").clone();
        return tf.squeeze(x.draw(noise.split("data")).value, [0]);
      });
    },
    logLikelihood: (input, options) => {
      requireOptions("estimate log p(x)", options, OPTIONS.logLikelihood);
      const { seed, samples } = options;
      requirePositiveInteger("estimate log p(x)", "samples", samples);
      const batch = batchOf("estimate log p(x)", input);
      return tidyRecord(() => {
        const start = () => startPass(built, shapes, batch, { seed: toSeed(seed), run: atRest() });
        return importanceWeighted(start, batch.x.shape[0]!, samples);
      });
    },
    impute: (input, options) => {
      requireOptions("impute", options, OPTIONS.impute);
      const { seed, samples, draws } = options;
      requirePositiveInteger("impute", "samples", samples);
      if (draws !== undefined) requirePositiveInteger("impute", "draws", draws);
      const batch = batchOf("impute", input), { categories } = likelihood;
      return tf.tidy(() => {
        const start = () => startPass(built, shapes, batch, { seed: toSeed(seed), run: atRest() });
        return impute(start, { batch, shapes, categories, samples, draws });
      });
    },
    get progress() {
      return progress;
    },
    get disposed() {
      return disposed;
    },
    dispose: () => {
      if (disposed) return;
      disposed = true;
      for (const variable of parameters.variables.values()) variable.dispose();
    },
  };
  return model;
}
