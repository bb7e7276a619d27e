/**
 * Plugins of third parties with one believable bug each.
 *
 * @module
 */
import {
  type Context,
  type Distribution,
  distributions,
  type Divergence,
  divergences,
  type Factorized,
  type Family,
  type Heads,
  type Ledger,
  ledgerOf,
  type Likelihood,
  normalNoise,
  type Objective,
  posteriors,
  priors,
  schedules,
  stopGradient,
  sumOverEvent,
  type Support,
  type Tensor,
  type Term,
  uniformNoise,
} from "../../mod.ts";
import { tf } from "../../core/tf.ts";
import {
  type Contributes,
  distributionLaws,
  divergenceLaws,
  likelihoodLaws,
  objectiveLaws,
  posteriorLaws,
  priorLaws,
} from "../laws/mod.ts";
import type { Mutant, Suite } from "../mutants/mutant.ts";
import {
  type AffineFlow,
  affineFlow,
  forward,
  inverse,
  type Step,
  transformed,
} from "./affine_flow_posterior.ts";
import { categoricalFamily, pick } from "./categorical.ts";
import { columns } from "./columns.ts";
import { conditionalPrior } from "./conditional_prior.ts";
import { freeBits } from "./free_bits.ts";
import { type Element, independent } from "./independent.ts";
import { iwae, type IwaeOptions, type IwaePieces } from "./iwae.ts";
import { kumaraswamyFamily, quantile } from "./kumaraswamy.ts";
import { laplaceFamily } from "./laplace.ts";
import { held, KUMARASWAMY, LOG_NORMAL, TABLE } from "./laws.ts";
import { logNormalFamily } from "./log_normal.ts";
import { logisticNormalFamily } from "./logistic_normal.ts";
import { componentDensities, mixture, mixturePrior } from "./mixture_prior.ts";
import { logFactorial, poissonFamily, poissonLikelihood } from "./poisson.ts";
import { studentTFamily } from "./student_t.ts";
import { uniformSphereFamily } from "./uniform_sphere.ts";
import { vampPrior } from "./vamp_prior.ts";

// Families

/** What a bug changes of independent elements. */
type Change = Partial<Pick<Element, "sample" | "logDensities">>;

/** Independent elements with something changed, everywhere alike. */
function changed(q: Factorized, change: Change): Factorized {
  const sample: Element["sample"] = (seed, [samples]) => q.draw(seed, samples).value;
  return independent({ ...q, sample, ...change });
}

/** A family of independent elements with something changed. */
function changedFamily<Q extends Factorized, Name extends string>(
  family: Family<Q, Name>,
  change: (q: Q, parameters: { readonly [N in Name]: Tensor }) => Change,
): Family<Factorized, Name> {
  return {
    ...family,
    make: (parameters, event) => {
      const q = family.make(parameters, event);
      return changed(q, change(q, parameters));
    },
  };
}

/** A family whose distributions say something else. */
function respoken<Q extends Distribution, Name extends string>(
  family: Family<Q, Name>,
  speak: (q: Q, parameters: { readonly [N in Name]: Tensor }) => Partial<Q>,
): Family<Q, Name> {
  return {
    ...family,
    make: (parameters, event) => {
      const q = family.make(parameters, event);
      return { ...q, ...speak(q, parameters) };
    },
  };
}

/** The same distribution, its log-densities more by something, also those of draws. */
function denser<Q extends Distribution>(q: Q, more: (value: Tensor) => Tensor): Q {
  return {
    ...q,
    logProb: (value) => tf.add(q.logProb(value), more(value)),
    draw: (seed, samples) => {
      const { value, logProb } = q.draw(seed, samples);
      return { value, logProb: () => tf.add(logProb(), more(value)) };
    },
  };
}

const familyMutants: readonly Mutant[] = [
  {
    bug: "poisson: log k! is left out",
    laws: () =>
      distributionLaws(changedFamily(poissonFamily, ({ logDensities }) => ({
        logDensities: (count) => tf.add(logDensities(count), logFactorial(count)),
      }))),
  },
  {
    bug: "poisson: draws are one too many",
    laws: () =>
      distributionLaws(changedFamily(poissonFamily, ({ draw }) => ({
        sample: (seed, [samples]) => tf.add(draw(seed, samples).value, 1),
      }))),
  },
  {
    bug: "poisson: the variance is that of a standard deviation",
    laws: () =>
      distributionLaws(
        respoken(poissonFamily, (_, { rate }) => ({ variance: tf.sqrt(rate) })),
      ),
  },
  {
    bug: "categorical: logits for log-probabilities",
    laws: () =>
      distributionLaws(
        changedFamily(categoricalFamily(4), (_, { logits }) => ({
          logDensities: (codes) => pick(logits, codes),
        })),
        { categories: 4 },
      ),
  },
  {
    bug: "categorical: draws are always the most likely class",
    laws: () =>
      distributionLaws(
        changedFamily(categoricalFamily(4), (_, { logits }) => ({
          sample: (_, shape) =>
            tf.broadcastTo(tf.cast(tf.argMax(logits, -1), "float32"), [...shape]),
        })),
        { categories: 4 },
      ),
  },
  {
    bug: "categorical: draws without noise of Gumbel, but a normal one",
    laws: () =>
      distributionLaws(
        changedFamily(categoricalFamily(4), (_, { logits }) => ({
          sample: (seed, shape) =>
            tf.cast(tf.argMax(tf.add(logits, normalNoise(seed, [...shape, 4])), -1), "float32"),
        })),
        { categories: 4 },
      ),
  },
  {
    bug: "log-normal: − log x is left out",
    laws: () =>
      distributionLaws(
        changedFamily(logNormalFamily, ({ logDensities }) => ({
          logDensities: (value) => tf.add(logDensities(value), tf.log(value)),
        })),
        LOG_NORMAL,
      ),
  },
  {
    bug: "log-normal: the mean is exp μ",
    laws: () =>
      distributionLaws(
        respoken(logNormalFamily, (_, { mean }) => ({ mean: tf.exp(mean) })),
        LOG_NORMAL,
      ),
  },
  {
    bug: "laplace: draws of twice the scale",
    laws: () =>
      distributionLaws(changedFamily(laplaceFamily, ({ draw }, { mean }) => ({
        sample: (seed, [samples]) => tf.sub(tf.mul(draw(seed, samples).value, 2), mean),
      }))),
  },
  {
    bug: "laplace: log b for log 2b",
    laws: () =>
      distributionLaws(changedFamily(laplaceFamily, ({ logDensities }) => ({
        logDensities: (value) => tf.add(logDensities(value), Math.log(2)),
      }))),
  },
  {
    bug: "student's t: normal draws",
    laws: () =>
      distributionLaws(changedFamily(studentTFamily, (_, { mean, scale }) => ({
        sample: (seed, shape) => tf.add(mean, tf.mul(scale, normalNoise(seed, shape))),
      }))),
  },
  {
    bug: "student's t: draws with 4 degrees of freedom",
    laws: () =>
      distributionLaws(changedFamily(studentTFamily, (_, { mean, scale }) => ({
        sample: (seed, shape) => {
          const squares = tf.square(normalNoise(seed.split("squares"), [4, ...shape]));
          const noise = tf.div(
            normalNoise(seed.split("normal"), shape),
            tf.sqrt(tf.mean(squares, 0)),
          );
          return tf.add(mean, tf.mul(scale, noise));
        },
      }))),
  },
  {
    bug: "kumaraswamy: a and b change places in draws",
    laws: () =>
      distributionLaws(
        changedFamily(kumaraswamyFamily, (_, { a, b }) => ({
          sample: (seed, shape) => quantile(seed, shape, { a: b, b: a }),
        })),
        KUMARASWAMY,
      ),
  },
  {
    bug: "logistic-normal: the slope is left out",
    laws: () =>
      distributionLaws(
        respoken(logisticNormalFamily, (q) => denser(q, (x) => tf.sum(tf.log(x), -1))),
      ),
  },
  {
    bug: "logistic-normal: the slope lacks the last part",
    laws: () =>
      distributionLaws(
        respoken(logisticNormalFamily, (q) =>
          denser(q, (x) => tf.sum(tf.log(tf.slice(x, [0, 0, 2], [-1, -1, 1])), -1))),
      ),
  },
  {
    bug: "sphere: the area of the sphere in one dimension more",
    laws: () =>
      distributionLaws(
        respoken(uniformSphereFamily, (q) =>
          denser(q, ({ shape }) =>
            tf.fill(shape.slice(0, 2), Math.log(4 * Math.PI / (2 * Math.PI ** 2))))),
      ),
  },
  {
    bug: "sphere: draws are not divided by their length",
    laws: () =>
      distributionLaws(respoken(uniformSphereFamily, (q) => ({
        draw: (seed, samples = 1) => {
          const value = normalNoise(seed, [samples, 1, ...q.event]);
          return { value, logProb: () => q.logProb(value) };
        },
      }))),
  },
  {
    bug: "sphere: draws are points of a cube, divided by their length",
    laws: () =>
      distributionLaws(respoken(uniformSphereFamily, (q) => ({
        draw: (seed, samples = 1) => {
          const cube = tf.sub(tf.mul(uniformNoise(seed, [samples, 1, ...q.event]), 2), 1);
          const value = tf.div(cube, tf.norm(cube, "euclidean", -1, true));
          return { value, logProb: () => q.logProb(value) };
        },
      }))),
  },
];

// Priors and posteriors

/** A mixture of three normals, put together wrongly. */
function mixtureOf(bug: string, combine: typeof mixture): Mutant {
  return {
    bug: `mixture: ${bug}`,
    laws: () => priorLaws(mixturePrior({ components: 3 }, combine)),
  };
}

/** A mixture of three posteriors, put together wrongly. */
function vampOf(bug: string, combine: typeof mixture): Mutant {
  return {
    bug: `VampPrior: ${bug}`,
    laws: () => priorLaws(vampPrior({ components: 3 }, combine)),
  };
}

const priorMutants: readonly Mutant[] = [
  mixtureOf("log w is left out", (components) => mixture(components, tf.zeros([3]))),
  mixtureOf("equal weights in the density alone", (components, logWeights) => ({
    ...mixture(components, logWeights),
    logProb: mixture(components, tf.fill([3], -Math.log(3))).logProb,
  })),
  mixtureOf("draws are always of the first component", (components, logWeights) => {
    const q = mixture(components, logWeights);
    return {
      ...q,
      draw: (seed, samples = 1) => {
        const value = tf.slice(components.draw(seed, samples).value, [0, 0], [-1, 1]);
        return { value, logProb: () => q.logProb(value) };
      },
    };
  }),
  mixtureOf("all draws of a call are of one component", (components, logWeights) => {
    const q = mixture(components, logWeights);
    return {
      ...q,
      draw: (seed, samples = 1) => {
        const u = uniformNoise(seed.split("component"), []).dataSync()[0]!;
        const each = components.draw(seed, samples).value;
        const value = tf.slice(each, [0, Math.floor(3 * u)], [-1, 1]);
        return { value, logProb: () => q.logProb(value) };
      },
    };
  }),
  mixtureOf("the sum of logarithms for the logarithm of the sum", (components, logWeights) => {
    const q = mixture(components, logWeights);
    const logProb = (value: Tensor): Tensor =>
      tf.sum(tf.mul(tf.exp(logWeights), componentDensities(components, value)), -1);
    return {
      ...q,
      logProb,
      draw: (seed, samples) => {
        const { value } = q.draw(seed, samples);
        return { value, logProb: () => logProb(value) };
      },
    };
  }),
  mixtureOf("draws are averages of the components", (components, logWeights) => {
    const q = mixture(components, logWeights);
    return {
      ...q,
      draw: (seed, samples = 1) => {
        const weights = tf.reshape(tf.exp(logWeights), [1, 3, ...components.event.map(() => 1)]);
        const value = tf.sum(tf.mul(components.draw(seed, samples).value, weights), 1, true);
        return { value, logProb: () => q.logProb(value) };
      },
    };
  }),
  // The class of densities that the published code of the VampPrior had for a while.
  vampOf("log σ² is divided by σ² too", (components, logWeights) => {
    const { scale } = components as distributions.Normal;
    const variance = tf.square(scale), logVariance = tf.log(variance);
    const excess = tf.mul(tf.sub(logVariance, tf.div(logVariance, variance)), 0.5);
    return mixture(
      denser(components, () => sumOverEvent(tf.expandDims(excess, 0), components.event)),
      logWeights,
    );
  }),
  vampOf("no gradient reaches the pseudo-inputs", (components, logWeights) => {
    const { mean, scale } = components as distributions.Normal;
    const stopped = distributions.normal({ mean: stopGradient(mean), scale: stopGradient(scale) });
    return mixture(stopped, logWeights);
  }),
  vampOf(
    "log of the wrong count",
    (components, logWeights) => mixture(components, tf.add(logWeights, Math.log(3 / 4))),
  ),
  vampOf("− log C is left out", (components) => mixture(components, tf.zeros([3]))),
  {
    bug: "conditional prior: all rows have the condition of the first",
    laws: () =>
      priorLaws(
        conditionalPrior((condition) => tf.broadcastTo(tf.slice(condition, 0, 1), condition.shape)),
        { condition: [3] },
      ),
  },
  {
    bug: "conditional prior: no gradient reaches the condition",
    laws: () => priorLaws(conditionalPrior(stopGradient), { condition: [3] }),
  },
];

/** A flow with something changed. */
function flowOf(
  bug: string,
  change: (q: AffineFlow, base: distributions.Normal, step: Step) => Partial<AffineFlow>,
): Mutant {
  const transform: typeof transformed = (base, step) => {
    const q = transformed(base, step);
    return { ...q, ...change(q, base, step) };
  };
  return { bug: `flow: ${bug}`, laws: () => posteriorLaws(affineFlow(transform)) };
}

/** Σ s of some latents. */
const logDeterminant = (step: Step, z: Tensor, { length }: readonly number[]): Tensor => {
  const y = inverse(step, z, z.shape.at(-1)!);
  return tf.sum(step(y).logScale, Array.from({ length }, (_, axis) => axis + 2));
};

const posteriorMutants: readonly Mutant[] = [
  flowOf(
    "the log-determinant has the wrong sign",
    (q, _, step) => denser(q, (z) => tf.mul(logDeterminant(step, z, q.event), 2)),
  ),
  flowOf(
    "the log-determinant is left out",
    (q, _, step) => denser(q, (z) => logDeterminant(step, z, q.event)),
  ),
  flowOf("the log-determinant is left out of what draws say", (q, base) => ({
    draw: (seed, samples) => ({
      value: q.draw(seed, samples).value,
      logProb: base.draw(seed, samples).logProb,
    }),
  })),
  flowOf("the inverse does not divide by exp s", (q, base, step) => ({
    logProb: (z) => {
      let y = z;
      for (let round = 0; round < 2; round++) y = tf.sub(z, step(y).shift);
      return tf.sub(base.logProb(y), sumOverEvent(step(y).logScale, q.event));
    },
  })),
  flowOf("the inverse takes m and s from z, not from y", (q, base, step) => ({
    logProb: (z) => {
      const { shift, logScale } = step(z);
      const y = tf.mul(tf.sub(z, shift), tf.exp(tf.neg(logScale)));
      return tf.sub(base.logProb(y), sumOverEvent(logScale, q.event));
    },
  })),
  flowOf("draws are of the normal before the step", (q, base, step) => ({
    draw: (seed, samples) => {
      const { value, logProb } = base.draw(seed, samples);
      return {
        value,
        logProb: () => tf.sub(logProb(), sumOverEvent(step(value).logScale, q.event)),
      };
    },
  })),
  flowOf("no gradient passes through the step of draws", (q, base, step) => ({
    draw: (seed, samples) => {
      const value = stopGradient(forward(step, base.draw(seed, samples).value));
      return { value, logProb: () => q.logProb(value) };
    },
  })),
];

// Divergences

const PAIR = { posterior: posteriors.diagonalNormal(), prior: priors.standardNormal() } as const;
const GROWTH = schedules.linear({ from: 0, to: 5, steps: 1000 });

/** A KL whose row contributes something else. */
function contributing<Q extends Distribution>(
  contribution: (row: Term, context: Context) => Tensor,
): Divergence<Q, Distribution> {
  const plain = divergences.kl();
  return {
    ...plain,
    estimate: (given) => {
      const [{ weight: _, ...row }] = plain.estimate(given);
      return [{ ...row, contribution: contribution(row, given.context) }];
    },
  };
}

/** A divergence that does not contribute what it should. */
function contributionOf(
  bug: string,
  contributes: Contributes,
  contribution: (row: Term, context: Context) => Tensor,
): Mutant {
  return {
    bug,
    laws: () => divergenceLaws(contributing(contribution), { ...PAIR, contributes }),
  };
}

const freed: Contributes = ({ factors }) =>
  -factors!.reduce((sum, kl) => sum + Math.max(0.5, kl), 0);
const kept: Contributes = ({ nats, progress }) =>
  -3 * Math.abs(nats - Math.min(5, progress.step / 200));

const divergenceMutants: readonly Mutant[] = [
  contributionOf(
    "free bits: min for max",
    freed,
    ({ factors }) => tf.neg(tf.sum(tf.minimum(factors!, 0.5), -1)),
  ),
  contributionOf(
    "free bits: of the sum, not of each latent",
    freed,
    ({ nats, factors }) => tf.neg(tf.maximum(nats, 0.5 * factors!.shape.at(-1)!)),
  ),
  contributionOf(
    "free bits: of the mean over the batch",
    freed,
    ({ factors, nats }) =>
      tf.broadcastTo(tf.neg(tf.sum(tf.maximum(tf.mean(factors!, 0), 0.5))), nats.shape),
  ),
  contributionOf(
    "free bits: no gradient above λ",
    freed,
    ({ factors }) => tf.neg(tf.sum(tf.maximum(stopGradient(factors!), 0.5), -1)),
  ),
  {
    bug: "free bits: raw nats are what is contributed",
    laws: () => {
      const plain = freeBits({ nats: 0.5, divergence: divergences.kl() });
      const raw: typeof plain = {
        ...plain,
        estimate: (given) => {
          const [term] = plain.estimate(given);
          return [{ ...term, nats: tf.neg(term.contribution) }];
        },
      };
      return divergenceLaws(raw, { ...PAIR, contributes: freed });
    },
  },
  contributionOf(
    "capacity: KL − C without its absolute value",
    kept,
    ({ nats }, { progress }) => tf.mul(tf.sub(nats, GROWTH.at(progress)), -3),
  ),
  contributionOf(
    "capacity: C stays where it starts",
    kept,
    ({ nats }) => tf.mul(tf.abs(tf.sub(nats, GROWTH.at({ step: 0, epoch: 0 }))), -3),
  ),
  contributionOf(
    "capacity: C follows the epochs",
    kept,
    ({ nats }, { progress }) =>
      tf.mul(tf.abs(tf.sub(nats, GROWTH.at({ ...progress, step: progress.epoch }))), -3),
  ),
];

// Objectives

/** An IWAE with other pieces, or whose ledger is changed. */
function iwaeOf(
  bug: string,
  { gradient = "total", pieces = {}, change = (ledger) => ledger }: {
    readonly gradient?: IwaeOptions["gradient"];
    readonly pieces?: Partial<IwaePieces>;
    readonly change?: (ledger: Ledger, samples: number) => Ledger;
  },
): Mutant {
  const withSamples = (samples: number): Objective<Distribution, Distribution> => {
    const sound = iwae({ samples, gradient: gradient! }, pieces);
    return { ...sound, ledger: (pass) => change(sound.ledger(pass), samples) };
  };
  return { bug: `IWAE: ${bug}`, laws: () => objectiveLaws(withSamples(5), { withSamples }) };
}

/** A ledger whose last row and whose bound are more by some nats. */
function raised({ terms, bound }: Ledger, by: number): Ledger {
  const [reconstruction, divergence, evenness] = terms as [Term, Term, Term];
  const more = tf.add(evenness.nats, by);
  return ledgerOf(
    [reconstruction, divergence, { ...evenness, nats: more, contribution: more }],
    { name: bound!.name, nats: tf.add(bound!.nats, by) },
  );
}

/** Σ w̃ log w, out of its two rows. */
function averageOf({ terms }: Ledger): Tensor {
  return tf.add(terms[0]!.contribution, terms[1]!.contribution);
}

const doubly = { gradient: "doublyReparameterized" } as const;

const objectiveMutants: readonly Mutant[] = [
  iwaeOf("weights with the sign of the error flipped", {
    pieces: { logWeights: (logX, logRatio) => tf.neg(tf.add(logX, logRatio)) },
  }),
  iwaeOf("w = q(z|x) / p(x, z)", {
    pieces: { logWeights: (logX, logRatio) => tf.sub(logRatio, logX) },
  }),
  iwaeOf("Σ w̃ log w is called the bound", {
    change: (ledger) =>
      ledgerOf(ledger.terms.slice(0, 2), { name: "IWAE", nats: averageOf(ledger) }),
  }),
  iwaeOf("log of the wrong number of samples", {
    change: (ledger, samples) => raised(ledger, Math.log(samples / (samples + 1))),
  }),
  iwaeOf("− log K is forgotten", {
    change: (ledger, samples) => raised(ledger, Math.log(samples)),
  }),
  iwaeOf("the surrogate is reported as the objective", {
    ...doubly,
    change: (ledger) => ({ ...ledger, objective: ledger.surrogate! }),
  }),
  iwaeOf("the row of the evenness is left out", {
    change: ({ terms, bound }) => ledgerOf(terms.slice(0, 2), bound),
  }),
  iwaeOf("the row of the evenness is left out of the rows alone", {
    change: (ledger) => ({ ...ledger, terms: ledger.terms.slice(0, 2) }),
  }),
  iwaeOf("doubly reparameterized: w̃ in place of w̃²", {
    ...doubly,
    pieces: { pathWeights: (weights) => tf.onesLike(weights) },
  }),
  iwaeOf("doubly reparameterized: w̃³ in place of w̃²", {
    ...doubly,
    pieces: { pathWeights: (weights) => tf.square(weights) },
  }),
  iwaeOf("doubly reparameterized: with the sign of 'sticking the landing' (1 − w̃)", {
    ...doubly,
    pieces: { pathWeights: (weights) => tf.sub(1, weights) },
  }),
  iwaeOf("the surrogate has the gradient of the ELBO", {
    change: (ledger) => ({ ...ledger, surrogate: tf.mean(averageOf(ledger)) }),
  }),
  iwaeOf("the bound is the mean of log w over a batch", {
    change: (ledger) => ({
      ...ledger,
      bound: {
        name: "IWAE",
        nats: tf.broadcastTo(tf.mean(ledger.bound!.nats), ledger.bound!.nats.shape),
      },
    }),
  }),
];

// Likelihoods

/** A likelihood whose distributions are others. */
function likelihoodOf<
  H extends Heads,
  S extends Support,
  X extends Distribution,
  Y extends Distribution,
>(likelihood: Likelihood<H, S, X>, change: (q: X) => Y): Likelihood<H, S, Y> {
  return {
    ...likelihood,
    build: (scope) => {
      const built = likelihood.build(scope);
      return (outputs, context) => change(built(outputs, context));
    },
  };
}

/** A likelihood for a table, with something changed. */
function tableOf(bug: string, change: (q: Factorized) => Distribution): Mutant {
  return {
    bug: `columns: ${bug}`,
    laws: () => likelihoodLaws(likelihoodOf(columns(TABLE), change)),
  };
}

/** The columns of a table in another order. */
const reordered = (value: Tensor, order: readonly number[]): Tensor =>
  tf.gather(value, tf.tensor1d([...order], "int32"), -1);

const likelihoodMutants: readonly Mutant[] = [
  tableOf(
    "two columns change places in the density",
    (q) => changed(q, { logDensities: (value) => q.logDensities(reordered(value, [1, 0, 2])) }),
  ),
  tableOf(
    "two columns change places in draws",
    (q) =>
      changed(q, {
        sample: (seed, [samples]) => reordered(q.draw(seed, samples).value, [2, 1, 0]),
      }),
  ),
  tableOf(
    "two log-densities change places",
    (q) => changed(q, { logDensities: (value) => reordered(q.logDensities(value), [1, 0, 2]) }),
  ),
  tableOf("the mean over the columns for their sum", (q) => ({
    ...q,
    logProb: (value) => tf.mean(q.logDensities(value), -1),
  })),
  tableOf("the mean over the columns for their sum, and no densities of each", (q) => {
    const { logDensities, ...rest } = q;
    const logProb = (value: Tensor): Tensor => tf.mean(logDensities(value), -1);
    return {
      ...rest,
      logProb,
      draw: (seed, samples) => {
        const { value } = q.draw(seed, samples);
        return { value, logProb: () => logProb(value) };
      },
    };
  }),
  tableOf("the last column is left out of the density", (q) =>
    changed(q, {
      logDensities: (value) => tf.mul(q.logDensities(value), tf.tensor1d([1, 1, 0])),
    })),
  {
    bug: "poisson likelihood: draws are not whole",
    laws: () =>
      likelihoodLaws(
        likelihoodOf(poissonLikelihood(), (q) =>
          changed(q, {
            sample: (seed, shape) =>
              tf.relu(tf.add(q.mean, tf.mul(tf.sqrt(q.variance), normalNoise(seed, shape)))),
          })),
      ),
  },
  {
    bug: "poisson likelihood: draws are a normal approximation, rounded",
    laws: () =>
      likelihoodLaws(
        likelihoodOf(poissonLikelihood(), (q) =>
          changed(q, {
            sample: (seed, shape) =>
              tf.relu(
                tf.round(tf.add(q.mean, tf.mul(tf.sqrt(q.variance), normalNoise(seed, shape)))),
              ),
          })),
      ),
  },
];

/** Everything that is wrong with plugins of third parties. */
export const thirdParty: Suite = {
  name: "plugins of third parties",
  sound: Object.entries(held).map(([name, laws]) => ({ name, laws: () => laws({}) })),
  mutants: [
    ...familyMutants,
    ...priorMutants,
    ...posteriorMutants,
    ...divergenceMutants,
    ...objectiveMutants,
    ...likelihoodMutants,
  ],
};
