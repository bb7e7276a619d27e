/**
 * What a model may be given: shapes to be composed for, and tensors to be used with.
 *
 * @module
 */
import type { Dataset } from "./data/dataset.ts";
import { tf } from "./deps.ts";
import { outOfRange, requireAlive, requirePositiveInteger, wrongType } from "./errors.ts";
import type { Input, Vae } from "./model.ts";
import { type Kind, requirePlugin } from "./plugin.ts";
import type { ModelShapes } from "./scope.ts";
import { requireAccepted } from "./support.ts";
import { type Batch, sameShape, type Shape, type Tensor } from "./types.ts";

const COMPOSE = "compose model";

/** The kind of plugin that plays each part. */
const KIND_OF_PART: { readonly [part: string]: Kind } = {
  encoder: "network",
  decoder: "network",
  posterior: "posterior",
  prior: "prior",
  likelihood: "likelihood",
  divergence: "divergence",
  objective: "objective",
};

/** Throws unless every part of a model is a plugin of its kind: made, not only named. */
export function requirePlugins(parts: { readonly [part: string]: unknown }): void {
  for (const [part, value] of Object.entries(parts)) {
    requirePlugin(COMPOSE, part, KIND_OF_PART[part]!, value);
  }
}

function requireShape(name: string, shape: unknown): void {
  if (!Array.isArray(shape)) throw wrongType(COMPOSE, `'${name}' must be a list of sizes`, shape);
  for (const axis of shape) requirePositiveInteger(COMPOSE, name, axis);
}

/** The shape of the latent, if all shapes are made of positive integers. */
export function requireShapes(data: Shape, latent: number | Shape, condition?: Shape): Shape {
  const shape = typeof latent === "number" ? [latent] : latent;
  requireShape("data", data);
  requireShape("latent", shape);
  if (condition !== undefined) requireShape("condition", condition);
  return shape;
}

/** Throws unless a value is a tensor of a given shape. */
function requireTensor(action: string, name: string, value: unknown, shape: Shape): void {
  const tensor = value instanceof tf.Tensor;
  if (tensor && sameShape(value.shape, shape)) return;
  const requirement = `'${name}' must be a tensor of shape [${shape.join(", ")}]`;
  throw wrongType(action, requirement, tensor ? value.shape : value);
}

/** Throws unless an offset, where there is one, is a number for every row. */
export function requireOffset(action: string, value: Tensor | undefined, rows: number): void {
  if (value !== undefined) requireTensor(action, "offset", value, [rows]);
}

/** Throws unless a tensor has at least one row, and all of its rows a given shape. */
export function requireRows(action: string, name: string, value: Tensor, row: Shape): void {
  if (!(value instanceof tf.Tensor)) throw wrongType(action, `'${name}' must be a tensor`, value);
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
    throw wrongType(action, "a model without a condition must be given none", value.shape ?? value);
  }
  requireTensor(action, "condition", value ?? "missing", [rows, ...condition]);
}

/** The input as a batch, if its shapes fit the model. */
export function requireBatch(
  action: string,
  input: Input,
  { data, condition }: ModelShapes,
): Batch {
  const batch = input instanceof tf.Tensor ? { x: input } : input;
  requireRows(action, "x", batch?.x, data);
  const rows = batch.x.shape[0]!;
  if (batch.mask !== undefined) requireTensor(action, "mask", batch.mask, [rows, ...data]);
  requireOffset(action, batch.offset, rows);
  requireCondition(action, batch.condition, rows, condition);
  return batch;
}

/** Throws unless data are standardized as a model says that its data are. */
function requireStandardized(action: string, model: Vae, data: Dataset): void {
  const wanted = model.standardization, given = data.standardization;
  if (wanted === undefined) return;
  const same = (["mean", "scale"] as const).every((name) =>
    given?.[name].every((value, i) => value === wanted[name][i])
  );
  if (same) return;
  const requirement = "the data must be standardized as those of the model are: " +
    "'standardize(data, model.standardization)'";
  throw wrongType(action, requirement, given ?? "as they are");
}

/** Throws unless the model is alive, and its shape, support, classes and condition are those of the data. */
export function requireMatch(action: string, model: Vae, data: Dataset): void {
  requireAlive(action, model);
  if (typeof data?.batches !== "function") {
    throw wrongType(action, "'data' must be a dataset", data);
  }
  const { spec } = model;
  const likelihood = `likelihood '${spec.parts.likelihood!.name}'`;
  if (!sameShape(data.shape, spec.data)) {
    const requirement = `the data must have rows of shape [${spec.data.join(", ")}]`;
    throw wrongType(action, requirement, data.shape);
  }
  requireAccepted(action, likelihood, model, data);
  requireStandardized(action, model, data);
  const given = data.condition;
  const wanted = spec.condition;
  if (given === undefined && wanted === undefined) return;
  if (given === undefined || wanted === undefined || !sameShape(given, wanted)) {
    const requirement = wanted === undefined
      ? "data for a model without a condition must have none"
      : `the data must have conditions of shape [${wanted.join(", ")}]`;
    throw wrongType(action, requirement, given ?? "none");
  }
}
