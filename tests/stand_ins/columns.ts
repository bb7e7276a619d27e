/**
 * A likelihood for tables, with a likelihood for every column.
 *
 * log p(x|z) = Σ_c log p_c(x_c|z)
 * Nazábal et al., "Handling incomplete heterogeneous data using VAEs", arXiv:1807.03653, eq. 1.
 *
 * @module
 */
import type {
  Context,
  Factorized,
  Heads,
  Leaf,
  Likelihood,
  Outputs,
  Plugin,
  Scope,
  Shape,
  Tensor,
} from "../../mod.ts";
import { tf } from "../../core/tf.ts";
import { independent } from "./independent.ts";

/** A likelihood of any one column, with its heads forgotten. */
export interface Column extends Plugin {
  readonly support: Leaf;
  readonly heads: (event: Shape) => Heads;
  readonly build: (scope: Scope) => (outputs: never, context: Context) => Factorized;
}

/** Columns by name, in the order of the table. */
export type Columns = { readonly [name: string]: Column };

/** Rows of a table. */
export type Row = Factorized<"columns">;

/** A function of each column. */
function mapColumns<A, B>(record: { readonly [name: string]: A }, f: (name: string, a: A) => B) {
  return Object.fromEntries(Object.entries(record).map(([name, a]) => [name, f(name, a)]));
}

/** The heads of every column, under the name of the column. */
function headsOf(columns: Columns): Heads {
  return Object.fromEntries(
    Object.entries(columns).flatMap(([name, { heads }]) =>
      Object.entries(heads([1])).map(([head, shape]) => [`${name}.${head}`, shape])
    ),
  );
}

/** What the decoder says of one column. */
function outputsOf(name: string, { heads }: Column, outputs: Outputs<Heads>): Outputs<Heads> {
  return mapColumns(heads([1]), (head) => outputs[`${name}.${head}`]!);
}

/** A distribution of one element for every column, side by side. */
function sideBySide(columns: { readonly [name: string]: Factorized }): Row {
  const list = Object.values(columns);
  return independent({
    family: "columns",
    domain: "discrete",
    reparameterized: false,
    batch: list[0]!.batch,
    event: [list.length],
    sample: (seed, [samples]) =>
      tf.concat(
        Object.entries(columns).map(([name, q]) => q.draw(seed.split(name), samples).value),
        -1,
      ),
    logDensities: (value: Tensor) =>
      tf.concat(
        tf.split(value, list.length, -1).map((entry, i) => list[i]!.logDensities(entry)),
        -1,
      ),
  });
}

/** A likelihood whose support is a record, with a likelihood for every column. */
export function columns<const C extends Columns>(
  likelihoods: C,
): Likelihood<Heads, { readonly [Name in keyof C]: C[Name]["support"] }, Row> {
  return {
    kind: "likelihood",
    name: "columns",
    options: likelihoods,
    support: mapColumns(likelihoods, (_, { support }) => support) as {
      readonly [Name in keyof C]: C[Name]["support"];
    },
    heads: () => headsOf(likelihoods),
    build: (scope) => {
      const built = mapColumns(
        likelihoods,
        (name, { build, support }) => build(scope.child(name, { data: [1], support })),
      );
      return (outputs, context) =>
        sideBySide(
          mapColumns(built, (name, make) =>
            make(outputsOf(name, likelihoods[name]!, outputs) as never, context)),
        );
    },
  };
}
