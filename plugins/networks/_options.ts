/**
 * Checks of the options that several networks have.
 *
 * @module
 */
import { outOfRange, requirePositiveInteger, wrongType } from "../../core/errors.ts";
import { type Activation, activations } from "../../core/operations/activation.ts";

const ACTION = "build network";

/** Throws unless some widths are a list of 1, 2, 3, … */
export function requireWidths(name: string, widths: readonly number[]): void {
  if (!Array.isArray(widths)) throw wrongType(ACTION, `'${name}' must be a list of widths`, widths);
  widths.forEach((width) => requirePositiveInteger(ACTION, name, width));
}

/** Throws unless an activation is one of ours. */
export function requireActivation(activation: Activation): void {
  if (Object.hasOwn(activations, activation)) return;
  const known = Object.keys(activations).join(", ");
  throw outOfRange(ACTION, `'activation' must be one of ${known}`, activation);
}
