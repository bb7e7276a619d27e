/**
 * Checks of the options that several flows have.
 *
 * @module
 */
import { requirePositiveInteger, wrongType } from "../../core/errors.ts";

const ACTION = "build flow";

/** Throws unless some widths are a list of 1, 2, 3, … */
export function requireWidths(hidden: readonly number[]): void {
  if (!Array.isArray(hidden)) throw wrongType(ACTION, "'hidden' must be a list of widths", hidden);
  hidden.forEach((width) => requirePositiveInteger(ACTION, "hidden", width));
}

/** Throws unless the number of layers is 1, 2, 3, … */
export function requireLayers(layers: number): void {
  requirePositiveInteger(ACTION, "layers", layers);
}
