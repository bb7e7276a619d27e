/**
 * What a model may be given: shapes to be composed for, and tensors to be used with.
 *
 * @module
 */
import { outOfRange, requirePositiveInteger, wrongType } from "./errors.ts";
import type { Input } from "./model.ts";
import type { ModelShapes } from "./scope.ts";
import { type Batch, sameShape, type Shape, type Tensor } from "./types.ts";

/** The shape of the latent, if all shapes are made of positive integers. */
export function requireShapes(data: Shape, latent: number | Shape, condition?: Shape): Shape {
  const check = (name: string, shape: Shape) =>
    shape.forEach((axis) => requirePositiveInteger("compose model", name, axis));
  check("data", data);
  if (typeof latent !== "number" && !Array.isArray(latent)) {
    throw wrongType("compose model", "'latent' must be a number or a shape", latent);
  }
  const shape = typeof latent === "number" ? [latent] : (latent as Shape);
  check("latent", shape);
  if (condition !== undefined) check("condition", condition);
  return shape;
}

/** Throws unless a tensor has at least one row, and all of its rows a given shape. */
export function requireRows(action: string, name: string, value: Tensor, row: Shape): void {
  const [rows] = value.shape;
  if (rows === undefined || !sameShape(value.shape, [rows, ...row])) {
    const requirement = `'${name}' must have shape [${["B", ...row].join(", ")}]`;
    throw wrongType(action, requirement, value.shape);
  }
  if (rows === 0) throw outOfRange(action, `'${name}' must have at least one row`, 0);
}

/** Throws unless there is a condition for every row where the model wants one, and none if not. */
export function requireCondition(
  action: string,
  value: Tensor | undefined,
  rows: number,
  condition: Shape | undefined,
): void {
  if (condition === undefined) {
    if (value === undefined) return;
    throw wrongType(action, "a model without a condition must be given none", value.shape);
  }
  const expected = [rows, ...condition];
  if (value !== undefined && sameShape(value.shape, expected)) return;
  const requirement = `'condition' must have shape [${expected.join(", ")}]`;
  throw wrongType(action, requirement, value?.shape ?? "missing");
}

/** The input as a batch, if its shapes fit the model. */
export function requireBatch(
  action: string,
  input: Input,
  { data, condition }: ModelShapes,
): Batch {
  const batch = "x" in input ? input : { x: input };
  requireRows(action, "x", batch.x, data);
  const rows = batch.x.shape[0]!;
  for (const [name, row] of [["mask", data], ["offset", []]] as const) {
    const value = batch[name];
    if (value === undefined || sameShape(value.shape, [rows, ...row])) continue;
    const requirement = `'${name}' must have shape [${[rows, ...row].join(", ")}]`;
    throw wrongType(action, requirement, value.shape);
  }
  requireCondition(action, batch.condition, rows, condition);
  return batch;
}
