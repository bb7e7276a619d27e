/**
 * Composes the parts into a variational autoencoder, and nothing else.
 *
 * @module
 */
import { AT_REST, type Context } from "./context.ts";
import { tf } from "./deps.ts";
import { type Distribution, hasMean, type Reparameterized } from "./distribution.ts";
import type { Divergence } from "./divergence.ts";
import { elboLedger, plainKl } from "./elbo.ts";
import { outOfRange, requireAlive, requirePositiveInteger, wrongType } from "./errors.ts";
import { importanceWeighted } from "./log_likelihood.ts";
import type { Aim, Input, Parts, Spec, Vae } from "./model.ts";
import type { Objective } from "./objective.ts";
import { type BuiltParts, contextOf, decode, fillMissing, startPass } from "./pass.ts";
import { seed as toSeed } from "./random.ts";
import { type ModelShapes, openParameters } from "./scope.ts";
import { summarize } from "./summary.ts";
import type { Support } from "./support.ts";
import { tidyRecord } from "./tidy.ts";
import { type Batch, type Heads, sameShape, type Shape, type Tensor } from "./types.ts";
import { verify } from "./verify.ts";

function requireShapes(data: Shape, latent: number | Shape, condition?: Shape): Shape {
  const check = (name: string, shape: Shape) =>
    shape.forEach((axis) => requirePositiveInteger("compose model", name, axis));
  check("data", data);
  if (typeof latent !== "number" && !Array.isArray(latent)) {
    throw wrongType("compose model", "'latent' must be a number or a shape", latent);
  }
  const shape = typeof latent === "number" ? [latent] : (latent as Shape);
  check("latent", shape);
  if (condition !== undefined) check("condition", condition);
  return shape;
}

/**
 * Composes a variational autoencoder out of plugins.
 *
 * Every part is run once on a tiny batch, so that a part that does not fit is named right here.
 *
 * @param parts The shapes, the plugins, and either a divergence or an objective.
 * @returns The model, with freshly initialized parameters.
 * @throws {RangeError} If a shape is not made of positive integers.
 * @throws {TypeError} If a plugin answers something of the wrong shape.
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
  const { encoder, decoder, posterior, prior, likelihood, data, condition } = parts;
  const latent = requireShapes(data, parts.latent, condition);
  const shapes: ModelShapes = { data, latent, condition, support: likelihood.support };
  const objective = parts.objective ?? elboOf(parts.divergence);
  const parameters = openParameters(shapes, toSeed(parts.seed ?? 0).split("parameters"));
  const built = build();
  let disposed = false;

  function build(): BuiltParts<HQ, Q, P, HL, X> {
    const { scope, detachedScope } = parameters;
    try {
      const heads = { posterior: posterior.heads(latent), likelihood: likelihood.heads(data) };
      const encode = encoder.build(scope.child("encoder"), { input: data, heads: heads.posterior });
      const approximate = posterior.build(scope.child("posterior"));
      const infer = (x: Tensor, context: Context) => approximate(encode(x, context), context);
      let detached: typeof approximate | undefined;
      const built: BuiltParts<HQ, Q, P, HL, X> = {
        encoder: encode,
        posterior: approximate,
        detachedPosterior: (outputs, context) => {
          detached ??= posterior.build(detachedScope.child("posterior"));
          return detached(outputs, context);
        },
        prior: prior.build({ ...scope.child("prior"), infer }),
        decoder: decoder.build(scope.child("decoder"), { input: latent, heads: heads.likelihood }),
        likelihood: likelihood.build(scope.child("likelihood")),
        objective,
      };
      verify(
        built,
        { ...shapes, heads },
        { encoder, posterior, prior, decoder, likelihood, objective },
      );
      return built;
    } catch (error) {
      for (const variable of parameters.variables.values()) variable.dispose();
      throw error;
    }
  }

  /** The input as a batch whose shapes fit the model. */
  function batchOf(action: string, input: Input): Batch {
    requireAlive(action, model);
    const batch = "x" in input ? input : { x: input };
    const requireRows = (name: string, value: Tensor | undefined, row: Shape): void => {
      const expected = [batch.x.shape[0]!, ...row];
      if (value === undefined || sameShape(value.shape, expected)) return;
      const requirement = `'${name}' must have shape [${["B", ...row].join(", ")}]`;
      throw wrongType(action, requirement, value.shape);
    };
    if (batch.x.shape[0] === 0) {
      throw outOfRange(action, "'x' must have at least one row", 0);
    }
    requireRows("x", batch.x, data);
    requireRows("mask", batch.mask, data);
    requireRows("offset", batch.offset, []);
    requireCondition(action, batch.condition, batch.x.shape[0]!);
    return batch;
  }

  function requireCondition(action: string, value: Tensor | undefined, rows: number): void {
    if (
      condition === undefined
        ? value === undefined
        : value !== undefined && sameShape(value.shape, [rows, ...condition])
    ) {
      return;
    }
    const requirement = condition === undefined
      ? "a model without a condition must be given none"
      : `'condition' must have shape [${[rows, ...condition].join(", ")}]`;
    throw wrongType(action, requirement, value === undefined ? "missing" : value.shape);
  }

  function encode(action: string, input: Input): { q: Q; context: Context } {
    const batch = fillMissing(batchOf(action, input), shapes);
    const context = contextOf(batch);
    return { q: built.posterior(built.encoder(batch.x, context), context), context };
  }

  function meanOf(action: string, distribution: Distribution, part: string): Tensor {
    if (hasMean(distribution)) return distribution.mean;
    throw wrongType(action, `the ${part} must know its mean`, distribution.family);
  }

  const spec: Spec = {
    data,
    latent,
    condition,
    parts: {
      encoder,
      posterior,
      prior,
      decoder,
      likelihood,
      ...(parts.objective === undefined
        ? { divergence: parts.divergence }
        : { objective: parts.objective }),
    },
  };

  const model: Vae<S, Q, X> = {
    support: likelihood.support,
    spec,
    parameters: parameters.variables,
    summary: () => summarize(spec, likelihood.support, parameters.variables),
    ledger: (input, { seed, training = false, progress = AT_REST.progress, observe }) => {
      const batch = batchOf("compute the objective", input);
      const context = { training, progress };
      return objective.ledger(
        startPass(built, shapes, batch, { seed: toSeed(seed), context, observe }),
      );
    },
    elbo: (input, { seed, samples = 1 }) => {
      requirePositiveInteger("compute the ELBO", "samples", samples);
      const batch = batchOf("compute the ELBO", input);
      return tidyRecord(() => {
        const pass = startPass(built, shapes, batch, { seed: toSeed(seed) });
        return elboLedger(pass, plainKl(objective.divergence), samples);
      });
    },
    encode: (input) => encode("encode", input).q,
    decode: (latents, options = {}) => {
      requireAlive("decode", model);
      const rows = latents.shape[0] ?? 0;
      if (rows === 0 || !sameShape(latents.shape, [rows, ...latent])) {
        const requirement = `'latents' must have shape [${["B", ...latent].join(", ")}]`;
        throw wrongType("decode", requirement, latents.shape);
      }
      requireCondition("decode", options.condition, rows);
      return decode(built, latents, contextOf(options));
    },
    reconstruct: (input, { seed } = {}) =>
      tf.tidy(() => {
        const { q, context } = encode("reconstruct", input);
        const latents = seed === undefined
          ? meanOf("reconstruct without a seed", q, "posterior")
          : tf.squeeze(q.draw(toSeed(seed)).value, [0]);
        return meanOf("reconstruct", decode(built, latents, context), "likelihood").clone();
      }),
    sample: (n, { seed, condition, mean = false }) => {
      requireAlive("sample", model);
      requirePositiveInteger("sample", "n", n);
      requireCondition("sample", condition, n);
      return tf.tidy(() => {
        const context = contextOf({ condition });
        const p = built.prior(context);
        const drawn = p.draw(toSeed(seed).split("latents"), n / p.batch).value;
        const x = decode(built, tf.reshape(drawn, [n, ...latent]), context);
        if (mean) return meanOf("sample the mean", x, "likelihood").clone();
        return tf.squeeze(x.draw(toSeed(seed).split("data")).value, [0]);
      });
    },
    logLikelihood: (input, { seed, samples }) => {
      requirePositiveInteger("estimate log p(x)", "samples", samples);
      const batch = batchOf("estimate log p(x)", input);
      return tidyRecord(() => {
        const start = () => startPass(built, shapes, batch, { seed: toSeed(seed) });
        return importanceWeighted(start, batch.x.shape[0]!, samples);
      });
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

/** A divergence stands for the ELBO with it, from one sample. */
function elboOf<Q extends Distribution, P extends Distribution>(
  divergence: Divergence<Q, P>,
): Objective<Q, P> {
  return {
    kind: "objective",
    name: "elbo",
    options: { divergence },
    divergence,
    ledger: (pass) => elboLedger(pass, divergence, 1),
  };
}
