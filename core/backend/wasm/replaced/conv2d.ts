/**
 * Convolutions as products of patches: im2col and col2im around the matrix product. Stock gradients
 * are naive loops, or missing.
 *
 * @module
 */
import { tf } from "../../../deps.ts";
import { elementsOf, kernel, type KernelAnswer, type WasmKernel } from "../kernel.ts";
import type { Geometry } from "../kernels.ts";
import type { WasmRuntime } from "../runtime.ts";

/** Bytes of patches that are made at once: they stay in the cache. */
const PATCH_BYTES = 1 << 20;

/** Numbers below which a pass is not worth a second thread. */
const GRAIN = 20_000;

/** What all convolutions have as attributes. */
export interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number | tf.backend_util.ExplicitPadding;
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly dataFormat?: "NHWC" | "NCHW";
}

type Info = tf.backend_util.Conv2DInfo;

/** The shapes of a convolution of pictures with a filter. */
export function convolutionOf(
  pictures: readonly number[],
  filter: readonly number[],
  { strides, pad, dilations = 1, dimRoundingMode }: ConvolutionAttributes,
  depthwise = false,
): Info {
  return tf.backend_util.computeConv2DInfo(
    pictures as [number, number, number, number],
    filter as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
    depthwise,
    "channelsLast",
  );
}

/** The numbers that say where the patches lie, as the wasm kernels take them. */
export function geometryOf(info: Info): Geometry {
  const { padInfo: { top, left }, outHeight, outWidth } = info;
  return [
    info.filterHeight,
    info.filterWidth,
    info.strideHeight,
    info.strideWidth,
    info.dilationHeight,
    info.dilationWidth,
    top,
    left,
    outHeight,
    outWidth,
  ];
}

/** A convolution cut into chunks of pictures whose patches stay in the cache. */
function chunksOf(info: Info) {
  const patch = info.filterHeight * info.filterWidth * info.inChannels;
  const pixels = info.outHeight * info.outWidth;
  const picture = info.inHeight * info.inWidth * info.inChannels;
  const atOnce = Math.max(1, Math.floor(PATCH_BYTES / (4 * pixels * patch)));
  const chunks: { readonly from: number; readonly pictures: number }[] = [];
  for (let from = 0; from < info.batchSize; from += atOnce) {
    chunks.push({ from, pictures: Math.min(atOnce, info.batchSize - from) });
  }
  // A filter of one pixel that is laid everywhere makes patches that are the pictures themselves.
  const isPicture = patch === info.inChannels && info.strideHeight === 1 &&
    info.strideWidth === 1 &&
    pixels === info.inHeight * info.inWidth;
  return { patch, pixels, picture, chunks, isPicture, bytes: 4 * pixels * patch * atOnce };
}

/** Makes patches of pictures, or pictures of patches, on all threads. */
function rearrange(
  name: "im2col" | "col2im",
  info: Info,
  pictures: number,
  x: number,
  patches: number,
  runtime: WasmRuntime,
): void {
  const { patch, pixels, picture } = chunksOf(info);
  const { inHeight, inWidth, inChannels } = info;
  runtime.inParts(name, pictures, 1 + GRAIN / (pixels * patch), (from, to) => {
    const [p, q] = [x + 4 * from * picture, patches + 4 * from * pixels * patch];
    const [first, last] = name === "im2col" ? [p, q] : [q, p];
    return [first, to - from, inHeight, inWidth, inChannels, ...geometryOf(info), last];
  });
}

function convolve(
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  info: Info,
  runtime: WasmRuntime,
  then: { readonly bias?: number; readonly relu?: boolean } = {},
): tf.TensorInfo {
  const { patch, pixels, picture, chunks, isPicture, bytes } = chunksOf(info);
  const y = runtime.output(info.outShape), n = info.outChannels;
  const patches = isPicture ? 0 : runtime.scratch(bytes);
  const [from, weights, to] = [x, filter, y].map(runtime.address) as [number, number, number];
  for (const { from: first, pictures } of chunks) {
    const start = from + 4 * first * picture;
    if (!isPicture) rearrange("im2col", info, pictures, start, patches, runtime);
    runtime.multiply({
      m: pictures * pixels,
      n,
      k: patch,
      a: isPicture ? start : patches,
      b: weights,
      c: to + 4 * first * pixels * n,
      ...then,
    });
  }
  return y;
}

const isOurs = (x: tf.TensorInfo, { dataFormat = "NHWC" }: ConvolutionAttributes): boolean =>
  dataFormat === "NHWC" && x.dtype === "float32";

/** `tf.conv2d`. */
export const conv2d: WasmKernel = kernel<
  { readonly x: tf.TensorInfo; readonly filter: tf.TensorInfo },
  ConvolutionAttributes
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
  ConvolutionAttributes & { readonly activation: string }
>("FusedConv2D", ({ inputs, attributes, runtime, stock }): KernelAnswer => {
  const { x, filter, bias, preluActivationWeights } = inputs, { activation } = attributes;
  const info = convolutionOf(x.shape, filter.shape, attributes);
  const plain = preluActivationWeights == null &&
    (activation === "linear" || activation === "relu") &&
    (bias == null || elementsOf(bias) === info.outChannels);
  if (!plain || !isOurs(x, attributes)) return stock();
  const then = { bias: bias == null ? 0 : runtime.address(bias), relu: activation === "relu" };
  return convolve(x, filter, info, runtime, then);
});

/** The gradient by the pictures, which is also `tf.conv2dTranspose`. */
export const conv2dInputGradient: WasmKernel = kernel<
  { readonly dy: tf.TensorInfo; readonly filter: tf.TensorInfo },
  ConvolutionAttributes & { readonly inputShape: readonly number[] }
>("Conv2DBackpropInput", ({ inputs: { dy, filter }, attributes, runtime, stock }) => {
  if (!isOurs(dy, attributes)) return stock();
  const info = convolutionOf(attributes.inputShape, filter.shape, attributes);
  const { patch, pixels, picture, chunks, isPicture, bytes } = chunksOf(info);
  const dx = runtime.output(info.inShape), k = info.outChannels;
  const patches = isPicture ? 0 : runtime.scratch(bytes);
  const [from, weights, to] = [dy, filter, dx].map(runtime.address) as [number, number, number];
  for (const { from: first, pictures } of chunks) {
    const start = to + 4 * first * picture;
    runtime.multiply({
      m: pictures * pixels,
      n: patch,
      k,
      a: from + 4 * first * pixels * k,
      b: weights,
      transposeB: true,
      c: isPicture ? start : patches,
    });
    if (!isPicture) rearrange("col2im", info, pictures, start, patches, runtime);
  }
  return dx;
});

/** The gradient by the filter. */
export const conv2dFilterGradient: WasmKernel = kernel<
  { readonly x: tf.TensorInfo; readonly dy: tf.TensorInfo },
  ConvolutionAttributes & { readonly filterShape: readonly number[] }
>("Conv2DBackpropFilter", ({ inputs: { x, dy }, attributes, runtime, stock }) => {
  if (!isOurs(x, attributes)) return stock();
  const info = convolutionOf(x.shape, attributes.filterShape, attributes);
  const { patch, pixels, picture, chunks, isPicture, bytes } = chunksOf(info);
  const dfilter = runtime.output(attributes.filterShape), n = info.outChannels;
  const patches = isPicture ? 0 : runtime.scratch(bytes);
  const [from, upstream, to] = [x, dy, dfilter].map(runtime.address) as [number, number, number];
  if (chunks.length === 0) runtime.view(to, elementsOf(dfilter)).fill(0);
  for (const { from: first, pictures } of chunks) {
    const start = from + 4 * first * picture;
    if (!isPicture) rearrange("im2col", info, pictures, start, patches, runtime);
    runtime.multiply({
      m: patch,
      n,
      k: pictures * pixels,
      a: isPicture ? start : patches,
      transposeA: true,
      b: upstream + 4 * first * pixels * n,
      c: to,
      accumulate: first > 0,
    });
  }
  return dfilter;
});
