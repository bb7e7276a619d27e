/**
 * p(z) is itself a variational autoencoder, for a second layer of latents u:
 * p(z) = ∫ p(z|u) p(u) du.
 *
 * The integral has no closed form. What stands for log p(z) is the estimate
 * log 1/S Σ p(z|uₛ) p(uₛ) / q(uₛ|z) with uₛ ~ q(u|z), which is the ELBO of the inner model for
 * S = 1 and its importance-weighted bound for more: below log p(z) in expectation, so that the ELBO
 * of the whole model stays a lower bound. Its exponential is right on average, so that
 * `logLikelihood` of the whole model goes to the true log p(x) as its own samples grow in number.
 *
 * Two layers of latents are those of Rezende, Mohamed and Wierstra, "Stochastic backpropagation and
 * approximate inference in deep generative models", arXiv:1401.4082; importance weights those of
 * Burda, Grosse and Salakhutdinov, "Importance weighted autoencoders", arXiv:1509.00519, eq. 8.
 *
 * @module
 */
import type { Context } from "../../core/context.ts";
import { tf } from "../../core/deps.ts";
import type { Distribution, Reparameterized } from "../../core/distribution.ts";
import { requirePositiveInteger, wrongType } from "../../core/errors.ts";
import { requirePlugins } from "../../core/input.ts";
import type { Parts } from "../../core/model.ts";
import { inShape } from "../../core/operations/in_shape.ts";
import { repeatRows } from "../../core/operations/repeat_rows.ts";
import { type BuiltParts, decode, startPass } from "../../core/pass.ts";
import type { Prior } from "../../core/prior.ts";
import type { Seed } from "../../core/random.ts";
import type { ModelShapes } from "../../core/scope.ts";
import { accepts } from "../../core/support.ts";
import type { Heads, Tensor } from "../../core/types.ts";

/** What {@linkcode modelPrior} is made of: the parts of the inner model. */
export interface ModelPriorOptions<
  HQ extends Heads,
  Q extends Reparameterized,
  P extends Distribution,
  HL extends Heads,
  X extends Distribution,
> extends
  Pick<
    Parts<HQ, Q, P, HL, "real", X>,
    "latent" | "encoder" | "decoder" | "posterior" | "prior" | "likelihood"
  > {
  /**
   * S, the number of inner samples that log p(z) is estimated from.
   * @default 1
   */
  readonly samples?: number;
}

/** What a model says of its data without their latents: p(z) = ∫ p(z|u) p(u) du. */
export interface Marginal extends Distribution<"marginal"> {
  /** It is a density on real numbers. */
  readonly domain: "real";
  /** Its density is estimated, from below in expectation. */
  readonly estimated: true;
}

/** The parts of the inner model, what they were built for, and S. */
interface Inner<
  HQ extends Heads,
  Q extends Distribution,
  P extends Distribution,
  HL extends Heads,
  X extends Distribution,
> {
  readonly parts: Omit<BuiltParts<HQ, Q, P, HL, X>, "objective">;
  readonly shapes: ModelShapes;
  readonly samples: number;
}

/** The marginal of an inner model, where it is asked for B conditions or none. */
function marginal<
  HQ extends Heads,
  Q extends Distribution,
  P extends Distribution,
  HL extends Heads,
  X extends Distribution,
>({ parts, shapes, samples }: Inner<HQ, Q, P, HL, X>, given: Context): Marginal {
  const { data: event, latent } = shapes, { training, progress, condition } = given;
  const batch = condition?.shape[0] ?? 1;
  const contextFor = (rows: number): Context => {
    return { training, progress, condition: condition && repeatRows(condition, rows / batch) };
  };
  const first = parts.prior(contextFor(batch));

  function estimate(value: Tensor, seed: Seed | undefined): Tensor {
    if (seed === undefined) {
      const action = "estimate the density of prior 'modelPrior'";
      throw wrongType(action, "there must be a seed", "missing");
    }
    const [draws, given] = value.shape as [number, number], rows = Math.max(given, batch);
    const wide = given === rows ? value : tf.tile(value, [1, rows, ...event.map(() => 1)]);
    const folded = inShape(wide, [draws * rows, ...event]), context = contextFor(draws * rows);
    const pass = startPass(parts, shapes, { x: folded, condition: context.condition }, {
      seed,
      run: context,
    });
    const { value: u, logProb } = pass.posterior.draw(seed.split("latents"), samples);
    const joint = tf.add(pass.logLikelihood(u), pass.prior.logProb(u, seed.split("prior")));
    const logWeights = tf.sub(joint, logProb());
    const nats = samples === 1
      ? logWeights
      : tf.sub(tf.logSumExp(logWeights, 0), Math.log(samples));
    return inShape(nats, [draws, rows]);
  }

  return {
    family: "marginal",
    domain: "real",
    estimated: true,
    get reparameterized() {
      const { reparameterized } = decode(parts, tf.zeros([batch, ...latent]), contextFor(batch));
      return first.reparameterized && reparameterized;
    },
    batch,
    event,
    draw: (seed, draws = 1) => {
      const rows = draws * batch;
      const u = first.draw(seed.split("latents"), rows / first.batch).value;
      const p = decode(parts, inShape(u, [rows, ...latent]), contextFor(rows));
      const value = inShape(p.draw(seed.split("values")).value, [draws, batch, ...event]);
      return { value, logProb: () => estimate(value, seed.split("density")) };
    },
    logProb: estimate,
  };
}

/**
 * A prior that is itself a variational autoencoder, so that the whole has one more layer of latents:
 * x ← z ← u. Its parts are those of a model; its data are the latents of the outer one. It may stand
 * inside of itself, for more layers. A condition reaches the inner networks too.
 *
 * Its density is estimated, from below in expectation and from inner draws that want a seed. So the
 * KL falls to Monte Carlo, is too large on average rather than too small, and its row in the ledger
 * says "biased"; what training makes as large as it can is a lower bound on log p(x) all the same.
 *
 * @param options The parts of the inner model, and the number of inner samples.
 * @throws {RangeError} If the number of samples or of inner latents is not a positive integer.
 * @throws {TypeError} If a part is no plugin of its kind, the likelihood is not for real numbers, or
 * the density is asked for without a seed.
 *
 * @example
 * ```ts
 * import { divergences, likelihoods, networks, posteriors, priors, vae } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = vae({
 *   data: [6],
 *   latent: 4,
 *   encoder: networks.mlp({ hidden: [8] }),
 *   decoder: networks.mlp({ hidden: [8] }),
 *   posterior: posteriors.diagonalNormal(),
 *   prior: priors.modelPrior({
 *     latent: 2,
 *     encoder: networks.mlp({ hidden: [8] }),
 *     decoder: networks.mlp({ hidden: [8] }),
 *     posterior: posteriors.diagonalNormal(),
 *     prior: priors.standardNormal(),
 *     likelihood: likelihoods.normal({ scale: "perOutput" }),
 *   }),
 *   likelihood: likelihoods.bernoulli(),
 *   divergence: divergences.kl(),
 * });
 * assert.deepEqual(model.parameters.get("prior/encoder/hidden0/kernel")!.shape, [4, 8]);
 * const pictures = model.sample(3, { seed: 1 }); // x ← z ← u
 * assert.deepEqual(pictures.shape, [3, 6]);
 * pictures.dispose();
 * model.dispose();
 * ```
 */
export function modelPrior<
  HQ extends Heads,
  Q extends Reparameterized,
  P extends Distribution,
  HL extends Heads,
  X extends Distribution,
>(options: ModelPriorOptions<HQ, Q, P, HL, X>): Prior<Marginal> {
  const { latent, encoder, decoder, posterior, prior, likelihood, samples = 1 } = options;
  requirePositiveInteger("build prior", "samples", samples);
  const inner = typeof latent === "number" ? [latent] : latent;
  if (!Array.isArray(inner)) {
    throw wrongType("build prior", "'latent' must be a number or a list of sizes", latent);
  }
  for (const axis of inner) requirePositiveInteger("build prior", "latent", axis);
  const plugins = { encoder, decoder, posterior, prior, likelihood };
  requirePlugins(plugins);
  const { support } = likelihood;
  if (!accepts(support, "real")) {
    throw wrongType("build prior", "'likelihood' must be for data on 'real'", support);
  }
  return {
    kind: "prior",
    name: "modelPrior",
    options: { latent, ...plugins, samples },
    build: (scope) => {
      const data = scope.latent;
      const shapes = { data, latent: inner, condition: scope.condition, support };
      const part = (name: keyof typeof plugins) => scope.child(name, shapes);
      const heads = { posterior: posterior.heads(inner), likelihood: likelihood.heads(data) };
      const encode = encoder.build(part("encoder"), { input: data, heads: heads.posterior });
      const approximate = posterior.build(part("posterior"));
      const infer = (z: Tensor, context: Context): Q => approximate(encode(z, context), context);
      const parts = {
        encoder: encode,
        posterior: approximate,
        detachedPosterior: approximate, // No objective asks for it here.
        prior: prior.build({ ...part("prior"), infer }),
        decoder: decoder.build(part("decoder"), { input: inner, heads: heads.likelihood }),
        likelihood: likelihood.build(part("likelihood")),
      };
      return (context) => marginal({ parts, shapes, samples }, context);
    },
  };
}
