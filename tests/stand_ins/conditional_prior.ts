/**
 * A prior that looks at the condition c.
 *
 * p(z|c) = N(z | Wc + b, diag σ²)
 * Sohn, Lee and Yan, "Learning structured output representation using deep conditional generative
 * models", NeurIPS 2015, with one layer as its prior network.
 *
 * @module
 */
import {
  dense,
  distributions,
  initializers,
  type Prior,
  sizeOf,
  type Tensor,
  wrongType,
} from "../../mod.ts";
import { tf } from "../../core/tf.ts";

/** A normal whose mean is an affine function of the condition, or of what `look` makes of it. */
export function conditionalPrior(
  look = (condition: Tensor): Tensor => condition,
): Prior<distributions.Normal> {
  return {
    kind: "prior",
    name: "conditionalPrior",
    options: {},
    build: ({ condition, latent, weight }) => {
      if (condition === undefined) {
        throw wrongType("build prior", "the model must have a condition", condition);
      }
      const inputs = sizeOf(condition), outputs = sizeOf(latent);
      const kernel = weight("kernel", [inputs, outputs], initializers.glorotUniform);
      const bias = weight("bias", [outputs], initializers.zeros);
      const rawScale = weight("rawScale", [...latent], initializers.zeros);
      return (context) => {
        const flat = tf.reshape(look(context.condition!), [-1, inputs]);
        const mean = dense(flat, { kernel: kernel(), bias: bias() });
        return distributions.normal({
          mean: tf.reshape(mean, [-1, ...latent]),
          rawScale: rawScale(),
        });
      };
    },
  };
}
