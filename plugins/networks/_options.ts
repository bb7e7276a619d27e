/**
 * Checks of the options that several networks have.
 *
 * @module
 */
import { outOfRange } from "../../core/errors.ts";
import { type Activation, activations } from "../../core/operations/activation.ts";

/** Throws unless an activation is one of ours. */
export function requireActivation(activation: Activation): void {
  if (Object.hasOwn(activations, activation)) return;
  const known = Object.keys(activations).join(", ");
  throw outOfRange("build network", `'activation' must be one of ${known}`, activation);
}
