/**
 * All kernels of ours on the wasm backend.
 *
 * @module
 */
import { adam } from "./fused/adam.ts";
import { convolution, transposedConvolution } from "./fused/convolution.ts";
import { copyInto } from "./fused/copy_into.ts";
import { addBias, addBiasGradient, dense, denseGradient } from "./fused/dense.ts";
import {
  normalKl,
  normalKlGradient,
  positiveScale,
  positiveScaleGradient,
  reparameterize,
  reparameterizeGradient,
} from "./fused/diagonal_normal.ts";
import {
  bernoulliLogProb,
  bernoulliLogProbGradient,
  normalLogProb,
  normalLogProbGradient,
} from "./fused/log_probs.ts";
import { inShape } from "./fused/in_shape.ts";
import { meanOfTotal, meanOfTotalGradient, means } from "./fused/means.ts";
import { normalNoise } from "./fused/normal_noise.ts";
import { takeRows } from "./fused/take_rows.ts";
import { registerKernels, type WasmKernel } from "./kernel.ts";
import {
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
  fusedConv2d,
} from "./replaced/conv2d.ts";
import {
  depthwiseConv2d,
  depthwiseFilterGradient,
  depthwiseInputGradient,
} from "./replaced/depthwise_conv2d.ts";
import { identity } from "./replaced/identity.ts";
import { batchMatMul, fusedMatMul } from "./replaced/mat_mul.ts";
import { segmentSum } from "./replaced/segment_sum.ts";
import { mean, sum } from "./replaced/sum.ts";
import { tile } from "./replaced/tile.ts";
import { unaries } from "./replaced/unary.ts";
import type { WasmRuntime } from "./runtime.ts";

/** For the operations of core/operations. */
const FUSED: readonly WasmKernel[] = [
  adam,
  addBias,
  addBiasGradient,
  bernoulliLogProb,
  bernoulliLogProbGradient,
  convolution,
  copyInto,
  dense,
  denseGradient,
  inShape,
  meanOfTotal,
  meanOfTotalGradient,
  means,
  normalKl,
  normalKlGradient,
  normalLogProb,
  normalLogProbGradient,
  normalNoise,
  positiveScale,
  positiveScaleGradient,
  reparameterize,
  reparameterizeGradient,
  takeRows,
  transposedConvolution,
];

/** In the place of TensorFlow.js's own, or where it has none. */
const REPLACED: readonly WasmKernel[] = [
  batchMatMul,
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
  depthwiseConv2d,
  depthwiseFilterGradient,
  depthwiseInputGradient,
  fusedConv2d,
  fusedMatMul,
  identity,
  mean,
  segmentSum,
  sum,
  tile,
  ...unaries,
];

/** Registers them all. */
export function registerAll(runtime: WasmRuntime): void {
  registerKernels([...FUSED, ...REPLACED], runtime);
}
