/**
 * The log-probabilities of Bernoulli and normal data.
 *
 * @module
 */
import { tf } from "../../../deps.ts";
import { HALF_LOG_2_PI } from "../../../operations/normal_log_prob.ts";
import type { Shape, Tensor } from "../../../types.ts";
import { rowsOf } from "../kernels.ts";
import { elementwise, kernel, SOFTPLUS, type WebglKernel } from "./program.ts";
import { sumOverEvent } from "./sums.ts";

/** Σ x·ℓ − softplus(ℓ). */
export const bernoulliLogProb: WebglKernel = kernel<
  { readonly logits: Tensor; readonly x: Tensor },
  { readonly event: Shape }
>("ElboBernoulliLogProb", ({ inputs: { logits, x }, attributes: { event }, backend }) => {
  const { shape } = x;
  const densities = elementwise(backend, {
    reads: { logits: tf.reshape(logits, shape), x },
    shape,
    functions: SOFTPLUS,
    value: "x * logits - softplus(logits)",
  });
  return sumOverEvent(backend, densities, rowsOf(shape, event).leading);
});

/** The gradients of rows, so that they broadcast over what is in a row. */
function besideRows(upstream: Tensor, { rank }: Tensor): Tensor {
  return tf.reshape(upstream, [...upstream.shape, ...Array(rank - upstream.rank).fill(1)]);
}

/** dℓ = dy·(x − sigmoid(ℓ)). */
export const bernoulliLogProbGradient: WebglKernel = kernel<
  { readonly logits: Tensor; readonly x: Tensor; readonly upstream: Tensor },
  unknown
>("ElboBernoulliLogProbGradient", ({ inputs: { logits, x, upstream }, backend }) => {
  const { shape } = x;
  const dlogits = elementwise(backend, {
    reads: { logits: tf.reshape(logits, shape), x, upstream: besideRows(upstream, x) },
    shape,
    functions: SOFTPLUS,
    value: "upstream * (x - sigmoid(logits))",
  });
  return tf.reshape(dlogits, logits.shape);
});

type NormalInputs = { readonly mean: Tensor; readonly scale: Tensor; readonly x: Tensor };

/** All three in the shape of x, but for a single scale. */
function alike({ mean, scale, x }: NormalInputs): NormalInputs {
  const shared = scale.size < mean.size;
  return { mean: tf.reshape(mean, x.shape), scale: tf.reshape(scale, shared ? [] : x.shape), x };
}

/** Σ −½((x − μ)/σ)² − log σ − ½ log 2π. */
export const normalLogProb: WebglKernel = kernel<NormalInputs, { readonly event: Shape }>(
  "ElboNormalLogProb",
  ({ inputs, attributes: { event }, backend }) => {
    const { shape } = inputs.x;
    const densities = elementwise(backend, {
      reads: { ...alike(inputs) },
      shape,
      functions: `vec4 density(vec4 standardized, vec4 scale) {
        return -0.5 * standardized * standardized - log(scale) - ${HALF_LOG_2_PI};
      }`,
      value: "density((x - mean) / scale, scale)",
    });
    return sumOverEvent(backend, densities, rowsOf(shape, event).leading);
  },
);

/** dμ = dy·(x − μ)/σ² and dσ = dy·(((x − μ)/σ)² − 1)/σ, element by element. */
export const normalLogProbGradient: WebglKernel = kernel<
  NormalInputs & { readonly upstream: Tensor },
  unknown
>("ElboNormalLogProbGradient", ({ inputs: { mean, scale, x, upstream }, backend }) => {
  const reads = { ...alike({ mean, scale, x }), upstream: besideRows(upstream, x) };
  const { shape } = x;
  const dmean = elementwise(backend, {
    reads,
    shape,
    value: "upstream * ((x - mean) / scale) / scale",
  });
  const dscale = elementwise(backend, {
    reads,
    shape,
    functions: `vec4 squareLessOne(vec4 x) { return x * x - 1.0; }`,
    value: "upstream * squareLessOne((x - mean) / scale) / scale",
  });
  // A single scale is summed over by the operation, unless there is a single mean too.
  const alone = scale.size === mean.size;
  return [tf.reshape(dmean, mean.shape), tf.reshape(dscale, alone ? scale.shape : mean.shape)];
});
