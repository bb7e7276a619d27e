/**
 * What the likelihoods of counts make of the outputs of a decoder.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { outOfRange } from "../../core/errors.ts";
import { zeros } from "../../core/initializers.ts";
import type { Scope } from "../../core/scope.ts";
import type { Tensor } from "../../core/types.ts";

/** Where the inverse dispersion comes from. */
export type Dispersion = "perFeature" | "perOutput";

/** The largest log mean without an offset: 4.8·10⁸, beyond the counts that float32 tells apart. */
const LARGEST_LOG_MEAN = 20;

/** The largest |log θ|: beyond 3.3·10⁶ and 3.1·10⁻⁷ nothing changes. */
const LARGEST_LOG_DISPERSION = 15;

/** x itself up to somewhat below a bound, which it never passes. */
function bounded(x: Tensor, largest: number): Tensor {
  return tf.sub(x, tf.softplus(tf.sub(x, largest)));
}

/** log μ `[B, …D]` out of the decoder's output and the log size factor `[B]`. */
export function logMeanOf(output: Tensor, offset: Tensor | undefined): Tensor {
  const logMean = bounded(output, LARGEST_LOG_MEAN);
  if (offset === undefined) return logMean;
  return tf.add(logMean, tf.reshape(offset, [-1, ...output.shape.slice(1).map(() => 1)]));
}

/** log θ out of any numbers. */
export function logInverseDispersionOf(raw: Tensor): Tensor {
  const below = bounded(raw, LARGEST_LOG_DISPERSION);
  return tf.neg(bounded(tf.neg(below), LARGEST_LOG_DISPERSION));
}

/** A learned log θ for every feature `[…D]`, from θ = 1 on. */
export function dispersionWeight(scope: Scope): () => Tensor {
  const raw = scope.weight("logInverseDispersion", scope.data, zeros);
  return () => logInverseDispersionOf(raw());
}

/** Throws unless a dispersion is one of the two. */
export function requireDispersion(dispersion: Dispersion): void {
  if (dispersion === "perFeature" || dispersion === "perOutput") return;
  const requirement = "'dispersion' must be 'perFeature' or 'perOutput'";
  throw outOfRange("build likelihood", requirement, dispersion);
}
