/**
 * The evidence lower bound, which is what a VAE is.
 *
 * ELBO = E_q[log p(x|z)] − D(q(z|x) ‖ p(z)).
 * Kingma and Welling, "Auto-encoding variational Bayes", arXiv:1312.6114, eq. 3 and 7.
 *
 * @module
 */
import { tf } from "./deps.ts";
import type { Distribution } from "./distribution.ts";
import { type Divergence, monteCarloKl } from "./divergence.ts";
import { type Ledger, ledgerOf, type Term } from "./ledger.ts";
import { inShape } from "./operations/in_shape.ts";
import type { Objective, Pass } from "./objective.ts";
import type { Tensor } from "./types.ts";

/** The row E_q[log p(x|z)] from log p(x|z) of some draws `[S, B]`. */
function reconstructionTerm(logLikelihood: Tensor): Term {
  const [samples, size] = logLikelihood.shape as [number, number];
  const nats = samples === 1 ? inShape(logLikelihood, [size]) : tf.mean(logLikelihood, 0);
  return {
    name: "reconstruction",
    nats,
    contribution: nats,
    weight: 1,
    estimator: "Monte Carlo",
    samples,
  };
}

/**
 * ELBO = E_q[log p(x|z)] − D(q(z|x) ‖ p(z)), term by term.
 *
 * The bound is the reconstruction minus the raw KL, whatever weight the divergence has in the objective.
 *
 * @param pass One batch on its way through the model.
 * @param divergence How far q(z|x) is from p(z).
 * @param samples S, the number of latent samples for each datum.
 */
export function elboLedger<Q extends Distribution, P extends Distribution>(
  pass: Pass<Q, P>,
  divergence: Divergence<Q, P>,
  samples: number,
): Ledger {
  const { posterior, prior, context, seed } = pass;
  const draw = posterior.draw(seed.split("latents"), samples);
  const reconstruction = reconstructionTerm(pass.logLikelihood(draw.value));
  const divergences = divergence.estimate({
    posterior,
    prior,
    draw,
    seed: seed.split("divergence"),
    context,
  });
  const terms = [reconstruction, ...divergences];
  if (!divergence.isKl) return ledgerOf(terms);
  const nats = divergences.reduce((sum, term) => tf.sub(sum, term.nats), reconstruction.nats);
  return ledgerOf(terms, { name: "ELBO", nats });
}

/**
 * KL(q ‖ p) with weight 1, whatever a model is trained on: the raw rows of its divergence where
 * these add up to the KL, and the mean of log q(z|x) − log p(z) over the draws otherwise.
 *
 * @param trained The divergence that the model is trained with, if there is one.
 */
export function plainKl<Q extends Distribution, P extends Distribution>(
  trained?: Divergence<Q, P>,
): Divergence<Q, P> {
  return {
    kind: "divergence",
    name: "plainKl",
    options: {},
    isKl: true,
    estimate: (given) => {
      if (!trained?.isKl) return [monteCarloKl(given)];
      const [first, ...rest] = trained.estimate(given);
      const plain = (term: Term): Term => ({ ...term, contribution: tf.neg(term.nats), weight: 1 });
      return [plain(first), ...rest.map(plain)];
    },
  };
}

/**
 * The ELBO as an objective: what a divergence stands for in a model, with one sample.
 *
 * @param divergence How far q(z|x) is from p(z).
 * @param samples S, the number of latent samples for each datum.
 */
export function elboObjective<Q extends Distribution, P extends Distribution>(
  divergence: Divergence<Q, P>,
  samples = 1,
): Objective<Q, P> {
  return {
    kind: "objective",
    name: "elbo",
    options: { divergence, samples },
    divergence,
    ledger: (pass) => elboLedger(pass, divergence, samples),
  };
}
