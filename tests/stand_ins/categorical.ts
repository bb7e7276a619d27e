/**
 * The categorical distribution, for the codes 0 … C − 1 of classes.
 *
 * log p(x) = ℓₓ − log Σ_c exp ℓ_c; draws by the Gumbel-max trick.
 * Maddison, Mnih and Teh, "The concrete distribution", arXiv:1611.00712.
 *
 * @module
 */
import {
  type Factorized,
  type Family,
  type Seed,
  type Shape,
  type Tensor,
  uniformNoise,
} from "../../mod.ts";
import { tf } from "../../core/tf.ts";
import { independent } from "./independent.ts";

/** Classes, independent over the elements of their event. */
export type Categorical = Factorized<"categorical">;

/** −log(−log u). */
export function gumbelNoise(seed: Seed, shape: Shape): Tensor {
  return tf.neg(tf.log(tf.neg(tf.log(uniformNoise(seed, shape)))));
}

/** ℓₓ: of each row of C numbers the one that a code names. */
export function pick(logits: Tensor, codes: Tensor): Tensor {
  const chosen = tf.oneHot(tf.cast(codes, "int32"), logits.shape.at(-1)!);
  return tf.sum(tf.mul(logits, tf.cast(chosen, "float32")), -1);
}

/** The categorical distribution with logits ℓ `[B, …event, C]`. */
export function categorical({ logits }: { readonly logits: Tensor }): Categorical {
  const [batch, ...rest] = logits.shape as [number, ...number[]];
  const event = rest.slice(0, -1), classes = rest.at(-1)!;
  return independent({
    family: "categorical",
    domain: "discrete",
    reparameterized: false,
    batch,
    event,
    sample: (seed, shape) => {
      const noisy = tf.add(logits, gumbelNoise(seed, [...shape, classes]));
      return tf.cast(tf.argMax(noisy, -1), "float32");
    },
    logDensities: (codes) => pick(tf.logSoftmax(logits), codes),
  });
}

/** The family of categorical distributions with C classes. */
export function categoricalFamily(classes: number): Family<Categorical, "logits"> {
  return {
    name: "categorical",
    parameters: { logits: { domain: "real", shape: (event) => [...event, classes] } },
    support: "category",
    make: categorical,
  };
}
