/**
 * Mutants of families that stand in for plugins to come.
 *
 * @module
 */
import { normalNoise, uniformNoise } from "../../../mod.ts";
import { tf } from "../../../core/tf.ts";
import { distributionLaws } from "../../laws/mod.ts";
import type { Mutant, Suite } from "../mutant.ts";
import { categoricalFamily, pick } from "../../stand_ins/categorical.ts";
import { kumaraswamyFamily, quantile } from "../../stand_ins/kumaraswamy.ts";
import { laplaceFamily } from "../../stand_ins/laplace.ts";
import { KUMARASWAMY, LOG_NORMAL } from "../../stand_ins/laws.ts";
import { logNormalFamily } from "../../stand_ins/log_normal.ts";
import { logisticNormalFamily } from "../../stand_ins/logistic_normal.ts";
import { logFactorial, poissonFamily } from "../../stand_ins/poisson.ts";
import { studentTFamily } from "../../stand_ins/student_t.ts";
import { uniformSphereFamily } from "../../stand_ins/uniform_sphere.ts";
import { changedFamily, denser, respoken, soundOf } from "./changes.ts";

const mutants: readonly Mutant[] = [
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
    bug: "student's t: draws with one degree of freedom",
    laws: () =>
      distributionLaws(changedFamily(studentTFamily, (_, { mean, scale }) => ({
        sample: (seed, shape) => {
          const squares = tf.square(normalNoise(seed.split("squares"), [1, ...shape]));
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

/** Stand-ins of families that are wrong, beside those that are sound. */
export const standInFamilies: Suite = {
  name: "stand-ins: families",
  sound: soundOf(
    "poisson",
    "categorical",
    "logNormal",
    "laplace",
    "studentT",
    "kumaraswamy",
    "logisticNormal",
    "uniformSphere",
  ),
  mutants,
};
