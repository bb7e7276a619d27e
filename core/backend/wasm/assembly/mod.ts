// @ts-nocheck: AssemblyScript
// The kernels of core/backend/wasm/kernels.ts, which says what each does. They use the memory that
// they are given addresses of and no other: no globals, no data, no heap.

export { adam } from "./adam.ts";
export { bernoulliLogProb, bernoulliLogProbGradient } from "./bernoulli.ts";
export { addBias, addBiasGradient } from "./bias.ts";
export { depthwise, depthwiseFilterGradient, depthwiseInputGradient } from "./depthwise.ts";
export { gemm, gemmWorkspace } from "./gemm.ts";
export { normalNoise } from "./noise.ts";
export {
  normalKl,
  normalKlGradient,
  normalLogProb,
  normalLogProbGradient,
  reparameterize,
  reparameterizeGradient,
} from "./normal.ts";
export { col2im, im2col } from "./patches.ts";
export { segmentSum } from "./segments.ts";
export { sumColumns, sumRows } from "./sums.ts";
export { exp, sigmoid, softplus, softplusGradient, tanh } from "./unary.ts";
