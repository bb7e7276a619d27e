/**
 * The scale of a likelihood: a number, one weight for all outputs, or another output of the decoder.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { outOfRange, requireNumber } from "../../core/errors.ts";
import { constant } from "../../core/initializers.ts";
import type { Scope } from "../../core/scope.ts";
import type { Shape, Tensor } from "../../core/types.ts";
import { positiveScale, rawScaleOf } from "../../core/operations/positive_scale.ts";

/** How a scale is made. */
export type Scale = number | "shared" | "perOutput";

/** What the decoder says of it: σ before the softplus `[B, …D]`, where it has one for every output. */
export type ScaleOutputs = { readonly rawScale?: Tensor };

/** That of ½: data between 0 and 1 are told apart from the first step on. */
const FIRST_RAW_SCALE = rawScaleOf(0.5);

/** Throws unless a scale is a positive number or one of these words. */
export function requireScale(
  scale: unknown,
  words: readonly string[] = ["shared", "perOutput"],
): void {
  if (words.some((word) => word === scale)) return;
  if (typeof scale !== "number") {
    const last = words.at(-1), others = words.slice(0, -1).map((word) => `'${word}'`);
    const allowed = ["a positive number", ...others].join(", ");
    throw outOfRange("build likelihood", `'scale' must be ${allowed} or '${last}'`, scale);
  }
  requireNumber("build likelihood", "scale", scale, { minimum: 0, open: true });
}

/** What the decoder has to say of the scale, for data of shape `[…D]`. */
export function scaleHeads(scale: Scale | string, event: Shape): { readonly rawScale?: Shape } {
  return scale === "perOutput" ? { rawScale: event } : {};
}

/**
 * Asks the scope for the weight that a shared scale is, and returns how the scale comes out of what
 * the decoder says: `[]`, or `[B, …D]` where the decoder says it.
 */
export function buildScale(
  scale: Scale,
  scope: Scope,
): (outputs: ScaleOutputs) => Tensor {
  if (typeof scale === "number") return () => tf.scalar(scale);
  if (scale === "perOutput") return ({ rawScale }) => positiveScale(rawScale!);
  const rawScale = scope.weight("rawScale", [], constant(FIRST_RAW_SCALE));
  return () => positiveScale(rawScale());
}
