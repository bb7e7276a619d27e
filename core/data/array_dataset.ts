/**
 * Data whose rows all lie in memory.
 *
 * @module
 */
import { tf } from "../deps.ts";
import { outOfRange } from "../errors.ts";
import { requireInside } from "../inside.ts";
import { gatherRows, takeRows } from "../operations/take_rows.ts";
import { type OptionNames, requireOptions } from "../options.ts";
import { permutation } from "../random.ts";
import {
  type Categories,
  countCategories,
  hasCategories,
  requireSupport,
  type Support,
} from "../support.ts";
import { type Batch, type Shape, sizeOf } from "../types.ts";
import {
  type Dataset,
  type MapOptions,
  requireBatches,
  requireObserved,
  type RowMap,
} from "./dataset.ts";
import { toRows, type Values } from "./values.ts";

/** A dataset whose rows all lie in memory. */
export interface ArrayDataset<out S extends Support = Support> extends Dataset<S> {
  /** The number of rows. */
  readonly size: number;
  /** Some rows as one batch: `[rows, …D]`. */
  readonly rows: (indices: ArrayLike<number>, epoch?: number) => Batch;
  /** The dataset of some rows, which are not copied. */
  readonly subset: (indices: ArrayLike<number>) => ArrayDataset<S>;
  /**
   * The same rows with other values, computed as they are read, and checked against their support.
   */
  readonly mapped: <T extends Support>(
    support: T,
    map: RowMap,
    options?: MapOptions,
  ) => ArrayDataset<T>;
}

/** What becomes of rows as they are read. */
interface Computed extends MapOptions {
  readonly map: RowMap;
}

/** What comes with the values of a {@linkcode dataset}. */
export interface DatasetOptions<S extends Support> {
  /** The support of the values, checked on each of them. */
  readonly support: S;
  /** The shape of one datum `[…D]`; read off nested arrays and tensors unless told. */
  readonly shape?: Shape;
  /** What the model is conditioned on, a row for each datum. */
  readonly condition?: Values;
  /** 1 where an entry was observed and 0 where it is missing, a row for each datum. */
  readonly mask?: Values;
  /** Log size factors for the likelihood, a number for each datum. */
  readonly offset?: Values;
}

const NAMES = {
  support: true,
  shape: true,
  condition: true,
  mask: true,
  offset: true,
} satisfies OptionNames<DatasetOptions<Support>>;

/** Rows of numbers, one after the other. */
export interface Rows {
  readonly values: Float32Array;
  readonly shape: Shape;
}

/** All that lies in memory. */
export interface Columns {
  readonly x: Rows;
  readonly condition?: Rows;
  readonly mask?: Rows;
  readonly offset?: Rows;
}

function view<S extends Support>(
  columns: Columns,
  support: S,
  indices: Uint32Array,
  computed?: Computed,
): ArrayDataset<S> {
  const { x, condition } = columns,
    { map, keepsCategories = true, standardization } = computed ?? {};
  const width = sizeOf(x.shape);

  function original(index: number): number {
    const row = indices[index];
    if (row !== undefined) return row;
    throw outOfRange("choose rows", `every index must be from 0 to ${indices.length - 1}`, index);
  }

  /** Rows whose values are computed as they are read. */
  function computedRows(map: RowMap, originals: Uint32Array, epoch: number): tf.Tensor {
    const values = gatherRows({ ...x, indices: originals });
    originals.forEach((row, i) => map(values.subarray(i * width, (i + 1) * width), row, epoch));
    const mask = columns.mask && gatherRows({ ...columns.mask, indices: originals });
    requireInside("map rows", "x", values, support, x.shape, mask);
    return tf.tensor(values, [originals.length, ...x.shape]);
  }

  function rows(chosen: ArrayLike<number>, epoch = 0): Batch {
    const originals = Uint32Array.from(chosen, original);
    const tensors = Object.entries(columns).map(([name, column]: [string, Rows]) => [
      name,
      name === "x" && map !== undefined
        ? computedRows(map, originals, epoch)
        : takeRows({ ...column, indices: originals }),
    ]);
    return Object.fromEntries(tensors);
  }

  let categories: Categories | undefined;

  /** How many classes there are, unless their codes are computed as they are read. */
  function count(): Categories | undefined {
    if (!keepsCategories || !hasCategories(support)) return undefined;
    const mask = columns.mask && gatherRows({ ...columns.mask, indices });
    return countCategories(gatherRows({ ...x, indices }), support, mask);
  }

  return {
    support,
    get categories() {
      return categories ??= count();
    },
    shape: x.shape,
    condition: condition?.shape,
    size: indices.length,
    standardization,
    rows,
    async *batches({ size, seed, epoch = 0, start: taken = 0 }) {
      requireBatches({ size, start: taken });
      const order = seed === undefined
        ? Uint32Array.from(indices, (_, i) => i)
        : permutation(seed.split(`shuffle ${epoch}`), indices.length);
      for (let start = taken * size; start < order.length; start += size) {
        yield rows(order.subarray(start, start + size), epoch);
      }
    },
    subset: (chosen) => {
      if (chosen.length === 0) {
        throw outOfRange("take a subset", "it must have at least one row", 0);
      }
      return view(
        columns,
        support,
        Uint32Array.from(chosen, original),
        computed,
      );
    },
    mapped: (support, next, options = {}) => {
      requireSupport("map rows", support, x.shape);
      const both: RowMap = map === undefined ? next : (values, row, epoch) => {
        map(values, row, epoch);
        next(values, row, epoch);
      };
      return view(columns, support, indices, {
        map: both,
        keepsCategories: keepsCategories && options.keepsCategories === true,
        standardization: options.standardization ?? standardization,
      });
    },
  };
}

/**
 * A dataset of numbers in memory, checked against the support that is claimed for them.
 *
 * @param x The data: a typed array (then say the `shape` of a row), nested arrays, or a tensor
 * `[rows, …D]`, whose values are copied.
 * @param options Support, shape, and what comes with each row.
 * @returns The dataset.
 * @throws {RangeError} If there are no rows, a value is not finite or lies outside the support (it
 * says which value, where), what comes with the rows has another number of rows, or everything is
 * missing in one of them.
 * @throws {TypeError} If an option is unknown.
 *
 * @example
 * ```ts
 * import { dataset } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const bits = dataset([[0, 1], [1, 1], [1, 0]], { support: "binary" });
 * assert.equal(bits.size, 3);
 * assert.throws(
 *   () => dataset([[0, 1], [0.5, 1]], { support: "binary" }),
 *   /'x' must be 0 or 1 \(support 'binary'\) at row 1, position \[0\]: current value is 0.5/,
 * );
 * ```
 */
export function dataset<const S extends Support>(
  x: Values,
  options: DatasetOptions<S>,
): ArrayDataset<S> {
  const action = "make dataset";
  requireOptions(action, options, NAMES);
  const { support } = options;
  const { size, ...data } = toRows(action, "x", x, options.shape);
  requireSupport(action, support, data.shape);

  function along(name: "condition" | "mask" | "offset", shape?: Shape): Partial<Columns> {
    const values = options[name];
    if (values === undefined) return {};
    const { size: rows, ...column } = toRows(action, name, values, shape, size);
    if (rows !== size) {
      throw outOfRange(action, `'${name}' must have ${size} rows`, rows);
    }
    requireInside(action, name, column.values, name === "mask" ? "binary" : "real", column.shape);
    return { [name]: column };
  }

  const mask = along("mask", data.shape);
  if (mask.mask !== undefined) requireObserved(action, mask.mask.values, sizeOf(data.shape));
  requireInside(action, "x", data.values, support, data.shape, mask.mask?.values);
  const columns = { x: data, ...along("condition"), ...mask, ...along("offset", []) };
  return arrayDataset(columns, support);
}

/** The dataset of columns that were looked through. */
export function arrayDataset<S extends Support>(columns: Columns, support: S): ArrayDataset<S> {
  const size = columns.x.values.length / sizeOf(columns.x.shape);
  return view(columns, support, Uint32Array.from({ length: size }, (_, i) => i));
}
