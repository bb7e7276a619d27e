/**
 * Depthwise convolutions and their gradients, which the stock backend lacks.
 *
 * @module
 */
import type { tf } from "../../../deps.ts";
import { kernel, type WasmKernel } from "../kernel.ts";
import { convolutionOf, geometryOf, type StockAttributes } from "../convolutions.ts";

/** `tf.depthwiseConv2d`. */
export const depthwiseConv2d: WasmKernel = kernel<
  { readonly x: tf.TensorInfo; readonly filter: tf.TensorInfo },
  StockAttributes
>("DepthwiseConv2dNative", ({ inputs: { x, filter }, attributes, runtime, stock }) => {
  if (x.dtype !== "float32") return stock();
  const info = convolutionOf(x.shape, filter.shape, attributes, true);
  const y = runtime.output(info.outShape);
  const [from, weights, to] = [x, filter, y].map(runtime.address) as [number, number, number];
  const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
  const [read, written] = [inHeight * inWidth * inChannels, outHeight * outWidth * outChannels];
  runtime.inParts("depthwise", info.batchSize, 1, (first, end) => [
    from + 4 * first * read,
    weights,
    end - first,
    inHeight,
    inWidth,
    inChannels,
    filter.shape[3]!,
    ...geometryOf(info),
    to + 4 * first * written,
  ]);
  return y;
});

/** The gradient by the pictures. */
export const depthwiseInputGradient: WasmKernel = kernel<
  { readonly dy: tf.TensorInfo; readonly filter: tf.TensorInfo },
  StockAttributes & { readonly inputShape: readonly number[] }
>(
  "DepthwiseConv2dNativeBackpropInput",
  ({ inputs: { dy, filter }, attributes, runtime }) => {
    const info = convolutionOf(attributes.inputShape, filter.shape, attributes, true);
    const dx = runtime.output(info.inShape);
    const [from, weights, to] = [dy, filter, dx].map(runtime.address) as [number, number, number];
    const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
    const [written, read] = [inHeight * inWidth * inChannels, outHeight * outWidth * outChannels];
    runtime.inParts("depthwiseInputGradient", info.batchSize, 1, (first, end) => [
      from + 4 * first * read,
      weights,
      end - first,
      inHeight,
      inWidth,
      inChannels,
      filter.shape[3]!,
      ...geometryOf(info),
      to + 4 * first * written,
    ]);
    return dx;
  },
);

/** The gradient by the filter. */
export const depthwiseFilterGradient: WasmKernel = kernel<
  { readonly x: tf.TensorInfo; readonly dy: tf.TensorInfo },
  StockAttributes & { readonly filterShape: readonly number[] }
>(
  "DepthwiseConv2dNativeBackpropFilter",
  ({ inputs: { x, dy }, attributes, runtime }) => {
    const info = convolutionOf(x.shape, attributes.filterShape, attributes, true);
    const dfilter = runtime.output(attributes.filterShape);
    const { address } = runtime;
    const { batchSize, inHeight, inWidth, inChannels } = info;
    runtime.kernels.depthwiseFilterGradient(
      address(x),
      address(dy),
      batchSize,
      inHeight,
      inWidth,
      inChannels,
      attributes.filterShape[3]!,
      ...geometryOf(info),
      address(dfilter),
    );
    return dfilter;
  },
);
