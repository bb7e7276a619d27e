/**
 * A reparameterized diagonal normal: its scale, its draws and its KL.
 *
 * @module
 */
import type { tf } from "../../../deps.ts";
import { elementsOf, kernel, type WasmKernel } from "../kernel.ts";
import type { Shape } from "../../../types.ts";

/** softplus(raw) + smallest. */
export const positiveScale: WasmKernel = kernel<
  { readonly raw: tf.TensorInfo },
  { readonly smallest: number }
>("ElboPositiveScale", ({ inputs: { raw }, attributes: { smallest }, runtime }) => {
  const scale = runtime.output(raw.shape);
  const [from, to] = [raw, scale].map(runtime.address) as [number, number];
  runtime.kernels.softplus(from, to, elementsOf(raw), smallest);
  return scale;
});

/** dy·sigmoid(raw). */
export const positiveScaleGradient: WasmKernel = kernel<
  { readonly raw: tf.TensorInfo; readonly upstream: tf.TensorInfo },
  unknown
>("ElboPositiveScaleGradient", ({ inputs: { raw, upstream }, runtime }) => {
  const draw = runtime.output(raw.shape);
  const [from, dy, to] = [raw, upstream, draw].map(runtime.address) as [number, number, number];
  runtime.kernels.softplusGradient(from, dy, to, elementsOf(raw));
  return draw;
});

/** μ + σ·ε. */
export const reparameterize: WasmKernel = kernel<
  { readonly mean: tf.TensorInfo; readonly scale: tf.TensorInfo; readonly noise: tf.TensorInfo },
  unknown
>("ElboReparameterize", ({ inputs: { mean, scale, noise }, runtime }) => {
  const z = runtime.output(noise.shape), size = elementsOf(mean);
  const { address } = runtime;
  const samples = noise.shape[0]!;
  runtime.kernels.reparameterize(
    address(mean),
    address(scale),
    address(noise),
    samples,
    size,
    address(z),
  );
  return z;
});

/** dμ = Σ dz and dσ = Σ dz·ε over the samples. */
export const reparameterizeGradient: WasmKernel = kernel<
  { readonly upstream: tf.TensorInfo; readonly noise: tf.TensorInfo },
  unknown
>("ElboReparameterizeGradient", ({ inputs: { upstream, noise }, runtime }) => {
  const [samples, ...shape] = noise.shape as [number, ...number[]];
  const dmean = runtime.output(shape), dscale = runtime.output(shape);
  const { address } = runtime;
  runtime.kernels.reparameterizeGradient(
    address(upstream),
    address(noise),
    samples,
    elementsOf(dmean),
    address(dmean),
    address(dscale),
  );
  return [dmean, dscale];
});

/** KL(N(μ, σ²) ‖ N(0, 1)) by element, and by event. */
export const normalKl: WasmKernel = kernel<
  { readonly mean: tf.TensorInfo; readonly scale: tf.TensorInfo },
  { readonly event: Shape }
>("ElboNormalKl", ({ inputs: { mean, scale }, attributes: { event }, runtime }) => {
  const leading = mean.shape.slice(0, mean.shape.length - event.length);
  const factors = runtime.output(mean.shape), nats = runtime.output(leading);
  const rows = elementsOf(nats);
  const { address } = runtime;
  runtime.kernels.normalKl(
    address(mean),
    address(scale),
    rows,
    rows === 0 ? 0 : elementsOf(mean) / rows,
    address(factors),
    address(nats),
  );
  return [factors, nats];
});

/** dμ and dσ of the KL. */
export const normalKlGradient: WasmKernel = kernel<
  {
    readonly mean: tf.TensorInfo;
    readonly scale: tf.TensorInfo;
    readonly dfactors: tf.TensorInfo;
    readonly dnats: tf.TensorInfo;
  },
  unknown
>("ElboNormalKlGradient", ({ inputs: { mean, scale, dfactors, dnats }, runtime }) => {
  const dmean = runtime.output(mean.shape), dscale = runtime.output(mean.shape);
  const rows = elementsOf(dnats);
  const { address } = runtime;
  runtime.kernels.normalKlGradient(
    address(mean),
    address(scale),
    address(dfactors),
    address(dnats),
    rows,
    rows === 0 ? 0 : elementsOf(mean) / rows,
    address(dmean),
    address(dscale),
  );
  return [dmean, dscale];
});
