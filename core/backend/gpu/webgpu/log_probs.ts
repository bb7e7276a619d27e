/**
 * The log-probabilities of Bernoulli and normal data, row by row.
 *
 * @module
 */
import type { tf } from "../../../deps.ts";
import { HALF_LOG_2_PI } from "../../../operations/normal_log_prob.ts";
import type { Shape } from "../../../types.ts";
import { rowsOf, sizeOf } from "../kernels.ts";
import { int, kernel, output, type WebgpuKernel } from "./program.ts";
import { launchElementwise, launchRows, SOFTPLUS } from "./shaders.ts";

/** Σ x·ℓ − softplus(ℓ). */
export const bernoulliLogProb: WebgpuKernel = kernel<
  { readonly logits: tf.TensorInfo; readonly x: tf.TensorInfo },
  { readonly event: Shape }
>("ElboBernoulliLogProb", ({ inputs: { logits, x }, attributes: { event }, backend }) => {
  const { leading, rows, columns } = rowsOf(x.shape, event);
  const y = output(backend, leading);
  launchRows(backend, {
    name: "ElboBernoulliLogProb",
    reads: { logits, x },
    writes: { y },
    rows,
    columns,
    functions: SOFTPLUS,
    term: "total += x[i] * logits[i] - softplus(logits[i]);",
    answer: "y[row] = sum;",
  });
  return y;
});

/** dℓ = dy·(x − sigmoid(ℓ)). */
export const bernoulliLogProbGradient: WebgpuKernel = kernel<
  { readonly logits: tf.TensorInfo; readonly x: tf.TensorInfo; readonly upstream: tf.TensorInfo },
  unknown
>("ElboBernoulliLogProbGradient", ({ inputs: { logits, x, upstream }, backend }) => {
  const dlogits = output(backend, logits.shape);
  launchElementwise(backend, {
    name: "ElboBernoulliLogProbGradient",
    reads: { logits, x, upstream },
    writes: { dlogits },
    uniforms: { columns: int(sizeOf(logits.shape) / sizeOf(upstream.shape)) },
    functions: SOFTPLUS,
    body: "dlogits[i] = upstream[i / uniforms.columns] * (x[i] - sigmoid(logits[i]));",
  });
  return dlogits;
});

type NormalInputs = {
  readonly mean: tf.TensorInfo;
  readonly scale: tf.TensorInfo;
  readonly x: tf.TensorInfo;
};

/** Elements in a row for which there is one scale: all of them, or one. */
function sharing({ mean, scale }: NormalInputs): number {
  return sizeOf(mean.shape) / sizeOf(scale.shape);
}

/** Σ −½((x − μ)/σ)² − log σ − ½ log 2π. */
export const normalLogProb: WebgpuKernel = kernel<NormalInputs, { readonly event: Shape }>(
  "ElboNormalLogProb",
  ({ inputs, attributes: { event }, backend }) => {
    const { leading, rows, columns } = rowsOf(inputs.x.shape, event);
    const y = output(backend, leading);
    launchRows(backend, {
      name: "ElboNormalLogProb",
      reads: { ...inputs },
      writes: { y },
      uniforms: { sharing: int(sharing(inputs)) },
      rows,
      columns,
      term: `let sigma = scale[i / uniforms.sharing];
        let standardized = (x[i] - mean[i]) / sigma;
        total -= 0.5 * standardized * standardized + log(sigma) + ${HALF_LOG_2_PI};`,
      answer: "y[row] = sum;",
    });
    return y;
  },
);

/** dμ = dy·(x − μ)/σ² and dσ = dy·(((x − μ)/σ)² − 1)/σ, element by element. */
export const normalLogProbGradient: WebgpuKernel = kernel<
  NormalInputs & { readonly upstream: tf.TensorInfo },
  unknown
>("ElboNormalLogProbGradient", ({ inputs: { mean, scale, x, upstream }, backend }) => {
  const dmean = output(backend, mean.shape);
  // A single scale is summed over by the operation, unless there is a single mean too.
  const dscale = output(backend, sharing({ mean, scale, x }) === 1 ? scale.shape : mean.shape);
  launchElementwise(backend, {
    name: "ElboNormalLogProbGradient",
    reads: { mean, scale, x, upstream },
    writes: { dmean, dscale },
    uniforms: {
      sharing: int(sharing({ mean, scale, x })),
      columns: int(sizeOf(mean.shape) / sizeOf(upstream.shape)),
    },
    body: `let sigma = scale[i / uniforms.sharing];
      let standardized = (x[i] - mean[i]) / sigma;
      let slope = upstream[i / uniforms.columns] / sigma;
      dmean[i] = slope * standardized;
      dscale[i] = slope * (standardized * standardized - 1.0);`,
  });
  return [dmean, dscale];
});
