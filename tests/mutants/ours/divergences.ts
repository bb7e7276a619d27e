/**
 * Elbo's divergences, each with a bug.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import { type Distribution, sumOverEvent } from "../../../core/distribution.ts";
import type { ClosedForm, Divergence, Estimate } from "../../../core/divergence.ts";
import type { Term } from "../../../core/ledger.ts";
import { stopGradient } from "../../../core/operations/stop_gradient.ts";
import type { Tensor } from "../../../core/types.ts";
import type * as d from "../../../plugins/distributions/mod.ts";
import * as divergences from "../../../plugins/divergences/mod.ts";
import { linear } from "../../../plugins/schedules/linear.ts";
import type { Suite } from "../mutant.ts";
import { type Bugs, mapBugs, suiteOf } from "./suites.ts";

const { closedFormKl, freeBits, kl, mmd, totalCorrelation } = divergences;

/** The mutants of a divergence, by what they say of its rows. */
function rowSuite<Q extends Distribution, P extends Distribution>(
  name: string,
  divergence: Divergence<Q, P>,
  bugs: Bugs<(row: Term, given: Estimate<Q, P>) => Partial<Term>>,
): Suite {
  return suiteOf(
    name,
    mapBugs(bugs, (change): Divergence<Q, P> => ({
      ...divergence,
      estimate: (given) => {
        const [first, ...rest] = divergence.estimate(given);
        const changed = (row: Term): Term => ({ ...row, ...change(row, given) });
        return [changed(first), ...rest.map(changed)];
      },
    })),
  );
}

/** The mutants of a closed form, by other nats of it. */
function formSuite<Q extends Distribution, P extends Distribution>(
  form: ClosedForm<Q, P>,
  bugs: Bugs<(sound: Tensor, q: Q, p: P) => Tensor>,
): Suite {
  const mutants = mapBugs(bugs, (natsOf) =>
    closedFormKl({
      closedForm: {
        ...form,
        evaluate: (q: Q, p: P) => ({ nats: natsOf(form.evaluate(q, p).nats, q, p) }),
        attempt: (q: Distribution, p: Distribution) => {
          const found = form.attempt(q, p);
          return found && { nats: natsOf(found.nats, q as Q, p as P) };
        },
      },
    }));
  return suiteOf(`divergences.closedFormKl, ${form.name}`, mutants);
}

/** A row that contributes the negative of something. */
const costing = (nats: Tensor): Partial<Term> => ({ contribution: tf.neg(nats) });

/** C of the capacity that is held to the laws. */
const growth = linear({ from: 0, to: 5, steps: 1000 });

/** KLₖ `[B, …K]`, which a closed form of normals knows. */
const factorsOf = ({ factors }: Term): Tensor => factors!;

const closedForms: readonly Suite[] = [
  formSuite(divergences.laplaceLaplace, {
    "KL(p ‖ q) for KL(q ‖ p)": (_, q, p) => divergences.laplaceLaplace.evaluate(p, q).nats,
    "log (c/b) has the wrong sign": (nats, q, p) =>
      tf.add(nats, sumOverEvent(tf.mul(tf.log(tf.div(q.scale, p.scale)), 2), q.event)),
    "the − 1 is forgotten": (nats, q) => tf.add(nats, q.event.reduce((a, b) => a * b, 1)),
    "the scales are those of standard deviations": (_, q, p) =>
      divergences.normalNormal.evaluate(
        { ...q, mean: q.location } as unknown as d.Normal,
        { ...p, mean: p.location } as unknown as d.Normal,
      ).nats,
  }),
  formSuite(divergences.logisticNormalLogisticNormal, {
    "the Jacobian of the softmax is subtracted, though it cancels": (nats, q) =>
      tf.sub(nats, Math.log(q.event[0]!) / 2),
    "the location is forgotten": (_, q, p) => {
      const mean = p.base.mean, { scale } = q.base;
      return divergences.normalNormal.evaluate({ ...q.base, mean, scale }, p.base).nats;
    },
  }),
  formSuite(divergences.multivariateNormalStandardNormal, {
    "Σ log Lᵢᵢ counts half": (nats, q) => tf.add(nats, tf.mul(tf.sum(tf.log(q.diagonal), 1), 0.5)),
    "the trace of L for that of L·Lᵀ": (nats, q) => {
      const trace = tf.sum(q.diagonal, 1), square = sumOverEvent(q.variance, q.event);
      return tf.add(nats, tf.mul(tf.sub(trace, square), 0.5));
    },
    "what is below the diagonal is left out": (nats, q) => {
      const diagonal = tf.sum(tf.square(q.diagonal), 1), all = sumOverEvent(q.variance, q.event);
      return tf.add(nats, tf.mul(tf.sub(diagonal, all), 0.5));
    },
  }),
  formSuite(divergences.lowRankNormalStandardNormal, {
    "|Σ| without its factors": (nats, q) => {
      const logScales = sumOverEvent(tf.log(q.scale), q.event);
      return tf.add(nats, tf.sub(tf.mul(q.logDeterminant, 0.5), logScales));
    },
    "the factors are left out of the trace": (nats, q) => {
      const more = tf.sub(q.variance, tf.square(q.scale));
      return tf.sub(nats, tf.mul(sumOverEvent(more, q.event), 0.5));
    },
  }),
  formSuite(divergences.categoricalCategorical, {
    "KL(p ‖ q) for KL(q ‖ p)": (_, q, p) => divergences.categoricalCategorical.evaluate(p, q).nats,
    "logits for log-probabilities": (_, q, p) =>
      sumOverEvent(tf.mul(q.probabilities, tf.sub(q.logits, p.logits)), q.event),
    "the entropy has the wrong sign": (nats, q) =>
      tf.sub(
        nats,
        tf.mul(sumOverEvent(tf.mul(q.probabilities, tf.logSoftmax(q.logits)), q.event), 2),
      ),
  }),
  formSuite(divergences.powerSphericalUniformSphere, {
    "the entropy has the wrong sign": (nats) => tf.neg(nats),
    "the area of the sphere in one dimension more": (nats) => tf.add(nats, Math.log(2 / Math.PI)),
  }),
];

/** Elbo's divergences, each with a bug. */
export const ourDivergences: readonly Suite[] = [
  ...closedForms,
  rowSuite(
    "divergences.capacity",
    divergences.capacity({ nats: growth, gamma: 3 }),
    {
      "KL − C without its absolute value": ({ nats }, { context: { progress } }) =>
        costing(tf.mul(tf.sub(nats, growth.at(progress)), 3)),
      "|KL| − C": ({ nats }, { context: { progress } }) =>
        costing(tf.mul(tf.sub(tf.abs(nats), growth.at(progress)), 3)),
      "C stays where it starts": ({ nats }) => costing(tf.mul(tf.abs(nats), 3)),
      "C follows the epochs": ({ nats }, { context: { progress } }) => {
        const target = growth.at({ ...progress, step: progress.epoch });
        return costing(tf.mul(tf.abs(tf.sub(nats, target)), 3));
      },
      "γ is forgotten": ({ contribution }) => ({ contribution: tf.div(contribution, 3) }),
      "no gradient through the absolute value": ({ contribution }) => ({
        contribution: stopGradient(contribution),
      }),
    },
  ),
  rowSuite("divergences.freeBits", freeBits({ nats: 0.5 }), {
    "min for max": (row) => costing(tf.sum(tf.minimum(tf.mean(factorsOf(row), 0), 0.5))),
    "of the sum, not of each latent": (row) =>
      costing(tf.maximum(tf.mean(row.nats), 0.5 * factorsOf(row).shape[1]!)),
    "of every datum, not of the average of the batch": (row) =>
      costing(tf.sum(tf.maximum(factorsOf(row), 0.5), -1)),
    "of the average over the latents": (row) =>
      costing(tf.sum(tf.maximum(tf.mean(factorsOf(row), 1), 0.5))),
    "no gradient above λ": (row) => ({ contribution: stopGradient(row.contribution) }),
    "the raw nats are what is contributed": (row) => ({
      nats: tf.mul(tf.onesLike(row.nats), tf.neg(row.contribution)),
    }),
  }),
  rowSuite("divergences.freeBits, per datum", freeBits({ nats: 2, per: "datum" }), {
    "of the batch, not of each datum": ({ nats }) =>
      costing(tf.mul(tf.onesLike(nats), tf.maximum(tf.mean(nats), 2))),
    "λ is subtracted too": ({ contribution }) => ({ contribution: tf.add(contribution, 2) }),
  }),
  rowSuite("divergences.categoricalKl", divergences.categoricalKl(), {
    "the cross-entropy alone": (_, { posterior: q, prior: p }) => {
      const logs = tf.neg(tf.logSoftmax(p.logits));
      const nats = sumOverEvent(tf.mul(q.probabilities, logs), q.event);
      return { nats, ...costing(nats) };
    },
    "log C is forgotten, and the entropy alone is left": (_, { posterior: q }) => {
      const nats = sumOverEvent(tf.mul(q.probabilities, tf.logSoftmax(q.logits)), q.event);
      return { nats, ...costing(nats) };
    },
  }),
  rowSuite("divergences.mmd", mmd(), {
    "no gradient passes": ({ contribution }) => ({ contribution: stopGradient(contribution) }),
  }),
  rowSuite(
    "divergences.mmd, InfoVAE",
    mmd({ weight: 10, divergence: divergences.betaKl({ beta: 0.5 }) }),
    {
      "λ weighs the KL too": (row) =>
        row.name === "squared MMD" ? {} : { contribution: tf.mul(row.contribution, 10) },
      "the weight is forgotten": (row) =>
        row.name === "squared MMD" ? { contribution: tf.neg(row.nats) } : {},
    },
  ),
  rowSuite(
    "divergences.totalCorrelation, weighted",
    totalCorrelation({
      alpha: 0,
      beta: 6,
      gamma: linear({ from: 0, to: 1, steps: 1000 }),
      sampling: "stratified",
    }),
    {
      "β weighs the mutual information": (row) =>
        row.name === "index-code mutual information" ? costing(tf.mul(row.nats, 6)) : {},
      "the total correlation has the wrong sign": (row) =>
        row.name === "total correlation" ? { nats: tf.neg(row.nats) } : {},
      "γ stays where it starts": (row) =>
        row.name === "dimension-wise KL" ? { contribution: tf.mul(row.nats, 0), weight: 0 } : {},
    },
  ),
  rowSuite("divergences.totalCorrelation", totalCorrelation({ beta: 1 }), {
    "log q(z) is that of q(z|x): the total correlation counts twice": (row, { draw, prior }) =>
      row.name === "index-code mutual information"
        ? { nats: tf.mean(tf.sub(draw.logProb(), prior.logProb(draw.value)), 0) }
        : {},
    "log of the weights is left out of log Πq(zₖ)": (row, { draw: { value } }) => {
      const [, batch] = value.shape as [number, number];
      const more = 2 * Math.log(batch) * value.shape.slice(2).reduce((a, b) => a * b, 1);
      return row.name === "total correlation" ? { nats: tf.sub(row.nats, more) } : {};
    },
    "no gradient reaches q(z|x)": (row) => ({ contribution: stopGradient(row.contribution) }),
  }),
  rowSuite("divergences.kl, sampled", kl({ closedForms: [] }), {
    "½ (log q − log p)², which is not unbiased": (_, { draw, prior }) => {
      const ratio = tf.sub(draw.logProb(), prior.logProb(draw.value));
      const nats = tf.mul(tf.mean(tf.square(ratio), 0), 0.5);
      return { nats, ...costing(nats) };
    },
    "the sum over the samples for their mean": ({ nats, samples }) => {
      const sum = tf.mul(nats, samples);
      return { nats: sum, ...costing(sum) };
    },
  }),
  rowSuite("divergences.betaKl", divergences.betaKl({ beta: 4 }), {
    "β is in the nats too": ({ nats }) => ({ nats: tf.mul(nats, 4) }),
    "β is applied twice": ({ contribution }) => ({ contribution: tf.mul(contribution, 4) }),
  }),
];
