/**
 * Convolutions as products of patches: im2col and col2im around the matrix product.
 *
 * @module
 */
import { tf } from "../../deps.ts";
import { addBias } from "./add_bias.ts";
import { elementsOf } from "./kernel.ts";
import type { Address, Geometry } from "./kernels.ts";
import type { Product } from "./products.ts";
import type { WasmRuntime } from "./runtime.ts";

/** Bytes of patches that are made at once: they stay in the cache. */
const PATCH_BYTES = 1 << 20;

/** Numbers below which a pass is not worth a second thread. */
const GRAIN = 20_000;

/** What all convolutions of TensorFlow.js have as attributes. */
export interface StockAttributes {
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number | tf.backend_util.ExplicitPadding;
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly dataFormat?: "NHWC" | "NCHW";
}

/** The shapes of a convolution from large pictures to small ones. */
export type ConvolutionShapes = tf.backend_util.Conv2DInfo;

/** What follows a convolution. */
export type Then = Pick<Product, "bias" | "relu">;

/** The shapes of a convolution of pictures with a filter. */
export function convolutionOf(
  pictures: readonly number[],
  filter: readonly number[],
  { strides, pad, dilations = 1, dimRoundingMode }: StockAttributes,
  depthwise = false,
): ConvolutionShapes {
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
export function geometryOf(shapes: ConvolutionShapes): Geometry {
  const { padInfo: { top, left }, outHeight, outWidth } = shapes;
  return [
    shapes.filterHeight,
    shapes.filterWidth,
    shapes.strideHeight,
    shapes.strideWidth,
    shapes.dilationHeight,
    shapes.dilationWidth,
    top,
    left,
    outHeight,
    outWidth,
  ];
}

/** A convolution cut into chunks of pictures whose patches stay in the cache. */
function chunksOf(shapes: ConvolutionShapes) {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, batchSize } = shapes;
  const patch = shapes.filterHeight * shapes.filterWidth * inChannels;
  const pixels = outHeight * outWidth;
  const atOnce = Math.max(1, Math.floor(PATCH_BYTES / (4 * pixels * patch)));
  const chunks: { readonly from: number; readonly pictures: number }[] = [];
  for (let from = 0; from < batchSize; from += atOnce) {
    chunks.push({ from, pictures: Math.min(atOnce, batchSize - from) });
  }
  // A filter of one pixel that is laid everywhere makes patches that are the pictures themselves.
  const isPicture = patch === inChannels && shapes.strideHeight === 1 &&
    shapes.strideWidth === 1 && pixels === inHeight * inWidth;
  const [large, small] = [inHeight * inWidth * inChannels, pixels * outChannels];
  return { patch, pixels, large, small, chunks, isPicture, bytes: 4 * pixels * patch * atOnce };
}

/** Makes patches of pictures, or pictures of patches, on all threads. */
function rearrange(
  name: "im2col" | "col2im",
  shapes: ConvolutionShapes,
  { patch, pixels, large }: ReturnType<typeof chunksOf>,
  { pictures, x, patches }: { pictures: number; x: Address; patches: Address },
  { inParts }: WasmRuntime,
): void {
  const { inHeight, inWidth, inChannels } = shapes;
  inParts(name, pictures, 1 + GRAIN / (pixels * patch), (from, to) => {
    const [p, q] = [x + 4 * from * large, patches + 4 * from * pixels * patch];
    const [first, last] = name === "im2col" ? [p, q] : [q, p];
    return [first, to - from, inHeight, inWidth, inChannels, ...geometryOf(shapes), last];
  });
}

/** From large pictures to small ones. */
export function convolve(
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  shapes: ConvolutionShapes,
  runtime: WasmRuntime,
  then: Then = {},
): tf.TensorInfo {
  const cut = chunksOf(shapes);
  const { patch, pixels, large, small, chunks, isPicture, bytes } = cut;
  const y = runtime.output(shapes.outShape);
  const patches = isPicture ? 0 : runtime.scratch(bytes);
  const [from, weights, to] = [x, filter, y].map(runtime.address) as [number, number, number];
  for (const { from: first, pictures } of chunks) {
    const start = from + 4 * first * large;
    if (!isPicture) rearrange("im2col", shapes, cut, { pictures, x: start, patches }, runtime);
    runtime.multiply({
      m: pictures * pixels,
      n: shapes.outChannels,
      k: patch,
      a: isPicture ? start : patches,
      b: weights,
      c: to + 4 * first * small,
      ...then,
    });
  }
  return y;
}

/** From small pictures to large ones. */
export function convolveTransposed(
  y: tf.TensorInfo,
  filter: tf.TensorInfo,
  shapes: ConvolutionShapes,
  runtime: WasmRuntime,
  then?: Required<Then>,
): tf.TensorInfo {
  const cut = chunksOf(shapes);
  const { patch, pixels, large, small, chunks, isPicture, bytes } = cut;
  const x = runtime.output(shapes.inShape);
  const patches = isPicture ? 0 : runtime.scratch(bytes);
  const [from, weights, to] = [y, filter, x].map(runtime.address) as [number, number, number];
  for (const { from: first, pictures } of chunks) {
    const start = to + 4 * first * large;
    runtime.multiply({
      m: pictures * pixels,
      n: patch,
      k: shapes.outChannels,
      a: from + 4 * first * small,
      b: weights,
      transposeB: true,
      c: isPicture ? start : patches,
      ...(isPicture && then),
    });
    if (!isPicture) rearrange("col2im", shapes, cut, { pictures, x: start, patches }, runtime);
    if (isPicture || then === undefined) continue;
    // While they are in the cache.
    const rows = pictures * shapes.inHeight * shapes.inWidth;
    addBias({ x: start, rows, columns: shapes.inChannels, ...then }, runtime.inParts);
  }
  return x;
}

/** The gradient by the filter, of large pictures and the gradient by small ones. */
export function filterGradient(
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  shapes: ConvolutionShapes,
  runtime: WasmRuntime,
): tf.TensorInfo {
  const cut = chunksOf(shapes);
  const { patch, pixels, large, small, chunks, isPicture, bytes } = cut;
  const dfilter = runtime.output(shapes.filterShape);
  const patches = isPicture ? 0 : runtime.scratch(bytes);
  const [from, upstream, to] = [x, dy, dfilter].map(runtime.address) as [number, number, number];
  if (chunks.length === 0) runtime.view(to, elementsOf(dfilter)).fill(0);
  for (const { from: first, pictures } of chunks) {
    const start = from + 4 * first * large;
    if (!isPicture) rearrange("im2col", shapes, cut, { pictures, x: start, patches }, runtime);
    runtime.multiply({
      m: patch,
      n: shapes.outChannels,
      k: pictures * pixels,
      a: isPicture ? start : patches,
      transposeA: true,
      b: upstream + 4 * first * small,
      c: to,
      accumulate: first > 0,
    });
  }
  return dfilter;
}
