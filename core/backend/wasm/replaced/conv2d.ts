/**
 * Convolutions of TensorFlow.js. Stock gradients are naive loops, or missing.
 *
 * @module
 */
import type { tf } from "../../../deps.ts";
import {
  convolutionOf,
  convolve,
  convolveTransposed,
  filterGradient,
  type StockAttributes,
} from "../convolutions.ts";
import { elementsOf, kernel, type KernelAnswer, type WasmKernel } from "../kernel.ts";

const isOurs = (x: tf.TensorInfo, { dataFormat = "NHWC" }: StockAttributes): boolean =>
  dataFormat === "NHWC" && x.dtype === "float32";

/** `tf.conv2d`. */
export const conv2d: WasmKernel = kernel<
  { readonly x: tf.TensorInfo; readonly filter: tf.TensorInfo },
  StockAttributes
>("Conv2D", ({ inputs: { x, filter }, attributes, runtime, stock }) => {
  if (!isOurs(x, attributes)) return stock();
  return convolve(x, filter, convolutionOf(x.shape, filter.shape, attributes), runtime);
});

/** `tf.fused.conv2d`, which layers of TensorFlow.js use where they are not trained. */
export const fusedConv2d: WasmKernel = kernel<
  {
    readonly x: tf.TensorInfo;
    readonly filter: tf.TensorInfo;
    readonly bias?: tf.TensorInfo;
    readonly preluActivationWeights?: tf.TensorInfo;
  },
  StockAttributes & { readonly activation: string }
>("FusedConv2D", ({ inputs, attributes, runtime, stock }): KernelAnswer => {
  const { x, filter, bias, preluActivationWeights } = inputs, { activation } = attributes;
  const shapes = convolutionOf(x.shape, filter.shape, attributes);
  const plain = preluActivationWeights == null &&
    (activation === "linear" || activation === "relu") &&
    (bias == null || elementsOf(bias) === shapes.outChannels);
  if (!plain || !isOurs(x, attributes)) return stock();
  const then = { bias: bias == null ? 0 : runtime.address(bias), relu: activation === "relu" };
  return convolve(x, filter, shapes, runtime, then);
});

/** The gradient by the pictures, which is also `tf.conv2dTranspose`. */
export const conv2dInputGradient: WasmKernel = kernel<
  { readonly dy: tf.TensorInfo; readonly filter: tf.TensorInfo },
  StockAttributes & { readonly inputShape: readonly number[] }
>("Conv2DBackpropInput", ({ inputs: { dy, filter }, attributes, runtime, stock }) => {
  if (!isOurs(dy, attributes)) return stock();
  const shapes = convolutionOf(attributes.inputShape, filter.shape, attributes);
  return convolveTransposed(dy, filter, shapes, runtime);
});

/** The gradient by the filter. */
export const conv2dFilterGradient: WasmKernel = kernel<
  { readonly x: tf.TensorInfo; readonly dy: tf.TensorInfo },
  StockAttributes & { readonly filterShape: readonly number[] }
>("Conv2DBackpropFilter", ({ inputs: { x, dy }, attributes, runtime, stock }) => {
  if (!isOurs(x, attributes)) return stock();
  const shapes = convolutionOf(x.shape, attributes.filterShape, attributes);
  return filterGradient(x, dy, shapes, runtime);
});
