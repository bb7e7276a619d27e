/**
 * Datasets that are refused.
 *
 * @module
 */
import assert from "node:assert/strict";
import { dataset, type DatasetOptions, type Support, type Values } from "../../mod.ts";

/**
 * Expects `dataset` to refuse some values, of support `"real"` unless told.
 *
 * @param message The type of the error and what follows "Cannot make dataset as".
 */
export function refusesDataset(
  values: unknown,
  options: Partial<DatasetOptions<Support>>,
  message: string,
): void {
  const name = message.startsWith("RangeError") ? "RangeError" : "TypeError";
  const expected = { name, message: message.replace(/^\w+: /, "Cannot make dataset as ") };
  assert.throws(() => dataset(values as Values, { support: "real", ...options }), expected);
}
