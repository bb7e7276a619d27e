/**
 * Wrong objectives.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Draw } from "../../core/distribution.ts";
import type { Divergence } from "../../core/divergence.ts";
import { type Ledger, ledgerOf, type Term } from "../../core/ledger.ts";
import type { Objective, Pass } from "../../core/objective.ts";
import { stopGradient } from "../../core/operations/stop_gradient.ts";
import { type Seed, seed } from "../../core/random.ts";
import type { Tensor } from "../../core/types.ts";
import { type Normal, normal } from "../../plugins/distributions/normal.ts";
import type { StandardNormal } from "../../plugins/distributions/standard_normal.ts";
import { kl } from "../../plugins/divergences/kl.ts";
import { objectiveLaws } from "../laws/mod.ts";
import type { Mutant, Suite } from "./mutant.ts";

type NormalPass = Pass<Normal, StandardNormal>;
type NormalObjective = Objective<Normal, StandardNormal>;

/** What the ELBO is made of. */
interface ElboPieces {
  /** Where the draws come from. */
  readonly seed: (given: Seed) => Seed;
  /** What is drawn. */
  readonly draw: (pass: NormalPass, seed: Seed) => Draw;
  /** E_q[log p(x|z)], out of log-likelihoods `[S, B]`. */
  readonly reconstruction: (logLikelihood: Tensor, pass: NormalPass) => Tensor;
  /** What is said of the row of the reconstruction in other words. */
  readonly row: (nats: Tensor) => Partial<Term>;
  /** The row of the divergence, in other words. */
  readonly divergence: (sound: Term, pass: NormalPass) => Partial<Term>;
  /** The bound. */
  readonly bound: (reconstruction: Tensor, divergence: Tensor) => Tensor;
  /** What is said of the ledger in other words. */
  readonly spoil: (sound: Ledger, pass: NormalPass, draw: Draw) => Partial<Ledger>;
}

const SAMPLES = 4;

/** E_q[log p(x|z)] − KL(q ‖ p) with some pieces replaced. */
function elboWith(pieces: Partial<ElboPieces>): NormalObjective {
  const divergence = kl() as Divergence<Normal, StandardNormal>;
  return {
    kind: "objective",
    name: "elbo",
    options: {},
    divergence,
    ledger: (pass) => {
      const { posterior, prior, context } = pass,
        noise = (pieces.seed ?? ((same) => same))(pass.seed);
      const draw = pieces.draw?.(pass, noise) ?? posterior.draw(noise.split("latents"), SAMPLES);
      const logLikelihood = pass.logLikelihood(draw.value);
      const nats = pieces.reconstruction?.(logLikelihood, pass) ?? tf.mean(logLikelihood, 0);
      const reconstruction: Term = {
        name: "reconstruction",
        nats,
        contribution: nats,
        weight: 1,
        estimator: "Monte Carlo",
        samples: logLikelihood.shape[0]!,
        ...pieces.row?.(nats),
      };
      const seed = noise.split("divergence");
      const [row] = divergence.estimate({ posterior, prior, draw, seed, context });
      const terms = [reconstruction, { ...row, ...pieces.divergence?.(row, pass) }];
      const bound = pieces.bound?.(nats, row.nats) ?? tf.sub(nats, row.nats);
      const sound = ledgerOf(terms, { name: "ELBO", nats: bound });
      return { ...sound, ...pieces.spoil?.(sound, pass, draw) };
    },
  };
}

const elbo = (bug: string, pieces: Partial<ElboPieces>): Mutant => ({
  bug: `ELBO: ${bug}`,
  laws: () => objectiveLaws(elboWith(pieces)),
});

const detached = ({ mean, scale }: Normal): Normal =>
  normal({ mean: stopGradient(mean), scale: stopGradient(scale) });

let calls = 0;

const elboMutants: readonly Mutant[] = [
  elbo("the reconstruction is averaged over the data axes", {
    reconstruction: (logLikelihood, { batch }) =>
      tf.div(tf.mean(logLikelihood, 0), batch.x.shape[1]!),
  }),
  elbo("the reconstruction is summed over the samples", {
    reconstruction: (logLikelihood) => tf.sum(logLikelihood, 0),
  }),
  elbo("the reconstruction is divided by the number of samples twice", {
    reconstruction: (logLikelihood) => tf.div(tf.mean(logLikelihood, 0), SAMPLES),
  }),
  elbo("the reconstruction is log-mean-exp over the samples", {
    reconstruction: (logLikelihood) => tf.sub(tf.logSumExp(logLikelihood, 0), Math.log(SAMPLES)),
  }),
  elbo("the reconstruction is averaged over the batch too", {
    reconstruction: (logLikelihood) =>
      tf.broadcastTo(tf.mean(logLikelihood), [logLikelihood.shape[1]!]),
  }),
  elbo("the reconstruction is that of the mean of q, not of draws", {
    draw: ({ posterior }, noise) => {
      const { value, logProb } = posterior.draw(noise.split("latents"), SAMPLES);
      return {
        value: tf.add(tf.mul(value, 0), tf.expandDims(posterior.mean, 0)),
        logProb,
      };
    },
  }),
  elbo("latents are drawn from the prior", {
    draw: ({ prior }, noise) => {
      const z = prior.draw(noise.split("latents"), 2 * SAMPLES);
      return { ...z, value: tf.reshape(z.value, [SAMPLES, 2, 2]) };
    },
  }),
  elbo("the seed is ignored", { seed: () => seed(0) }),
  elbo("the seed is a counter", { seed: (given) => given.split(`${calls++}`) }),
  elbo("no gradient passes through the draws", {
    draw: ({ posterior }, noise) => detached(posterior).draw(noise.split("latents"), SAMPLES),
    spoil: (sound) => ({ surrogate: sound.objective, objective: sound.objective }),
  }),
  elbo("the divergence is added, not subtracted", {
    divergence: ({ nats }) => ({ contribution: nats }),
    bound: (reconstruction, divergence) => tf.add(reconstruction, divergence),
  }),
  elbo("the divergence is added to the bound alone", {
    bound: (reconstruction, divergence) => tf.add(reconstruction, divergence),
  }),
  elbo("the bound is the reconstruction alone", { bound: (reconstruction) => reconstruction }),
  elbo("the bound has β = 4 inside", {
    bound: (reconstruction, divergence) => tf.sub(reconstruction, tf.mul(divergence, 4)),
  }),
  elbo("the bound has β = 4 inside, as the objective has", {
    divergence: ({ nats }) => ({ contribution: tf.mul(nats, -4), weight: 4 }),
    bound: (reconstruction, divergence) => tf.sub(reconstruction, tf.mul(divergence, 4)),
  }),
  elbo("the bound has β = ½ inside, as the objective has", {
    divergence: ({ nats }) => ({ contribution: tf.mul(nats, -0.5), weight: 0.5 }),
    bound: (reconstruction, divergence) => tf.sub(reconstruction, tf.mul(divergence, 0.5)),
  }),
  elbo("weights of 1, but β inside", {
    divergence: ({ nats }) => ({ contribution: tf.mul(nats, -4) }),
  }),
  elbo("the divergence is divided by the number of data in the batch", {
    divergence: ({ nats }, { batch }) => ({
      nats: tf.div(nats, batch.x.shape[0]!),
      contribution: tf.div(nats, -batch.x.shape[0]!),
    }),
    bound: (reconstruction, divergence) => tf.sub(reconstruction, tf.div(divergence, 2)),
  }),
  elbo("the bound is averaged over the batch: one number", {
    spoil: ({ bound }) => ({ bound: { name: "ELBO", nats: tf.mean(bound!.nats) } }),
  }),
  elbo("the rows do not add up: the objective is summed over the batch", {
    spoil: ({ objective }, { batch }) => ({ objective: tf.mul(objective, batch.x.shape[0]!) }),
  }),
  elbo("the objective has the sign of a loss", {
    spoil: ({ objective }) => ({ objective: tf.neg(objective) }),
  }),
  elbo("one objective for every datum", {
    spoil: ({ bound }) => ({ objective: bound!.nats }),
  }),
  elbo("the contribution of the reconstruction has the sign of a loss", {
    row: (nats) => ({ contribution: tf.neg(nats) }),
  }),
  elbo("the reconstruction says that it is a closed form", {
    row: () => ({ estimator: "closed form" }),
  }),
  elbo("the rows have one name", { row: () => ({ name: "divergence" }) }),
  elbo("its gradient does not reach q in the divergence", {
    spoil: ({ terms, bound }) => {
      const [first, second] = terms as [Term, Term];
      const rest = { ...second, contribution: stopGradient(second.contribution) };
      return ledgerOf([first, rest], bound);
    },
  }),
  elbo("a tensor is kept for ever", {
    reconstruction: (logLikelihood) => tf.keep(tf.mean(logLikelihood, 0)),
  }),
  elbo("NaN where the reconstruction is poor: the log of exp", {
    reconstruction: (logLikelihood) => tf.log(tf.exp(tf.mul(tf.mean(logLikelihood, 0), 40))),
  }),
];

/** log p(x|z) + log p(z) − log q(z|x), with some density of q. */
const logWeights = (pass: NormalPass, z: Tensor, q: Normal): Tensor =>
  tf.add(pass.logLikelihood(z), tf.sub(pass.prior.logProb(z), q.logProb(z)));

/**
 * The ELBO with a surrogate: log q(z|x) does not pass its own gradient on. Roeder, Wu and Duvenaud,
 * "Sticking the landing", arXiv:1703.09194, §3.
 */
const withSurrogate = (
  surrogate: (pass: NormalPass, z: Tensor) => Tensor,
): NormalObjective =>
  elboWith({
    spoil: (_, pass, draw) => ({ surrogate: tf.mean(surrogate(pass, draw.value)) }),
  });

const surrogates = (bug: string, surrogate: (pass: NormalPass, z: Tensor) => Tensor): Mutant => ({
  bug: `surrogate: ${bug}`,
  laws: () => objectiveLaws(withSurrogate(surrogate)),
});

const landing = (pass: NormalPass, z: Tensor): Tensor =>
  logWeights(pass, z, pass.detachedPosterior());

const surrogateMutants: readonly Mutant[] = [
  surrogates("no gradient passes through the draws", (pass, z) => landing(pass, stopGradient(z))),
  surrogates(
    "a stop-gradient on the latents of the reconstruction",
    (pass, z) =>
      tf.add(
        pass.logLikelihood(stopGradient(z)),
        tf.sub(pass.prior.logProb(z), pass.detachedPosterior().logProb(z)),
      ),
  ),
  surrogates("the sign of a loss", (pass, z) => tf.neg(landing(pass, z))),
  surrogates("log q is added", (pass, z) =>
    tf.add(
      tf.add(pass.logLikelihood(z), pass.prior.logProb(z)),
      pass.detachedPosterior().logProb(z),
    )),
  surrogates(
    "the prior is left out",
    (pass, z) => tf.sub(pass.logLikelihood(z), pass.detachedPosterior().logProb(z)),
  ),
  surrogates("the sum over the samples for their mean", (pass, z) => tf.sum(landing(pass, z), 0)),
  surrogates("it is detached from everything", (pass, z) => stopGradient(landing(pass, z))),
  surrogates("β = 2 inside", (pass, z) =>
    tf.add(
      landing(pass, z),
      tf.sub(pass.prior.logProb(z), pass.detachedPosterior().logProb(z)),
    )),
];

/** Wrong objectives. */
export const objectives: Suite = {
  name: "objectives",
  sound: [
    { name: "ELBO", laws: () => objectiveLaws(elboWith({})) },
    { name: "ELBO with a surrogate", laws: () => objectiveLaws(withSurrogate(landing)) },
  ],
  mutants: [...elboMutants, ...surrogateMutants],
};
