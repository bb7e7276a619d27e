/**
 * A VAE for tables, with a likelihood of its own for every column.
 *
 * Nazábal, Olmos, Ghahramani and Valera, "Handling incomplete heterogeneous data using VAEs",
 * arXiv:1807.03653: missing entries are masked.
 *
 * @module
 */
import type { Vae } from "../../core/model.ts";
import { vae as compose } from "../../core/vae.ts";
import type { Normal } from "../distributions/normal.ts";
import { kl } from "../divergences/kl.ts";
import {
  type Columns,
  columns as columnsOf,
  type ColumnsDistribution,
  type ColumnsSupport,
} from "../likelihoods/columns.ts";
import { diagonalNormal } from "../posteriors/diagonal_normal.ts";
import { standardNormal } from "../priors/standard_normal.ts";
import { common, type PresetOptions } from "./_common.ts";

/** Options of {@linkcode tabularVae}. */
export interface TabularVaeOptions<C extends Columns> extends Omit<PresetOptions, "data"> {
  /** Likelihoods by the names of their columns, in the order of the table. */
  readonly columns: C;
}

/**
 * A VAE for rows of a table. The encoder reads the columns as they are, so standardize quantities:
 * `standardize(train, await fitStandardization(train))`.
 *
 * @param options The columns, the number of latents, hidden layers and seed.
 * @returns The model, ready to be trained.
 * @throws {RangeError} If there are no columns, or the name of one is a number.
 *
 * @example
 * ```ts
 * import { likelihoods, presets } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const columns = {
 *   age: likelihoods.normal(),
 *   job: likelihoods.categorical({ categories: 5 }),
 * };
 * const model = presets.tabularVae({ columns, latent: 3 });
 * assert.deepEqual(model.support, { age: "real", job: "category" });
 * model.dispose();
 * ```
 */
export function tabularVae<const C extends Columns>(
  { columns, ...options }: TabularVaeOptions<C>,
): Vae<ColumnsSupport<C>, Normal, ColumnsDistribution<C>> {
  const likelihood = columnsOf(columns); // It says what is wrong with them.
  return compose({
    ...common({ ...options, data: [Object.keys(columns).length] }),
    posterior: diagonalNormal(),
    prior: standardNormal(),
    likelihood,
    divergence: kl(),
  });
}
