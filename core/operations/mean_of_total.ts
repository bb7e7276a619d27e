/**
 * The mean over a batch of the sum of some columns: what an objective is.
 *
 * @module
 */
import { tf } from "../deps.ts";
import type { Shape, Tensor } from "../types.ts";
import { launch, operation } from "./operation.ts";

type Columns = Readonly<Record<string, Tensor>>;

const run = operation<Columns, { readonly shapes: Readonly<Record<string, Shape>> }, Tensor>({
  name: "ElboMeanOfTotal",
  define: (columns) => tf.mean(Object.values(columns).reduce((sum, column) => tf.add(sum, column))),
  fits: (columns) => {
    const sizes = Object.values(columns).filter(({ rank }) => rank === 1).map(({ size }) => size);
    return new Set(sizes).size <= 1;
  },
  saves: { inputs: [] },
  gradient: (upstream, _, { shapes }) =>
    Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [
        name,
        () => launch<Tensor>("ElboMeanOfTotalGradient", { upstream }, { shape }),
      ]),
    ),
});

/**
 * The mean over the batch of the sum of some columns.
 *
 * @param columns Columns `[B]`, or `[]` for what the whole batch has in common.
 * @returns Their total, `[]`.
 */
export function meanOfTotal(columns: readonly Tensor[]): Tensor {
  const named = columns.map((column, i) => [`column${i}`, column] as const);
  const shapes = Object.fromEntries(named.map(([name, { shape }]) => [name, shape]));
  return run(Object.fromEntries(named), { shapes });
}
