/**
 * What every list of terms has to be.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import type { Ledger, Term } from "../../../core/ledger.ts";
import { sameShape, type Tensor } from "../../../core/types.ts";
import { numbers } from "../numerics/numbers.ts";
import { requireFinite, requireThat, Violation } from "../violation.ts";

/** Throws unless terms have names of their own, numbers `[B]` or `[]`, and say how they were made. */
export function requireTerms(terms: readonly Term[], rows: number): void {
  requireThat(Array.isArray(terms) && terms.length > 0, "a list of at least one term", terms);
  const names = terms.map(({ name }) => name);
  requireThat(
    names.every((name) => typeof name === "string" && name !== ""),
    "a name for every term",
    JSON.stringify(names),
  );
  requireThat(new Set(names).size === names.length, "a name of its own for every term", names);
  for (const { name, nats, contribution, estimator, samples } of terms) {
    for (const [what, tensor] of Object.entries({ nats, contribution })) {
      const shape = tensor?.shape;
      if (shape === undefined || !(shape.length === 0 || sameShape(shape, [rows]))) {
        throw new Violation(`'${what}' of '${name}' to have shape [${rows}] or []`, `[${shape}]`);
      }
      requireFinite(`'${what}' of '${name}'`, numbers(tensor));
    }
    const known = ["closed form", "Monte Carlo", "biased"].includes(estimator);
    requireThat(known, `an estimator that the ledger knows for '${name}'`, estimator);
    requireThat(
      Number.isInteger(samples) && (estimator === "closed form") === (samples === 0),
      `'samples' of '${name}' to be 0 for a closed form, and positive otherwise`,
      `${samples} for ${estimator}`,
    );
  }
}

/** Whether every row has a number for each datum, rather than one for all. */
export function arePerDatum(rows: readonly Tensor[]): boolean {
  return rows.every((row) => row.rank === 1);
}

/** The sum of some rows: `[B]`, or its mean `[1]` over the batch where a row is one number. */
export function sumOfRows(rows: readonly Tensor[]): Tensor {
  const perDatum = arePerDatum(rows);
  return rows
    .map((row) => perDatum ? row : tf.reshape(tf.mean(row), [1]))
    .reduce((sum, row) => tf.add(sum, row));
}

/** Numbers `[B]` in the form of such a sum. */
export function likeRows(values: ArrayLike<number>, rows: readonly Tensor[]): readonly number[] {
  const list = Array.from(values);
  if (arePerDatum(rows)) return list;
  return [list.reduce((a, b) => a + b, 0) / list.length];
}

/** What training differentiates. */
export const differentiated = ({ surrogate, objective }: Ledger): Tensor => surrogate ?? objective;
