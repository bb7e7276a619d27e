/**
 * All kernels of ours on the WebGPU backend.
 *
 * @module
 */
import { dense } from "../dense.ts";
import { registerKernels } from "../kernels.ts";
import { adam } from "./adam.ts";
import { addBias, addBiasGradient } from "./add_bias.ts";
import { replaceCast } from "./cast.ts";
import {
  normalKl,
  normalKlGradient,
  positiveScale,
  positiveScaleGradient,
  reparameterize,
  reparameterizeGradient,
} from "./diagonal_normal.ts";
import {
  bernoulliLogProb,
  bernoulliLogProbGradient,
  normalLogProb,
  normalLogProbGradient,
} from "./log_probs.ts";
import { meanOfTotal, meanOfTotalGradient, means } from "./means.ts";

/** Registers them. */
export function registerWebgpuKernels(): void {
  replaceCast();
  registerKernels("webgpu", [
    adam,
    addBias,
    addBiasGradient,
    bernoulliLogProb,
    bernoulliLogProbGradient,
    ...dense,
    meanOfTotal,
    meanOfTotalGradient,
    means,
    normalKl,
    normalKlGradient,
    normalLogProb,
    normalLogProbGradient,
    positiveScale,
    positiveScaleGradient,
    reparameterize,
    reparameterizeGradient,
  ]);
}
