/**
 * p(x|z) = ∏_c p_c(x_c|z), for tables whose columns differ in kind.
 *
 * Nazábal, Olmos, Ghahramani and Valera, "Handling incomplete heterogeneous data using VAEs",
 * arXiv:1807.03653, §2.
 *
 * @module
 */
import type { Context } from "../../core/context.ts";
import { tf } from "../../core/deps.ts";
import type { Distribution } from "../../core/distribution.ts";
import { outOfRange, wrongType } from "../../core/errors.ts";
import type { Likelihood } from "../../core/likelihood.ts";
import { isPlugin, type Plugin } from "../../core/plugin.ts";
import type { Scope } from "../../core/scope.ts";
import type { Categories, Leaf } from "../../core/support.ts";
import type { Heads, Outputs, Shape } from "../../core/types.ts";
import { type Blockwise, blockwise } from "../distributions/blockwise.ts";

/** A likelihood for one column: any whose support is a leaf, with its heads forgotten. */
export interface ColumnLikelihood extends Plugin {
  /** It is a likelihood. */
  readonly kind: "likelihood";
  /** The values that the column may hold. */
  readonly support: Leaf;
  /** The number of classes that it knows, where the column holds their codes. */
  readonly categories?: Categories | undefined;
  /** The parameters that it wants from the decoder. */
  readonly heads: (event: Shape) => Heads;
  /** Asks the scope for weights, if it has any, and returns outputs `[B, …]` → p(x_c|z). */
  readonly build: (scope: Scope) => (outputs: never, context: Context) => Distribution;
}

/** Likelihoods by the names of their columns, in the order of the table. */
export type Columns = { readonly [column: string]: ColumnLikelihood };

/** The support of a table: the leaf of every column. */
export type ColumnsSupport<C extends Columns> = {
  readonly [Name in keyof C]: C[Name]["support"];
};

/** p(x|z) of a table: the distribution of every column is one of its `blocks`. */
export type ColumnsDistribution<C extends Columns> = Blockwise<
  { readonly [Name in keyof C]: ReturnType<ReturnType<C[Name]["build"]>> }
>;

const ACTION = "build likelihood";

/** The same for every column, by name. */
function mapColumns<T>(
  columns: Columns,
  f: (column: ColumnLikelihood, name: string, index: number) => T,
): { readonly [column: string]: T } {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column], i) => [name, f(column, name, i)]),
  );
}

/** The shape of what a column holds in one row. */
const ENTRY: Shape = [1];

/** What a head of a column is called among those of all columns. */
const headOf = (column: string, head: string): string => `${column}.${head}`;

/** What the decoder says of one column. */
function outputsOf(name: string, { heads }: ColumnLikelihood, outputs: Outputs<Heads>): never {
  return Object.fromEntries(
    Object.keys(heads(ENTRY)).map((head) => [head, outputs[headOf(name, head)]]),
  ) as never; // What it is for was forgotten when it became one of several.
}

/** What one column may know: its own part of the mask. */
function contextOf(context: Context, index: number): Context {
  const { mask } = context;
  return { ...context, mask: mask && tf.slice(mask, [0, index], [-1, 1]) };
}

function requireColumns(columns: Columns): void {
  if (typeof columns !== "object" || columns === null) {
    throw wrongType(ACTION, "there must be a likelihood for every column", columns);
  }
  if (Object.keys(columns).length === 0) {
    throw outOfRange(ACTION, "there must be at least one column", columns);
  }
  for (const [name, column] of Object.entries<unknown>(columns)) {
    if (!isPlugin(column) || column.kind !== "likelihood") {
      throw wrongType(ACTION, `column '${name}' must have a likelihood`, column);
    }
    const { support } = column as ColumnLikelihood;
    if (typeof support !== "string") {
      throw wrongType(ACTION, `the likelihood of column '${name}' must be for one leaf`, support);
    }
    if (/^\d+$/.test(name)) {
      throw outOfRange(ACTION, "the name of a column must not be a number", name);
    }
  }
}

/**
 * A likelihood for rows of a table, with a likelihood of its own for every column. Missing entries
 * can be masked where the likelihoods of all columns factorize.
 *
 * @param columns Likelihoods by the names of their columns, in the order of the table. The data are
 * to name the same columns in the same order.
 * @throws {RangeError} If there are no columns, or the name of one is a number.
 * @throws {TypeError} If a column has no likelihood, or one for several columns.
 *
 * @example
 * ```ts
 * import { dataset, likelihoods } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const { support, heads } = likelihoods.columns({
 *   age: likelihoods.normal(),
 *   job: likelihoods.categorical({ categories: 5 }),
 * });
 * assert.deepEqual(heads([2]), { "age.mean": [1], "job.logits": [1, 5] });
 * assert.equal(dataset([[31, 4], [58, 0]], { support }).size, 2);
 * ```
 */
export function columns<const C extends Columns>(
  columns: C,
): Likelihood<Heads, ColumnsSupport<C>, ColumnsDistribution<C>> {
  requireColumns(columns);
  const categories = Object.entries(columns).flatMap(([name, { categories }]) =>
    typeof categories === "number" ? [[name, categories]] : []
  );
  return {
    kind: "likelihood",
    name: "columns",
    options: columns,
    support: mapColumns(columns, ({ support }) => support) as ColumnsSupport<C>,
    categories: Object.fromEntries(categories),
    heads: () =>
      Object.fromEntries(
        Object.entries(columns).flatMap(([name, { heads }]) =>
          Object.entries(heads(ENTRY)).map(([head, shape]) => [headOf(name, head), shape])
        ),
      ),
    build: (scope) => {
      const built = mapColumns(
        columns,
        ({ build, support }, name) => build(scope.child(name, { data: ENTRY, support })),
      );
      return (outputs, context) =>
        blockwise(
          mapColumns(columns, (column, name, i) =>
            built[name]!(outputsOf(name, column, outputs), contextOf(context, i))),
        ) as ColumnsDistribution<C>;
    },
  };
}
