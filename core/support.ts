/**
 * The support of data: which values a likelihood can give a density to.
 *
 * @module
 */
import { outOfRange, wrongType } from "./errors.ts";
import { type Shape, sizeOf } from "./types.ts";

/**
 * The values that one number may take:
 * `"binary"` 0 or 1 · `"unit"` [0, 1] · `"positive"` above 0 · `"count"` 0, 1, 2, … ·
 * `"category"` the code 0, 1, 2, … of a class · `"real"` any finite number.
 */
export type Leaf = "binary" | "unit" | "positive" | "count" | "category" | "real";

/** One leaf for all entries, or one for each column of a table, in the order of the columns. */
export type Support = Leaf | { readonly [column: string]: Leaf };

/**
 * A number of classes C, whose codes are 0 … C − 1: of all entries, or of each column that holds
 * categories.
 */
export type Categories = number | { readonly [column: string]: number };

/** For each leaf of a likelihood, the leaves of data that lie inside it. */
export interface AcceptedLeaf {
  /** A Bernoulli likelihood wants 0 and 1 and nothing between. */
  readonly binary: "binary";
  /** Binary values lie between 0 and 1 too. */
  readonly unit: "unit" | "binary";
  /** Zero is not positive. */
  readonly positive: "positive";
  /** 0 and 1 are counts. */
  readonly count: "count" | "binary";
  /** The code of a class is no quantity. */
  readonly category: "category";
  /** Every quantity is a real number. */
  readonly real: Exclude<Leaf, "category">;
}

/** The supports of data that a likelihood with support `S` accepts. */
export type Accepted<S extends Support> = S extends Leaf ? AcceptedLeaf[S]
  : { readonly [C in keyof S]: S[C] extends Leaf ? AcceptedLeaf[S[C]] : never };

const ACCEPTED: { readonly [L in Leaf]: readonly Leaf[] } = {
  binary: ["binary"],
  unit: ["unit", "binary"],
  positive: ["positive"],
  count: ["count", "binary"],
  category: ["category"],
  real: ["binary", "unit", "positive", "count", "real"],
};

/** The leaf of every entry of a datum: one, or as many as there are columns. */
export function leavesOf(support: Support): readonly Leaf[] {
  return typeof support === "string" ? [support] : Object.values(support);
}

/** Whether data with one support may be scored by a likelihood with another. */
export function accepts(likelihood: Support, data: Support): boolean {
  if (typeof likelihood === "string") {
    return leavesOf(data).every((leaf) => ACCEPTED[likelihood].includes(leaf));
  }
  if (typeof data === "string") return false;
  const columns = Object.keys(likelihood);
  return (
    columns.join() === Object.keys(data).join() &&
    columns.every((column) => ACCEPTED[likelihood[column]!].includes(data[column]!))
  );
}

/** Whether some of the values are codes of classes. */
export function hasCategories(support: Support): boolean {
  return leavesOf(support).includes("category");
}

/**
 * How many classes the observed values of some rows need: one more than the largest code, of all
 * entries or of each column that holds categories.
 *
 * @param values Rows, one after the other.
 * @param support The support that they lie in.
 * @param mask 0 where a value is missing.
 */
export function countCategories(
  values: Float32Array,
  support: Support,
  mask?: Float32Array,
): Categories {
  const leaves = leavesOf(support), counts = leaves.map(() => 0);
  for (let i = 0; i < values.length; i++) {
    const column = i % leaves.length;
    if (mask?.[i] !== 0) counts[column] = Math.max(counts[column]!, values[i]! + 1);
  }
  if (typeof support === "string") return counts[0]!;
  const named = Object.keys(support).map((name, i) => [name, counts[i]!] as const);
  return Object.fromEntries(named.filter((_, i) => leaves[i] === "category"));
}

/** What a model wants to know of data: their support, and the classes in them. */
interface Kinds {
  readonly support: Support;
  readonly categories?: Categories | undefined;
}

/**
 * Throws unless data lie in the support of a likelihood, saying which column does not.
 *
 * @param action The attempted action.
 * @param likelihood What the likelihood is called there.
 * @param wanted What the likelihood can give a density to.
 * @param data What the data are; their classes may be unknown.
 */
export function requireAccepted(
  action: string,
  likelihood: string,
  wanted: Kinds,
  data: Kinds,
): void {
  if (!accepts(wanted.support, data.support)) {
    if (typeof wanted.support === "string" || typeof data.support === "string") {
      const name = typeof wanted.support === "string" ? `'${wanted.support}'` : "of columns";
      throw wrongType(
        action,
        `the data must lie in the support ${name} of ${likelihood}`,
        data.support,
      );
    }
    const columns = Object.keys(wanted.support), given = Object.keys(data.support);
    if (columns.join() !== given.join()) {
      const column = columns.findIndex((name, i) => name !== given[i]);
      const requirement = column < 0
        ? `the data must have no columns but the ${columns.length} of ${likelihood}`
        : `column ${column} of the data must be '${columns[column]}', as in ${likelihood}`;
      throw wrongType(
        action,
        requirement,
        given[column < 0 ? columns.length : column] ?? "missing",
      );
    }
    const { support } = data, leaves = wanted.support;
    const other = columns.find((name) => !ACCEPTED[leaves[name]!].includes(support[name]!))!;
    const requirement = `column '${other}' of the data must lie in the support '${leaves[other]}'`;
    throw wrongType(action, `${requirement} of ${likelihood}`, support[other]);
  }
  const known = wanted.categories, found = data.categories;
  if (known === undefined || found === undefined) return;
  for (const [name, count] of Object.entries(typeof found === "number" ? { "": found } : found)) {
    const limit = typeof known === "number" ? known : known[name] ?? Infinity;
    if (count <= limit) continue;
    const where = name === "" ? "" : ` in column '${name}'`;
    const requirement = `every code${where} must lie between 0 and ${
      limit - 1
    }, as ${likelihood} has`;
    throw outOfRange(action, `${requirement} ${limit} classes`, count - 1);
  }
}

/** Throws unless `support` is a leaf, or a record of leaves that fits the shape `[columns]`. */
export function requireSupport(action: string, support: unknown, shape: Shape): void {
  const leaves = Object.keys(ACCEPTED);
  const isLeaf = (leaf: unknown): boolean => typeof leaf === "string" && leaves.includes(leaf);
  if (isLeaf(support)) return;
  if (typeof support !== "object" || support === null || !Object.values(support).every(isLeaf)) {
    throw outOfRange(
      action,
      `'support' must be one of ${leaves.join(", ")}, or one of these for each column`,
      support,
    );
  }
  const numbered = Object.keys(support).find((column) => /^\d+$/.test(column));
  if (numbered !== undefined) {
    throw outOfRange(action, "the name of a column must not be a number", numbered);
  }
  const columns = Object.keys(support).length;
  if (shape.length !== 1 || shape[0] !== columns) {
    throw outOfRange(
      action,
      `'support' names ${columns} columns and 'shape' must be [${columns}]`,
      shape,
    );
  }
}

/** The names of the columns of a table, where its support names them. */
export function columnsOf(support: Support): readonly string[] | undefined {
  return typeof support === "string" ? undefined : Object.keys(support);
}

/** Which entries of a row hold codes of classes. */
export function codesOf(support: Support, shape: Shape): readonly boolean[] {
  const leaves = leavesOf(support);
  return Array.from(
    { length: sizeOf(shape) },
    (_, i) => leaves[i % leaves.length] === "category",
  );
}

/** A row of values inside the support, to stand where entries are missing. */
export function fillValues(support: Support, shape: Shape): Float32Array {
  const leaves = leavesOf(support);
  return Float32Array.from(
    { length: sizeOf(shape) },
    (_, i) => leaves[i % leaves.length] === "positive" ? 1 : 0,
  );
}
