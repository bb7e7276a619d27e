/**
 * Adam, in one launch for all parameters where the backend has a kernel for it.
 *
 * m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − α·m̂/(√v̂ + ε)
 * Kingma and Ba, "Adam: a method for stochastic optimization", arXiv:1412.6980, algorithm 1.
 *
 * @module
 */
import { tf } from "../deps.ts";
import { outOfRange, requireNumber } from "../errors.ts";
import type { Optimizer, Tensor, Variable } from "../types.ts";
import { hasKernel, launch } from "./operation.ts";

/** The name of its kernel. */
export const ADAM = "ElboAdam";

/** How the kernel takes a step, given θ, m, v and g of every parameter one after the other. */
export interface AdamStep {
  readonly beta1: number;
  readonly beta2: number;
  /** α/(1 − β₁ᵗ). */
  readonly rate: number;
  /** 1/(1 − β₂ᵗ). */
  readonly correction: number;
  readonly epsilon: number;
}

/** Options of {@linkcode adam}. */
export interface AdamOptions {
  /**
   * α.
   * @default 0.001
   */
  readonly learningRate?: number;
  /**
   * β₁, how slowly the mean of the gradients changes.
   * @default 0.9
   */
  readonly beta1?: number;
  /**
   * β₂, how slowly the mean of their squares changes.
   * @default 0.999
   */
  readonly beta2?: number;
  /**
   * ε.
   * @default 1e-7
   */
  readonly epsilon?: number;
}

/** What TensorFlow.js's own Adam keeps, under names that its types hide. */
interface Moments {
  readonly accumulatedFirstMoment: { originalName: string; variable: Variable }[];
  readonly accumulatedSecondMoment: { originalName: string; variable: Variable }[];
  readonly accBeta1: Variable;
  readonly accBeta2: Variable;
}

type Gradients = Parameters<tf.Optimizer["applyGradients"]>[0];

/** TensorFlow.js's Adam, with its state and its way to save it, stepping by a kernel. */
class FusedAdam extends tf.AdamOptimizer {
  readonly #isFused = true;

  /** TensorFlow.js takes every optimizer for an instance of every other. */
  static owns(optimizer: Optimizer): optimizer is FusedAdam {
    return #isFused in optimizer;
  }

  override applyGradients(gradients: Gradients): void {
    this.step(gradients)?.dispose();
  }

  /** One step, and what the kernel found of each parameter before it: see {@linkcode applyGradients}. */
  step(gradients: Gradients): Tensor | undefined {
    if (!hasKernel(ADAM)) return this.#stepComposed(gradients);
    const named = Array.isArray(gradients)
      ? gradients.map(({ name, tensor }) => [name, tensor] as const)
      : Object.entries(gradients);
    const { accumulatedFirstMoment, accumulatedSecondMoment } = this as unknown as Moments;
    const inputs: Tensor[] = [];
    named.forEach(([name, gradient], i) => {
      const parameter = tf.engine().registeredVariables[name]!;
      const momentOf = (suffix: string) => ({
        originalName: `${name}/${suffix}`,
        variable: tf.tidy(() => tf.variable(tf.zerosLike(parameter), false)),
      });
      const first = accumulatedFirstMoment[i] ??= momentOf("m");
      const second = accumulatedSecondMoment[i] ??= momentOf("v");
      if (gradient != null) inputs.push(parameter, first.variable, second.variable, gradient);
    });
    const count = this.iterations + 1;
    const step: AdamStep = {
      beta1: this.beta1,
      beta2: this.beta2,
      rate: this.learningRate / (1 - this.beta1 ** count),
      correction: 1 / (1 - this.beta2 ** count),
      epsilon: this.epsilon,
    };
    const probes = launch<Tensor>(ADAM, inputs, step);
    this.incrementIterations();
    return probes;
  }

  /** The step in ordinary operations. */
  #stepComposed(gradients: Gradients): undefined {
    // Made anew, and not by multiplying: the step then depends on its number alone.
    const { accBeta1, accBeta2 } = this as unknown as Moments;
    const step = this.iterations + 1;
    tf.tidy(() => {
      accBeta1.assign(tf.scalar(this.beta1 ** step));
      accBeta2.assign(tf.scalar(this.beta2 ** step));
    });
    super.applyGradients(gradients as Parameters<tf.AdamOptimizer["applyGradients"]>[0]);
  }
}

/** Whether an optimizer probes the parameters while it changes them. */
export function probesParameters(optimizer: Optimizer): boolean {
  return FusedAdam.owns(optimizer) && hasKernel(ADAM);
}

/**
 * Changes the parameters by one step.
 *
 * @returns For every parameter a number that is finite only if all of it was finite before the
 * step, `[parameters]`, where the optimizer {@linkcode probesParameters}.
 */
export function applyGradients(
  optimizer: Optimizer,
  gradients: { name: string; tensor: Tensor }[],
): Tensor | undefined {
  if (FusedAdam.owns(optimizer)) return optimizer.step(gradients);
  optimizer.applyGradients(gradients);
  return undefined;
}

function requireDecay(name: string, value: number): void {
  if (value >= 0 && value < 1) return;
  throw outOfRange("build optimizer", `'${name}' must be at least 0 and below 1`, value);
}

/**
 * Adam as an optimizer for `fit`: one of `tf.train`'s kind, whose state `getWeights` and
 * `setWeights` save and restore.
 *
 * @param options α, β₁, β₂ and ε.
 * @throws {RangeError} If one of them is out of its range.
 *
 * @example
 * ```ts
 * import { adam } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * const x = tf.variable(tf.scalar(3));
 * const optimizer = adam({ learningRate: 0.1 });
 * for (let step = 0; step < 200; step++) optimizer.minimize(() => tf.square(x));
 * assert(Math.abs(x.dataSync()[0]!) < 0.1);
 * optimizer.dispose();
 * x.dispose();
 * ```
 */
export function adam(
  { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }: AdamOptions = {},
): Optimizer {
  const action = "build optimizer";
  requireNumber(action, "learningRate", learningRate, { minimum: 0, open: true });
  requireNumber(action, "epsilon", epsilon, { minimum: 0, open: true });
  requireDecay("beta1", beta1);
  requireDecay("beta2", beta2);
  return new FusedAdam(learningRate, beta1, beta2, epsilon);
}
