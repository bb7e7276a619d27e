/**
 * p(x|z) = ∏ StudentT(x | ν, μ(z), σ), for data on the real line with outliers, which a normal would
 * have to make room for.
 *
 * σ is a number, or one weight that the model learns, or another output of the decoder; ν is a
 * number or one weight.
 *
 * Takahashi et al., "Student-t variational autoencoder for robust density estimation", IJCAI 2018.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { outOfRange, requireNumber } from "../../core/errors.ts";
import { constant } from "../../core/initializers.ts";
import type { Likelihood } from "../../core/likelihood.ts";
import type { Scope } from "../../core/scope.ts";
import type { Outputs, Shape, Tensor } from "../../core/types.ts";
import { positiveScale, rawScaleOf } from "../../core/operations/positive_scale.ts";
import { type StudentT, studentT as studentTDistribution } from "../distributions/student_t.ts";
import { buildScale, requireScale, scaleHeads, type ScaleOutputs } from "./_scale.ts";

/** What a scale that is not an output of the decoder leaves for the decoder to say. */
export type StudentTHeads = {
  /** μ `[…D]`. */
  readonly location: Shape;
};

/** What the decoder says when the scale is an output of its own. */
export type StudentTPerOutputHeads = {
  /** μ `[…D]`. */
  readonly location: Shape;
  /** σ before the softplus `[…D]`. */
  readonly rawScale: Shape;
};

/** Options of {@linkcode studentT} with one scale for all outputs. */
export interface StudentTOptions {
  /**
   * ν, a number above 1 so that there is a mean, or `"shared"` for one that the model learns.
   * @default "shared"
   */
  readonly degreesOfFreedom?: number | "shared";
  /**
   * A number, or `"shared"` for one scale that the model learns.
   * @default "shared"
   */
  readonly scale?: number | "shared";
}

/** Options of {@linkcode studentT} with a scale for every output. */
export interface StudentTPerOutputOptions {
  /**
   * ν, a number above 1 so that there is a mean, or `"shared"` for one that the model learns.
   * @default "shared"
   */
  readonly degreesOfFreedom?: number | "shared";
  /** The decoder says σ of every output. */
  readonly scale: "perOutput";
}

/** That of ν = 1 + 4, which has a variance, and tails that outliers can reach. */
const FIRST_RAW_DEGREES = rawScaleOf(4);

function requireDegreesOfFreedom(value: unknown): void {
  if (value === "shared") return;
  if (typeof value !== "number") {
    const requirement = "'degreesOfFreedom' must be a number above 1 or 'shared'";
    throw outOfRange("build likelihood", requirement, value);
  }
  requireNumber("build likelihood", "degreesOfFreedom", value, { minimum: 1, open: true });
}

/** ν `[]`: the number, or 1 + softplus of a weight. */
function buildDegreesOfFreedom(value: number | "shared", scope: Scope): () => Tensor {
  if (value !== "shared") return () => tf.scalar(value);
  const raw = scope.weight("rawDegreesOfFreedom", [], constant(FIRST_RAW_DEGREES));
  return () => tf.add(1, positiveScale(raw()));
}

/**
 * A likelihood for any finite numbers that outliers do not pull away:
 * p(x|z) = ∏ StudentT(x | ν, μ(z), σ).
 *
 * @param options The degrees of freedom, and how the scale is made: `"shared"` unless told.
 * @throws {RangeError} If the degrees of freedom are a number that is not above 1, the scale one that
 * is not positive, or either an unknown word.
 *
 * @example
 * ```ts
 * import { likelihoods } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const robust = likelihoods.studentT({ degreesOfFreedom: 4 });
 * assert.deepEqual(robust.heads([784]), { location: [784] });
 * assert.throws(() => likelihoods.studentT({ degreesOfFreedom: 1 }), /must be a number above 1/);
 * ```
 */
export function studentT(options?: StudentTOptions): Likelihood<StudentTHeads, "real", StudentT>;
/** The same, whose σ is another output of the decoder. */
export function studentT(
  options: StudentTPerOutputOptions,
): Likelihood<StudentTPerOutputHeads, "real", StudentT>;
export function studentT(
  { degreesOfFreedom = "shared", scale = "shared" }: StudentTOptions | StudentTPerOutputOptions =
    {},
):
  | Likelihood<StudentTHeads, "real", StudentT>
  | Likelihood<StudentTPerOutputHeads, "real", StudentT> {
  requireDegreesOfFreedom(degreesOfFreedom);
  requireScale(scale);
  return {
    kind: "likelihood",
    name: "studentT",
    options: { degreesOfFreedom, scale },
    support: "real",
    heads: (event) => ({ location: event, ...scaleHeads(scale, event) }),
    build: (scope) => {
      const degreesOf = buildDegreesOfFreedom(degreesOfFreedom, scope);
      const scaleOf = buildScale(scale, scope);
      return (outputs: Outputs<StudentTHeads> & ScaleOutputs) =>
        studentTDistribution({
          degreesOfFreedom: degreesOf(),
          location: outputs.location,
          scale: scaleOf(outputs),
        });
    },
  };
}
