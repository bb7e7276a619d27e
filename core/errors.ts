/**
 * One way to refuse: the attempted action, the requirement, the current value.
 *
 * @module
 */

/** The longest that a value may be shown. */
const LONGEST = 80;

/** How a value is shown in an error. */
function show(value: unknown): string {
  let text: string;
  try {
    text = typeof value === "function"
      ? `function ${value.name}`
      : typeof value === "string"
      ? `'${value}'`
      : Array.isArray(value)
      ? `[${value.join(", ")}]`
      : typeof value === "object" && value !== null
      ? JSON.stringify(value)
      : String(value);
  } catch {
    text = typeof value; // A record that holds itself, or that has a name such as `toString`.
  }
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

function message(action: string, requirement: string, current: unknown): string {
  return `Cannot ${action} as ${requirement}: current value is ${show(current)}`;
}

/**
 * A value outside its range. Reads
 * ``Cannot ⟨action⟩ as ⟨requirement⟩: current value is ⟨current⟩``.
 *
 * @param action What was attempted.
 * @param requirement What the value must be.
 * @param current What it is.
 *
 * @example
 * ```ts
 * import { outOfRange } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const { message } = outOfRange("build prior", "'components' must be a positive integer", 0);
 * assert.equal(
 *   message,
 *   "Cannot build prior as 'components' must be a positive integer: current value is 0",
 * );
 * ```
 */
export function outOfRange(action: string, requirement: string, current: unknown): RangeError {
  return new RangeError(message(action, requirement, current));
}

/** A value of the wrong type or shape. Reads like {@linkcode outOfRange}. */
export function wrongType(action: string, requirement: string, current: unknown): TypeError {
  return new TypeError(message(action, requirement, current));
}

/** Throws unless `value` is 1, 2, 3, … */
export function requirePositiveInteger(action: string, name: string, value: unknown): void {
  if (!Number.isInteger(value) || (value as number) < 1) {
    throw outOfRange(action, `'${name}' must be a positive integer`, value);
  }
}

/** Throws unless the widths of some layers are a list of 1, 2, 3, … */
export function requireWidths(action: string, name: string, widths: unknown): void {
  if (!Array.isArray(widths)) throw wrongType(action, `'${name}' must be a list of widths`, widths);
  widths.forEach((width) => requirePositiveInteger(action, name, width));
}

/** Throws unless `value` is true or false. */
export function requireBoolean(action: string, name: string, value: unknown): void {
  if (typeof value !== "boolean") throw wrongType(action, `'${name}' must be true or false`, value);
}

/** Throws unless `value` is a finite number that is at least `minimum`, or above it when `open`. */
export function requireNumber(
  action: string,
  name: string,
  value: unknown,
  { minimum = -Infinity, open = false }: { minimum?: number; open?: boolean } = {},
): void {
  const inside = typeof value === "number" &&
    Number.isFinite(value) &&
    (open ? value > minimum : value >= minimum);
  if (inside) return;
  const range = minimum === -Infinity
    ? "a finite number"
    : minimum === 0
    ? open ? "a positive number" : "a non-negative number"
    : `a number ${open ? "above" : "of at least"} ${minimum}`;
  throw outOfRange(action, `'${name}' must be ${range}`, value);
}

/** Throws if a model was disposed. */
export function requireAlive(action: string, model: { readonly disposed: boolean }): void {
  if (model.disposed) throw outOfRange(action, "the model must not be disposed", "disposed");
}

/** Whether an error says in our words what was attempted, what is required and what there is. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Error && /^Cannot .+ as .+: current value is /s.test(error.message);
}
