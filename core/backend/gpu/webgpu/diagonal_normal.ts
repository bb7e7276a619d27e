/**
 * A reparameterized diagonal normal: its scale, its draws and its KL.
 *
 * @module
 */
import type { tf } from "../../../deps.ts";
import type { Shape } from "../../../types.ts";
import { rowsOf, sizeOf } from "../kernels.ts";
import { float, int, kernel, output, type WebgpuKernel } from "./program.ts";
import { launchElementwise, launchRows, SOFTPLUS } from "./shaders.ts";

/** softplus(raw) + smallest. */
export const positiveScale: WebgpuKernel = kernel<
  { readonly raw: tf.TensorInfo },
  { readonly smallest: number }
>("ElboPositiveScale", ({ inputs: { raw }, attributes: { smallest }, backend }) => {
  const scale = output(backend, raw.shape);
  launchElementwise(backend, {
    name: "ElboPositiveScale",
    reads: { raw },
    writes: { scale },
    uniforms: { smallest: float(smallest) },
    functions: SOFTPLUS,
    body: "scale[i] = softplus(raw[i]) + uniforms.smallest;",
  });
  return scale;
});

/** dy·sigmoid(raw). */
export const positiveScaleGradient: WebgpuKernel = kernel<
  { readonly raw: tf.TensorInfo; readonly upstream: tf.TensorInfo },
  unknown
>("ElboPositiveScaleGradient", ({ inputs: { raw, upstream }, backend }) => {
  const draw = output(backend, raw.shape);
  launchElementwise(backend, {
    name: "ElboPositiveScaleGradient",
    reads: { raw, upstream },
    writes: { draw },
    functions: SOFTPLUS,
    body: "draw[i] = upstream[i] * sigmoid(raw[i]);",
  });
  return draw;
});

/** μ + σ·ε. */
export const reparameterize: WebgpuKernel = kernel<
  { readonly mean: tf.TensorInfo; readonly scale: tf.TensorInfo; readonly noise: tf.TensorInfo },
  unknown
>("ElboReparameterize", ({ inputs: { mean, scale, noise }, backend }) => {
  const z = output(backend, noise.shape);
  launchElementwise(backend, {
    name: "ElboReparameterize",
    reads: { mean, scale, noise },
    writes: { z },
    uniforms: { each: int(sizeOf(mean.shape)) },
    body: "let j = i % uniforms.each; z[i] = mean[j] + scale[j] * noise[i];",
  });
  return z;
});

/** dμ = Σ dz and dσ = Σ dz·ε over the samples. */
export const reparameterizeGradient: WebgpuKernel = kernel<
  { readonly upstream: tf.TensorInfo; readonly noise: tf.TensorInfo },
  unknown
>("ElboReparameterizeGradient", ({ inputs: { upstream, noise }, backend }) => {
  const [samples, ...shape] = noise.shape as [number, ...number[]];
  const dmean = output(backend, shape), dscale = output(backend, shape);
  launchElementwise(backend, {
    name: "ElboReparameterizeGradient",
    reads: { upstream, noise },
    writes: { dmean, dscale },
    uniforms: { samples: int(samples) },
    body: `var first = 0.0;
      var second = 0.0;
      for (var s = 0; s < uniforms.samples; s++) {
        let j = s * uniforms.size + i;
        first += upstream[j];
        second += upstream[j] * noise[j];
      }
      dmean[i] = first;
      dscale[i] = second;`,
  });
  return [dmean, dscale];
});

/** KL(N(μ, σ²) ‖ N(0, 1)) by element, and by event. */
export const normalKl: WebgpuKernel = kernel<
  { readonly mean: tf.TensorInfo; readonly scale: tf.TensorInfo },
  { readonly event: Shape }
>("ElboNormalKl", ({ inputs: { mean, scale }, attributes: { event }, backend }) => {
  const { leading, rows, columns } = rowsOf(mean.shape, event);
  const factors = output(backend, mean.shape), nats = output(backend, leading);
  launchRows(backend, {
    name: "ElboNormalKl",
    reads: { mean, scale },
    writes: { factors, nats },
    rows,
    columns,
    term: `let square = mean[i] * mean[i] + scale[i] * scale[i];
      let factor = 0.5 * (square - 1.0 - 2.0 * log(scale[i]));
      factors[i] = factor;
      total += factor;`,
    answer: "nats[row] = sum;",
  });
  return [factors, nats];
});

/** dμ and dσ of the KL. */
export const normalKlGradient: WebgpuKernel = kernel<
  {
    readonly mean: tf.TensorInfo;
    readonly scale: tf.TensorInfo;
    readonly dfactors: tf.TensorInfo;
    readonly dnats: tf.TensorInfo;
  },
  unknown
>("ElboNormalKlGradient", ({ inputs: { mean, scale, dfactors, dnats }, backend }) => {
  const dmean = output(backend, mean.shape), dscale = output(backend, mean.shape);
  launchElementwise(backend, {
    name: "ElboNormalKlGradient",
    reads: { mean, scale, dfactors, dnats },
    writes: { dmean, dscale },
    uniforms: { columns: int(sizeOf(mean.shape) / sizeOf(dnats.shape)) },
    body: `let dfactor = dfactors[i] + dnats[i / uniforms.columns];
      dmean[i] = dfactor * mean[i];
      dscale[i] = dfactor * (scale[i] - 1.0 / scale[i]);`,
  });
  return [dmean, dscale];
});
