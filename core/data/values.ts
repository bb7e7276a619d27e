/**
 * Numbers in any form that a user may hold them in, as rows of float32.
 *
 * @module
 */
import { tf } from "../deps.ts";
import { outOfRange, requirePositiveInteger, wrongType } from "../errors.ts";
import { sameShape, type Shape, sizeOf, type Tensor } from "../types.ts";

/** Numbers inside lists inside lists. */
export type NestedNumbers = readonly (number | NestedNumbers | TypedArray)[];

/** The typed arrays whose elements are numbers. */
export type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/** Rows of numbers: a typed array, nested arrays, or a tensor. */
export type Values = TypedArray | NestedNumbers | Tensor;

/** Whether a value is an array or a typed array. */
function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || isTypedArray(value);
}

/** Whether a value is a typed array of numbers, not of big integers or bytes without a type. */
export function isTypedArray(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView) &&
    !(value instanceof BigInt64Array) && !(value instanceof BigUint64Array);
}

/** The shape of nested arrays, read off their first elements. */
function shapeOf(nested: unknown): number[] {
  return isList(nested) ? [nested.length, ...shapeOf(nested[0])] : [];
}

/** Copies nested arrays, and refuses the first list or value that does not fit the shape. */
export function flatten(
  action: string,
  name: string,
  nested: NestedNumbers,
  shape: Shape,
): Float32Array {
  const values = new Float32Array(sizeOf(shape));
  const path: number[] = [];
  let at = 0;
  const refuse = (requirement: string, item: unknown): never => {
    throw wrongType(action, `'${name}' at [${path.join(", ")}] must be ${requirement}`, item);
  };
  const visit = (item: unknown): void => {
    const axis = path.length;
    if (axis === shape.length) {
      if (typeof item !== "number") return refuse("a number", item);
      values[at++] = item;
    } else if (isList(item) && item.length === shape[axis]) {
      for (let i = 0; i < item.length; i++) {
        path.push(i);
        visit(item[i]);
        path.pop();
      }
    } else {
      refuse(`a list of ${shape[axis]}`, isList(item) ? item.length : item);
    }
  };
  visit(nested);
  return values;
}

/**
 * Values as rows of float32.
 *
 * @param action The attempted action.
 * @param name What the values are called there.
 * @param values The values.
 * @param shape The shape of one row, where it is known.
 * @param count The number of rows, where it is known.
 * @throws {RangeError} If there are no rows.
 * @throws {TypeError} If the values do not make rows of that shape.
 */
export function toRows(
  action: string,
  name: string,
  values: Values,
  shape?: Shape,
  count?: number,
): { values: Float32Array; shape: Shape; size: number } {
  shape?.forEach((axis) => requirePositiveInteger(action, "shape", axis));
  let whole: Shape, flat: Float32Array;
  if (values instanceof tf.Tensor) {
    whole = values.shape;
    flat = Float32Array.from(values.dataSync());
  } else if (Array.isArray(values)) {
    whole = shapeOf(values);
    flat = flatten(action, name, values, whole);
  } else if (isTypedArray(values)) {
    const width = shape === undefined ? values.length / (count ?? NaN) : sizeOf(shape);
    if (Number.isNaN(width)) {
      const requirement = `'shape' must be given with a typed array '${name}'`;
      throw wrongType(action, requirement, "missing");
    }
    whole = [values.length / width, ...(shape ?? [width])];
    flat = new Float32Array(values);
  } else {
    const requirement = `'${name}' must be a typed array, nested arrays or a tensor`;
    throw wrongType(action, requirement, values);
  }
  const [size = 0, ...row] = whole;
  if (flat.length === 0 || whole.length === 0) {
    throw outOfRange(action, `'${name}' must have at least one row`, 0);
  }
  if (!whole.every(Number.isInteger)) {
    const requirement = `'${name}' must hold whole rows of shape [${row.join(", ")}]`;
    throw wrongType(action, requirement, `${flat.length} numbers`);
  }
  if (shape === undefined || sameShape(row, shape)) {
    return { values: flat, shape: row, size };
  }
  // A flat list of pictures, say: the same numbers, cut otherwise.
  if (sizeOf(row) === sizeOf(shape)) return { values: flat, shape, size };
  throw wrongType(action, `'${name}' must have rows of shape [${shape.join(", ")}]`, row);
}
