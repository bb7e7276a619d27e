/**
 * Standardization: every real entry with mean 0 and standard deviation 1 on the training data.
 *
 * Mean and variance are found in one pass, batch by batch, and put together after Chan, Golub and
 * LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979.
 *
 * @module
 */
import { tf } from "../deps.ts";
import { outOfRange, wrongType } from "../errors.ts";
import { leavesOf, type Support } from "../support.ts";
import { type Shape, sizeOf, type Tensor } from "../types.ts";
import type { ArrayDataset } from "./array_dataset.ts";
import type { Dataset, RowMap, Standardization } from "./dataset.ts";
import type { Rows, RowStream } from "./rows.ts";
import type { StreamDataset } from "./stream.ts";

/** Rows of a batch when a whole dataset is gone through. */
const BATCH = 1024;

/**
 * The means and standard deviations of the real entries of some data: those of support `"real"`, and
 * among columns those whose leaf is `"real"`. Missing entries do not count.
 *
 * @param data The training part; it is gone through once.
 * @returns What {@linkcode standardize} wants.
 * @throws {RangeError} If there are no rows.
 *
 * @example
 * ```ts
 * import { dataset, fitStandardization, standardize } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const data = dataset([[1, 5], [3, 5]], { support: "real" });
 * const standardization = await fitStandardization(data);
 * assert.deepEqual(standardization, { mean: [2, 5], scale: [1, 1] });
 * const { x } = standardize(data, standardization).rows([0, 1]);
 * assert.deepEqual(x.arraySync(), [[-1, 0], [1, 0]]);
 * x.dispose();
 * ```
 */
export async function fitStandardization(data: Dataset): Promise<Standardization> {
  const width = sizeOf(data.shape);
  const count = new Float64Array(width), mean = new Float64Array(width);
  const squares = new Float64Array(width); // Of the differences from the mean.
  let rows = 0;
  for await (const batch of data.batches({ size: BATCH })) {
    const [values, mask] = await Promise.all([batch.x.data(), batch.mask?.data()]);
    tf.dispose(Object.values(batch));
    rows += values.length / width;
    for (let column = 0; column < width; column++) {
      let n = 0, sum = 0;
      for (let i = column; i < values.length; i += width) {
        if (mask?.[i] !== 0) (n++, sum += values[i]!);
      }
      if (n === 0) continue;
      const own = sum / n;
      let square = 0;
      for (let i = column; i < values.length; i += width) {
        if (mask?.[i] !== 0) square += (values[i]! - own) ** 2;
      }
      const all = count[column]! + n, apart = own - mean[column]!;
      squares[column]! += square + apart ** 2 * count[column]! * n / all;
      mean[column]! += apart * n / all;
      count[column] = all;
    }
  }
  if (rows === 0) throw outOfRange("fit a standardization", "there must be rows", 0);
  const leaves = leavesOf(data.support);
  const isReal = (column: number): boolean => leaves[column % leaves.length] === "real";
  return {
    mean: Array.from(mean, (value, i) => isReal(i) ? value : 0),
    scale: Array.from(squares, (sum, i) => {
      const scale = Math.sqrt(sum / count[i]!);
      // What float32 cannot tell from a constant would only blow up its rounding.
      return isReal(i) && scale > 1e-7 * Math.abs(mean[i]!) ? scale : 1;
    }),
  };
}

/** A standardization, if it is one for data of some shape. */
export function requireStandardization(
  action: string,
  standardization: Standardization,
  shape: Shape,
): Standardization {
  const width = sizeOf(shape);
  for (const name of ["mean", "scale"] as const) {
    const values: unknown = standardization?.[name];
    const whole = Array.isArray(values) && values.length === width &&
      values.every((value) => Number.isFinite(value) && (name === "mean" || value > 0));
    if (whole) continue;
    const numbers = name === "mean" ? "finite numbers" : "positive numbers";
    const requirement = `'${name}' of the standardization must be ${width} ${numbers}`;
    throw wrongType(action, requirement, values);
  }
  return { mean: [...standardization.mean], scale: [...standardization.scale] };
}

/**
 * Data or a tensor with every entry standardized: (x − mean) / scale.
 *
 * @param data A dataset, whose entries that are not real stay as they are; or a tensor `[…, …D]`.
 * @param standardization What {@linkcode fitStandardization} found on the training part.
 * @returns The dataset of the same support, computed as it is read; or a new tensor.
 * @throws {TypeError} If the standardization is for data of another shape, or the dataset was
 * standardized already.
 *
 * @example
 * ```ts
 * import { dataset, standardize } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const test = dataset([[4, 1]], { support: { height: "real", children: "count" } });
 * const { x } = standardize(test, { mean: [2, 0], scale: [0.5, 1] }).rows([0]);
 * assert.deepEqual(x.arraySync(), [[4, 1]]);
 * x.dispose();
 * ```
 */
export function standardize<S extends Support>(
  data: ArrayDataset<S>,
  standardization: Standardization,
): ArrayDataset<S>;
/** A stream with every entry standardized as it is read. */
export function standardize<S extends Support>(
  data: StreamDataset<S>,
  standardization: Standardization,
): StreamDataset<S>;
/** A tensor `[…, …D]` with every entry standardized. */
export function standardize(data: Tensor, standardization: Standardization): Tensor;
export function standardize<S extends Support>(
  data: ArrayDataset<S> | StreamDataset<S> | Tensor,
  standardization: Standardization,
): ArrayDataset<S> | StreamDataset<S> | Tensor {
  const action = "standardize";
  const { mean, scale } = standardization;
  if (data instanceof tf.Tensor) {
    return tf.tidy(() => {
      const [means, scales] = vectors(action, data, standardization);
      return tf.reshape(tf.div(tf.sub(rowsOf(data, mean.length), means), scales), data.shape);
    });
  }
  requireStandardization(action, standardization, data.shape);
  if (data.standardization !== undefined) {
    throw wrongType(action, "the data must not be standardized already", data.standardization);
  }
  const leaves = leavesOf(data.support);
  const map: RowMap = (values) => {
    for (let i = 0; i < values.length; i++) {
      if (leaves[i % leaves.length] === "real") values[i] = (values[i]! - mean[i]!) / scale[i]!;
    }
  };
  return data.mapped(data.support, map, { keepsCategories: true, standardization });
}

/**
 * Undoes {@linkcode standardize} on a tensor or on rows: x · scale + mean. Samples, reconstructions and
 * imputations of a model that was trained on standardized data become quantities of the original data.
 *
 * @param values A tensor `[…, …D]`, or rows whose shape ends in `[…D]`.
 * @param standardization What the data were standardized by, for instance `model.standardization`.
 * @returns A new tensor of the same shape, or the rows, computed while one goes through them.
 * @throws {TypeError} If the standardization is for data of another shape.
 *
 * @example
 * ```ts
 * import { unstandardize } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * const samples = tf.tensor2d([[-1, 0], [1, 0]]);
 * const original = unstandardize(samples, { mean: [2, 5], scale: [1, 1] });
 * assert.deepEqual(original.arraySync(), [[1, 5], [3, 5]]);
 * tf.dispose([samples, original]);
 * ```
 */
export function unstandardize(values: Tensor, standardization: Standardization): Tensor;
/** Rows as they were before they were standardized. */
export function unstandardize(values: RowStream, standardization: Standardization): RowStream;
export function unstandardize(
  values: Tensor | RowStream,
  standardization: Standardization,
): Tensor | RowStream {
  if (!(values instanceof tf.Tensor)) return unstandardizedRows(values, standardization);
  return tf.tidy(() => {
    const [means, scales] = vectors("unstandardize", values, standardization);
    const rows = rowsOf(values, standardization.mean.length);
    return tf.reshape(tf.add(tf.mul(rows, scales), means), values.shape);
  });
}

function unstandardizedRows(rows: RowStream, standardization: Standardization): RowStream {
  requireLastAxes("unstandardize", rows.shape, standardization);
  const { mean, scale } = standardization, width = mean.length;
  async function* chunks(): AsyncGenerator<Rows> {
    for await (const { values, size, shape } of rows) {
      const undo = (x: number, i: number): number => x * scale[i % width]! + mean[i % width]!;
      yield { size, shape, values: values.map(undo) };
    }
  }
  return {
    shape: rows.shape,
    columns: rows.columns,
    get size() {
      return rows.size;
    },
    [Symbol.asyncIterator]: chunks,
  };
}

/** A tensor as rows of entries `[…, D]`. */
function rowsOf(values: Tensor, width: number): Tensor {
  return tf.reshape(values, [values.size / width, width]);
}

/** Throws unless a standardization is for data of the last axes of some shape. */
function requireLastAxes(action: string, shape: Shape, standardization: Standardization): void {
  const width = standardization?.mean?.length;
  const last = shape.findLastIndex((_, axis) => sizeOf(shape.slice(axis)) === width);
  if (last < 0 || width === 0) {
    throw wrongType(action, `the last axes must have ${width} entries`, shape);
  }
  requireStandardization(action, standardization, shape.slice(last));
}

/** Mean and scale as tensors, if they are for the last axes of some values. */
function vectors(
  action: string,
  { shape }: Tensor,
  standardization: Standardization,
): readonly [Tensor, Tensor] {
  requireLastAxes(action, shape, standardization);
  return [tf.tensor1d([...standardization.mean]), tf.tensor1d([...standardization.scale])];
}
