/**
 * Mutants of posteriors that stand in for plugins to come.
 *
 * @module
 */
import { type distributions, stopGradient, sumOverEvent, type Tensor } from "../../../mod.ts";
import { tf } from "../../../core/tf.ts";
import { posteriorLaws } from "../../laws/mod.ts";
import type { Mutant, Suite } from "../mutant.ts";
import {
  type AffineFlow,
  affineFlow,
  forward,
  inverse,
  type Step,
  transformed,
} from "../../stand_ins/affine_flow_posterior.ts";
import { denser, soundOf } from "./changes.ts";

/** A flow with something changed. */
function flowOf(
  bug: string,
  change: (q: AffineFlow, base: distributions.Normal, step: Step) => Partial<AffineFlow>,
): Mutant {
  const transform: typeof transformed = (base, step) => {
    const q = transformed(base, step);
    return { ...q, ...change(q, base, step) };
  };
  return { bug: `flow: ${bug}`, laws: () => posteriorLaws(affineFlow(transform)) };
}

/** Σ s of some latents. */
const logDeterminant = (step: Step, z: Tensor, { length }: readonly number[]): Tensor => {
  const y = inverse(step, z, z.shape.at(-1)!);
  return tf.sum(step(y).logScale, Array.from({ length }, (_, axis) => axis + 2));
};

const mutants: readonly Mutant[] = [
  flowOf(
    "the log-determinant has the wrong sign",
    (q, _, step) => denser(q, (z) => tf.mul(logDeterminant(step, z, q.event), 2)),
  ),
  flowOf(
    "the log-determinant is left out",
    (q, _, step) => denser(q, (z) => logDeterminant(step, z, q.event)),
  ),
  flowOf("the log-determinant is left out of what draws say", (q, base) => ({
    draw: (seed, samples) => ({
      value: q.draw(seed, samples).value,
      logProb: base.draw(seed, samples).logProb,
    }),
  })),
  flowOf("the inverse does not divide by exp s", (q, base, step) => ({
    logProb: (z) => {
      let y = z;
      for (let round = 0; round < 2; round++) y = tf.sub(z, step(y).shift);
      return tf.sub(base.logProb(y), sumOverEvent(step(y).logScale, q.event));
    },
  })),
  flowOf("the inverse takes m and s from z, not from y", (q, base, step) => ({
    logProb: (z) => {
      const { shift, logScale } = step(z);
      const y = tf.mul(tf.sub(z, shift), tf.exp(tf.neg(logScale)));
      return tf.sub(base.logProb(y), sumOverEvent(logScale, q.event));
    },
  })),
  flowOf("draws are of the normal before the step", (q, base, step) => ({
    draw: (seed, samples) => {
      const { value, logProb } = base.draw(seed, samples);
      return {
        value,
        logProb: () => tf.sub(logProb(), sumOverEvent(step(value).logScale, q.event)),
      };
    },
  })),
  flowOf("no gradient passes through the step of draws", (q, base, step) => ({
    draw: (seed, samples) => {
      const value = stopGradient(forward(step, base.draw(seed, samples).value));
      return { value, logProb: () => q.logProb(value) };
    },
  })),
];

/** Stand-ins of posteriors that are wrong, beside those that are sound. */
export const standInPosteriors: Suite = {
  name: "stand-ins: posteriors",
  sound: soundOf("affineFlow"),
  mutants,
};
