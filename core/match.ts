/**
 * Whether data fit a model.
 *
 * @module
 */
import type { Dataset } from "./data/dataset.ts";
import { requireAlive, wrongType } from "./errors.ts";
import type { Vae } from "./model.ts";
import { accepts } from "./support.ts";
import { sameShape } from "./types.ts";

/** Throws unless the model is alive, and shape, support and condition of the data are those of the model. */
export function requireMatch(action: string, model: Vae, data: Dataset): void {
  requireAlive(action, model);
  const { spec, support } = model;
  const likelihood = `likelihood '${spec.parts.likelihood!.name}'`;
  if (!sameShape(data.shape, spec.data)) {
    const requirement = `the data must have rows of shape [${spec.data.join(", ")}]`;
    throw wrongType(action, requirement, data.shape);
  }
  if (!accepts(support, data.support)) {
    const name = typeof support === "string" ? `'${support}'` : JSON.stringify(support);
    throw wrongType(
      action,
      `the data must lie in the support ${name} of ${likelihood}`,
      data.support,
    );
  }
  const given = data.condition,
    wanted = spec.condition;
  if (given === undefined && wanted === undefined) return;
  if (given === undefined || wanted === undefined || !sameShape(given, wanted)) {
    const requirement = wanted === undefined
      ? "data for a model without a condition must have none"
      : `the data must have conditions of shape [${wanted.join(", ")}]`;
    throw wrongType(action, requirement, given ?? "none");
  }
}
