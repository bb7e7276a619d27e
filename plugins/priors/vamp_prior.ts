/**
 * p(z) = 1/C Σ_c q(z | u_c): the mixture of the model's own posteriors at C pseudo-inputs.
 *
 * Tomczak and Welling, "VAE with a VampPrior", arXiv:1705.07120, §2.
 *
 * @module
 */
import { type NestedNumbers, toRows } from "../../core/data/values.ts";
import { tf } from "../../core/deps.ts";
import type { Distribution } from "../../core/distribution.ts";
import {
  outOfRange,
  requireBoolean,
  requirePositiveInteger,
  wrongType,
} from "../../core/errors.ts";
import type { Initializer } from "../../core/initializers.ts";
import type { Prior } from "../../core/prior.ts";
import { normalNoise, uniformNoise } from "../../core/random.ts";
import { requireInside } from "../../core/inside.ts";
import { type Leaf, leavesOf, type Support } from "../../core/support.ts";
import { type Shape, sizeOf, type Tensor } from "../../core/types.ts";
import { type Mixture, mixture } from "../distributions/mixture.ts";

/** Options of {@linkcode vampPrior}. */
export interface VampPriorOptions {
  /**
   * C, the number of pseudo-inputs.
   * @default 500, or as many as there are `pseudoInputs`
   */
  readonly components?: number;
  /**
   * Where the pseudo-inputs start, for instance some of the data: `[C, …D]`. They are copied, and
   * kept among the weights of a model rather than among its options.
   * @default noise within the support of the data
   */
  readonly pseudoInputs?: Tensor | NestedNumbers;
  /**
   * Whether training changes the pseudo-inputs; `false` leaves them where they start. Codes of
   * categories cannot be learned.
   * @default true
   */
  readonly trainable?: boolean;
}

/** Pseudo-inputs as they were given. */
type Rows = ReturnType<typeof toRows>;

/** The largest number that stands for no bound. */
const LARGEST = 1e30;

/** Where pseudo-inputs are kept. Zero is not positive. */
const BOUNDS: { readonly [L in Leaf]: readonly [smallest: number, largest: number] } = {
  binary: [0, 1],
  unit: [0, 1],
  positive: [1e-6, LARGEST],
  count: [0, LARGEST],
  category: [0, LARGEST],
  real: [-LARGEST, LARGEST],
};

/**
 * The VampPrior: a mixture, in equal parts, of the posteriors at pseudo-inputs that are learned with
 * everything else. Every step encodes all of them, and estimates the KL from draws.
 *
 * Pseudo-inputs are kept within the support of the data as by a hard tanh: between 0 and 1 for
 * binary and unit data, not below 0 for counts and positive numbers. Between the bounds they are
 * free, so that they need not be whole numbers.
 *
 * @param options How many pseudo-inputs, where they start, and whether they are learned.
 * @throws {RangeError} If the number of components is not a positive integer or not that of the
 * pseudo-inputs, or if these lie outside the support of the data.
 * @throws {TypeError} If the pseudo-inputs do not have the shape of the data, `trainable` is neither
 * true nor false, or the model has a
 * condition.
 *
 * @example
 * ```ts
 * import { divergences, likelihoods, networks, posteriors, priors, vae } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = vae({
 *   data: [4],
 *   latent: 2,
 *   encoder: networks.mlp({ hidden: [8] }),
 *   decoder: networks.mlp({ hidden: [8] }),
 *   posterior: posteriors.diagonalNormal(),
 *   prior: priors.vampPrior({ pseudoInputs: [[0, 0, 1, 1], [1, 1, 0, 0]] }),
 *   likelihood: likelihoods.bernoulli(),
 *   divergence: divergences.kl(),
 * });
 * assert.deepEqual(model.parameters.get("prior/pseudoInputs")!.shape, [2, 4]);
 * model.dispose();
 * ```
 */
export function vampPrior(
  { components, pseudoInputs, trainable = true }: VampPriorOptions = {},
): Prior<Mixture> {
  requireBoolean("build prior", "trainable", trainable);
  const start = pseudoInputs === undefined
    ? undefined
    : toRows("build prior", "pseudoInputs", pseudoInputs);
  const count = components ?? start?.size ?? 500;
  requirePositiveInteger("build prior", "components", count);
  if (start !== undefined && start.size !== count) {
    throw outOfRange("build prior", `'pseudoInputs' must be ${count} rows`, start.size);
  }
  return {
    kind: "prior",
    name: "vampPrior",
    options: { components: count, trainable },
    build: ({ data, support, condition, weight, infer }) => {
      if (condition !== undefined) {
        const requirement = "the model must have no condition for 'vampPrior'";
        throw wrongType("build prior", requirement, condition);
      }
      const leaves = leavesOf(support);
      if (trainable && leaves.includes("category")) {
        const requirement = "'trainable' must be false for data with categories";
        throw outOfRange("build prior", requirement, trainable);
      }
      const initial = start === undefined ? noiseWithin(leaves) : valuesOf(start, support, data);
      const raw = weight("pseudoInputs", [count, ...data], initial, { trainable });
      return ({ training, progress }): Mixture<Distribution> =>
        mixture({
          logits: tf.zeros([1, count]),
          components: infer(clip(raw(), leaves), { training, progress }),
        });
    },
  };
}

/** A tensor that broadcasts to pseudo-inputs, out of a number for each leaf. */
function perLeaf(leaves: readonly Leaf[], numberOf: (leaf: Leaf) => number): Tensor {
  return tf.tensor1d(leaves.map(numberOf));
}

/**
 * Pseudo-inputs within their bounds, where the gradient still passes. On wasm its own gradient is
 * far faster than that of `tf.clipByValue`, which compares.
 */
function clip(raw: Tensor, leaves: readonly Leaf[]): Tensor {
  const smallest = () => perLeaf(leaves, (leaf) => BOUNDS[leaf][0]);
  const largest = () => perLeaf(leaves, (leaf) => BOUNDS[leaf][1]);
  const run = tf.customGrad((given, save) => {
    const x = given as Tensor;
    (save as tf.GradSaveFunc)([x]);
    return {
      value: leaves.length === 1
        ? tf.clipByValue(x, ...BOUNDS[leaves[0]!])
        : tf.minimum(tf.maximum(x, smallest()), largest()),
      gradFunc: (upstream: Tensor, saved: Tensor[]) => {
        const [x] = saved as [Tensor];
        const outside = tf.add(tf.step(tf.sub(x, largest())), tf.step(tf.sub(smallest(), x)));
        return tf.mul(upstream, tf.sub(1, outside));
      },
    };
  });
  return run(raw);
}

/** The numbers that were given, if they can be data. */
function valuesOf({ values, shape }: Rows, support: Support, data: Shape): Initializer {
  if (sizeOf(shape) !== sizeOf(data)) {
    const requirement = `'pseudoInputs' must have rows of shape [${data.join(", ")}]`;
    throw wrongType("build prior", requirement, shape);
  }
  requireInside("build prior", "pseudoInputs", values, support, data);
  return (whole) => tf.tensor(values, [...whole]);
}

/** Standard normal noise for real numbers, and for all others numbers between 0 and 1. */
function noiseWithin(leaves: readonly Leaf[]): Initializer {
  const noise = leaves.every((leaf) => leaf === "real") ? normalNoise : uniformNoise;
  return (shape, seed) => noise(seed, shape);
}
