/**
 * log z of draws z ~ Gamma(α, 1), through which gradients pass to α.
 *
 * Draws are those of Marsaglia and Tsang, "A simple method for generating gamma variables", 2000;
 * gradients are implicit: Figurnov, Mohamed and Mnih, "Implicit reparameterization gradients",
 * arXiv:1805.08498.
 *
 * @module
 */
import { tf } from "../deps.ts";
import { normalNoise, type Seed, uniformNoise } from "../random.ts";
import type { Tensor } from "../types.ts";
import { digamma } from "./log_gamma.ts";
import { where } from "./where.ts";

/** How many candidates a draw has. One in twenty is refused at most: 1 of 10⁷ draws has none left. */
const CANDIDATES = 6;

/** The least that x/√(9d) may be: below −1 there is no z, and near it none is accepted. */
const LOWEST = -1 + 1e-6;

/**
 * log z for α ≥ 1: z = d (1 + y)³ with d = α − ⅓, y = x/√(9d) and x ~ N(0, 1), accepted where
 * log u < ½x² + d (1 − (1 + y)³ + 3 log(1 + y)) = d (3 log(1 + y) − 3y + 3/2 y² − y³).
 */
function draw(concentration: Tensor, seed: Seed, samples: number): Tensor {
  const shape = [samples, ...concentration.shape];
  const d = tf.sub(concentration, 1 / 3), slope = tf.rsqrt(tf.mul(d, 9));
  let drawn: Tensor | undefined;
  for (let i = CANDIDATES; i-- > 0;) {
    const noise = normalNoise(seed.split(`normal ${i}`), shape);
    const y = tf.maximum(tf.mul(noise, slope), LOWEST), log = tf.mul(tf.log1p(y), 3);
    const polynomial = tf.mul(y, tf.sub(tf.mul(y, tf.sub(1.5, y)), 3));
    const level = tf.log(uniformNoise(seed.split(`uniform ${i}`), shape));
    const accepted = tf.less(level, tf.mul(d, tf.add(log, polynomial)));
    drawn = drawn === undefined ? log : where(accepted, log, drawn);
  }
  return tf.add(tf.log(d), drawn!);
}

/**
 * Nodes and weights of ∫₀^∞ f(v) dv for functions that fall like e⁻ᵛ or faster: the trapezoidal
 * rule in u, with v = exp(u − e⁻ᵘ). Takahasi and Mori, "Double exponential formulas for numerical
 * integration", 1974.
 */
const NODES: readonly { readonly node: number; readonly weight: number }[] = Array.from(
  { length: 24 },
  (_, i) => {
    const step = 5 / 23, u = i * step - 2.25, node = Math.exp(u - Math.exp(-u));
    return { node, weight: step * node * (1 + Math.exp(-u)) };
  },
);

/**
 * d log z / dα = −(∂F/∂α) / (z p(z)) for α ≥ 1, where F is the distribution function.
 *
 * It is ∫₀^∞ exp(sαw − z (eˢʷ − 1)) (w + s (log z − ψ(α))) dw, over all t = z eˢʷ below z (s = −1)
 * or above it (s = 1). On the side that z lies on, seen from α, hardly anything cancels.
 *
 * @param concentration α `[B, …event]`, at least 1.
 * @param logZ log z `[S, B, …event]`.
 * @returns d log z / dα, of the shape of log z, good to 10⁻⁴ of itself.
 */
export function logStandardGammaSlope(concentration: Tensor, logZ: Tensor): Tensor {
  const column = (of: "node" | "weight") => tf.tensor2d(NODES.map((rule) => [rule[of]]));
  const l = tf.reshape(logZ, [1, -1]), z = tf.exp(l);
  const a = tf.reshape(tf.broadcastTo(concentration, logZ.shape), [1, -1]);
  const distance = tf.sub(z, a), side = tf.sub(tf.mul(tf.step(distance), 2), 1);
  // The exponent starts as −|z − α| w − ½ z w²: this is how far it takes to fall by about 1.
  const root = tf.sqrt(tf.add(tf.square(distance), tf.mul(z, 2)));
  const width = tf.div(2, tf.add(tf.abs(distance), root));
  const w = tf.mul(column("node"), width), along = tf.mul(side, w);
  const exponent = tf.sub(tf.mul(a, along), tf.mul(z, tf.expm1(along)));
  const integrand = tf.mul(
    tf.exp(exponent),
    tf.add(w, tf.mul(side, tf.sub(l, digamma(a)))),
  );
  const sum = tf.sum(tf.mul(integrand, column("weight")), 0, true);
  return tf.reshape(tf.mul(sum, width), logZ.shape);
}

/**
 * log z of draws z ~ Gamma(α, 1).
 *
 * Below α = 1 it is log z = log z′ + log(u)/α with z′ ~ Gamma(α + 1, 1) and u uniform. Logarithms
 * stay finite where z itself would be 0. Gradients are good to 10⁻⁴ of themselves.
 *
 * @param concentration α `[B, …event]`, positive.
 * @param seed Where the noise comes from.
 * @param samples S.
 * @returns log z `[S, B, …event]`.
 */
export function logStandardGamma(concentration: Tensor, seed: Seed, samples: number): Tensor {
  // Unlike a comparison, a step has a gradient: none.
  const small = tf.step(tf.sub(1, concentration)), raised = tf.add(concentration, small);
  const run = tf.customGrad((a, save) => {
    const value = draw(a as Tensor, seed, samples);
    (save as tf.GradSaveFunc)([a as Tensor, value]);
    return {
      value,
      gradFunc: (upstream: Tensor, [a, value]: Tensor[]) =>
        tf.sum(tf.mul(upstream, logStandardGammaSlope(a!, value!)), 0),
    };
  });
  const noise = uniformNoise(seed.split("below 1"), [samples, ...concentration.shape]);
  return tf.add(run(raised), tf.mul(small, tf.div(tf.log(noise), concentration)));
}
