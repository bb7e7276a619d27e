/**
 * A reparameterized diagonal normal: its scale, its draws and its KL.
 *
 * @module
 */
import { tf } from "../../../deps.ts";
import type { Shape, Tensor } from "../../../types.ts";
import { rowsOf } from "../kernels.ts";
import { elementwise, kernel, SOFTPLUS, type WebglBackend, type WebglKernel } from "./program.ts";
import { sumOverEvent } from "./sums.ts";

/** softplus(raw) + smallest. */
export const positiveScale: WebglKernel = kernel<
  { readonly raw: tf.TensorInfo },
  { readonly smallest: number }
>(
  "ElboPositiveScale",
  ({ inputs: { raw }, attributes: { smallest }, backend }) =>
    elementwise(backend, {
      reads: { raw },
      shape: raw.shape,
      uniforms: { smallest },
      functions: SOFTPLUS,
      value: "softplus(raw) + smallest",
    }),
);

/** dy·sigmoid(raw). */
export const positiveScaleGradient: WebglKernel = kernel<
  { readonly raw: tf.TensorInfo; readonly upstream: tf.TensorInfo },
  unknown
>("ElboPositiveScaleGradient", ({ inputs: { raw, upstream }, backend }) =>
  elementwise(backend, {
    reads: { raw, upstream },
    shape: raw.shape,
    functions: SOFTPLUS,
    value: "upstream * sigmoid(raw)",
  }));

/** μ + σ·ε. */
export const reparameterize: WebglKernel = kernel<
  { readonly mean: tf.TensorInfo; readonly scale: tf.TensorInfo; readonly noise: tf.TensorInfo },
  unknown
>("ElboReparameterize", ({ inputs: { mean, scale, noise }, backend }) =>
  elementwise(backend, {
    reads: { mean, scale, noise },
    shape: noise.shape,
    value: "mean + scale * noise",
  }));

/** dμ = Σ dz and dσ = Σ dz·ε over the samples. */
export const reparameterizeGradient: WebglKernel = kernel<
  { readonly upstream: Tensor; readonly noise: Tensor },
  unknown
>("ElboReparameterizeGradient", ({ inputs: { upstream, noise }, backend }) => {
  const [samples, ...shape] = noise.shape;
  const product = elementwise(backend, {
    reads: { upstream, noise },
    shape: noise.shape,
    value: "upstream * noise",
  });
  return [upstream, product].map((x) => samples === 1 ? tf.reshape(x, shape) : tf.sum(x, 0));
});

/** KL(N(μ, σ²) ‖ N(0, 1)) by element, and by event. */
export const normalKl: WebglKernel = kernel<
  { readonly mean: tf.TensorInfo; readonly scale: tf.TensorInfo },
  { readonly event: Shape }
>("ElboNormalKl", ({ inputs: { mean, scale }, attributes: { event }, backend }) => {
  const factors = elementwise(backend, {
    reads: { mean, scale },
    shape: mean.shape,
    value: "0.5 * (mean * mean + scale * scale - 1.0 - 2.0 * log(scale))",
  });
  return [factors, sumOverEvent(backend, factors, rowsOf(mean.shape, event).leading)];
});

/** Whether these are zeros that never left the host, as of an answer that nothing depends on. */
function areHostZeros(backend: WebglBackend, { dataId }: tf.TensorInfo): boolean {
  const { texture, values } = backend.texData.get(dataId);
  return texture == null && values != null && Array.from(values).every((value) => value === 0);
}

/** dμ and dσ of the KL. */
export const normalKlGradient: WebglKernel = kernel<
  {
    readonly mean: Tensor;
    readonly scale: Tensor;
    readonly dfactors: Tensor;
    readonly dnats: Tensor;
  },
  unknown
>("ElboNormalKlGradient", ({ inputs: { mean, scale, dfactors, dnats }, backend }) => {
  const { shape } = mean, axes = mean.rank - dnats.rank;
  const row = tf.reshape(dnats, [...dnats.shape, ...Array(axes).fill(1)]);
  const alone = areHostZeros(backend, dfactors);
  const reads: Readonly<Record<string, Tensor>> = alone ? { row } : { row, dfactors };
  const slope = alone ? "row" : "(row + dfactors)";
  return [
    elementwise(backend, { reads: { ...reads, mean }, shape, value: `${slope} * mean` }),
    elementwise(backend, {
      reads: { ...reads, scale },
      shape,
      value: `${slope} * (scale - 1.0 / scale)`,
    }),
  ];
});
