/**
 * Kumaraswamy's distribution, as somebody else may write it: out of the public names alone.
 *
 * p(x) = a b xᵃ⁻¹ (1 − xᵃ)ᵇ⁻¹, drawn as x = (1 − u^(1/b))^(1/a)
 * Nalisnick and Smyth, "Stick-breaking variational autoencoders", arXiv:1605.06197.
 *
 * @module
 */
import {
  type Factorized,
  type Family,
  sumOverEvent,
  type Tensor,
  uniformNoise,
  useBackend,
} from "../../mod.ts";
import { tf } from "../../core/tf.ts";
import { distributionLaws, testLaws } from "./mod.ts";

type Kumaraswamy = Factorized<"kumaraswamy"> & { readonly reparameterized: true };

/** log(1 − eˣ) for x < 0. */
function log1mExp(x: Tensor): Tensor {
  return tf.log(tf.neg(tf.expm1(x)));
}

function kumaraswamy({ a, b }: { readonly a: Tensor; readonly b: Tensor }): Kumaraswamy {
  const [batch, ...event] = a.shape as [number, ...number[]];
  const logConstant = tf.add(tf.log(a), tf.log(b));
  const logDensities = (value: Tensor): Tensor => {
    const logX = tf.log(value);
    const lower = tf.mul(tf.sub(a, 1), logX);
    const upper = tf.mul(tf.sub(b, 1), log1mExp(tf.mul(a, logX)));
    return tf.add(logConstant, tf.add(lower, upper));
  };
  const logProb = (value: Tensor): Tensor => sumOverEvent(logDensities(value), event);
  return {
    family: "kumaraswamy",
    domain: "unit",
    reparameterized: true,
    batch,
    event,
    draw: (seed, samples = 1) => {
      // Out of logarithms, so that neither end is rounded away.
      const log = tf.log(uniformNoise(seed, [samples, batch, ...event]));
      const value = tf.exp(tf.div(log1mExp(tf.div(log, b)), a));
      return { value, logProb: () => logProb(value) };
    },
    logDensities,
    logProb,
  };
}

const family: Family<Kumaraswamy, "a" | "b"> = {
  name: "kumaraswamy",
  parameters: { a: "positive", b: "positive" },
  support: "unit",
  make: kumaraswamy,
};

await useBackend({ backend: "wasm" });

testLaws(
  "a family that Elbo does not have keeps its laws",
  distributionLaws(family, {
    // Below b = 1 much of the mass lies nearer to 1 than float32 can tell from 1.
    ranges: { b: [1, 4] },
    // At 0 and at 1 the density is 0 or infinite.
    edges: [1e-6, 0.5, 0.999],
  }),
);
