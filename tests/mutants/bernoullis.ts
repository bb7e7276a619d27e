/**
 * Wrong Bernoulli distributions.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { seed, uniformNoise } from "../../core/random.ts";
import type { Tensor } from "../../core/types.ts";
import { distributionLaws } from "../laws/mod.ts";
import { bernoulliDensities, bernoulliWith, type Pieces } from "./families.ts";
import type { Mutant, Suite } from "./mutant.ts";

/** A Bernoulli distribution with a bug. */
const bernoulli = (bug: string, pieces: Partial<Pieces<Tensor>>): Mutant => ({
  bug: `bernoulli: ${bug}`,
  laws: () => distributionLaws(bernoulliWith(pieces)),
});

const mutants: readonly Mutant[] = [
  bernoulli("bits are 1 where u > p", {
    value: (noise, logits) => tf.cast(tf.greater(noise, tf.sigmoid(logits)), "float32"),
  }),
  bernoulli("noise is compared with the logits", {
    value: (noise, logits) => tf.cast(tf.less(noise, logits), "float32"),
  }),
  bernoulli("bits are −1 and 1", {
    value: (noise, logits) => tf.sign(tf.sub(tf.sigmoid(logits), noise)),
  }),
  bernoulli("draws are probabilities", {
    value: (noise, logits) => tf.add(tf.sigmoid(logits), tf.mul(noise, 0)),
  }),
  bernoulli("bits are rounded probabilities", {
    value: (noise, logits) => tf.round(tf.add(tf.sigmoid(logits), tf.mul(noise, 0))),
  }),
  bernoulli("softplus is dropped", { densities: (x, logits) => tf.mul(x, logits) }),
  bernoulli("softplus has the wrong sign", {
    densities: (x, logits) => tf.add(tf.mul(x, logits), tf.softplus(logits)),
  }),
  bernoulli("logits are used as probabilities", {
    densities: (x, p) => tf.add(tf.mul(x, tf.log(p)), tf.mul(tf.sub(1, x), tf.log(tf.sub(1, p)))),
  }),
  bernoulli("log p of a sigmoid that saturates", {
    densities: (x, logits) => {
      const p = tf.sigmoid(logits);
      return tf.add(tf.mul(x, tf.log(p)), tf.mul(tf.sub(1, x), tf.log(tf.sub(1, p))));
    },
  }),
  bernoulli("log(1 + exp ℓ), which overflows", {
    densities: (x, logits) => tf.sub(tf.mul(x, logits), tf.log(tf.add(1, tf.exp(logits)))),
  }),
  bernoulli("zeros do not count", {
    densities: (x, logits) => tf.mul(x, bernoulliDensities(x, logits)),
  }),
  bernoulli("the declared mean is the logits", { mean: (logits) => logits }),
  bernoulli("the declared variance is p", { variance: (logits) => tf.sigmoid(logits) }),
  bernoulli("the mean over the elements for their sum", {
    total: (densities) => tf.mean(densities, -1),
  }),
  bernoulli("the seed is ignored", { noise: (_, shape) => uniformNoise(seed(1), shape) }),
  bernoulli("it says that a gradient passes through its draws", {
    spoil: () => ({ reparameterized: true }),
  }),
];

/** Wrong Bernoulli distributions. */
export const bernoullis: Suite = {
  name: "bernoullis",
  sound: [{ name: "bernoulli", laws: () => distributionLaws(bernoulliWith({})) }],
  mutants,
};
