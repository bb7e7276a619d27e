/**
 * The values of all parameters of a model.
 *
 * @module
 */
import type { Vae } from "../../mod.ts";

/** All values by path, as they are now. */
export function valuesOf(model: Vae): Record<string, number[]> {
  return Object.fromEntries(
    Array.from(model.parameters, ([path, variable]) => [path, [...variable.dataSync()]]),
  );
}
