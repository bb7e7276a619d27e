/**
 * The ledger: what the objective is a sum of.
 *
 * Every row is a named term in nats per datum. Event axes are summed, the batch is averaged, no
 * constant is dropped, and the contributions add up to the objective.
 *
 * @module
 */
import { tf } from "./deps.ts";
import { meanOfTotal } from "./operations/mean_of_total.ts";
import type { Tensor } from "./types.ts";

/** How a term was computed. */
export type Estimator = "closed form" | "Monte Carlo" | "biased";

/** One row of the ledger. */
export interface Term {
  /** What it is, for instance `"reconstruction"`. */
  readonly name: string;
  /** Its raw value in nats: `[B]`, or `[]` for a property of the whole batch. */
  readonly nats: Tensor;
  /** What it adds to the objective, `[B]` or `[]`: for a divergence, −weight × nats. */
  readonly contribution: Tensor;
  /** The weight β, where the contribution is ± weight × nats. */
  readonly weight?: number;
  /** The raw value of each latent element `[B, …K]`, where it factorizes. */
  readonly factors?: Tensor | undefined;
  /** How it was computed. */
  readonly estimator: Estimator;
  /** The number of latent samples it rests on, 0 for a closed form. */
  readonly samples: number;
}

/** What one batch contributes, term by term. */
export interface Ledger {
  /** The rows; their contributions add up to the objective. */
  readonly terms: readonly Term[];
  /** The lower bound on log p(x) `[B]` in nats, absent where nothing is bounded. */
  readonly bound?: { readonly name: string; readonly nats: Tensor } | undefined;
  /** The value `[]` that training makes as large as it can, averaged over the batch. */
  readonly objective: Tensor;
  /** What to differentiate in place of the objective `[]`; never reported. */
  readonly surrogate?: Tensor;
}

/**
 * A row that counts against the objective with weight 1.
 *
 * @param name What it is.
 * @param nats Its raw value `[B]` or `[]`, in nats.
 * @param how Estimator and sample count, and the factors `[B, …K]` where there are any.
 *
 * @example
 * ```ts
 * import { divergenceTerm } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const how = { estimator: "closed form", samples: 0 } as const;
 *   const term = divergenceTerm("divergence", tf.tensor1d([3, 5]), how);
 *   assert.deepEqual(term.contribution.arraySync(), [-3, -5]);
 * });
 * ```
 */
export function divergenceTerm(
  name: string,
  nats: Tensor,
  how: Pick<Term, "estimator" | "samples" | "factors">,
): Term {
  return { name, nats, contribution: tf.neg(nats), weight: 1, ...how };
}

/**
 * A row with its contribution, and its weight if it has one, multiplied by β.
 *
 * @example
 * ```ts
 * import { divergenceTerm, weighted } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const how = { estimator: "closed form", samples: 0 } as const;
 *   const term = weighted(divergenceTerm("divergence", tf.tensor1d([3, 5]), how), 4);
 *   assert.deepEqual([term.weight, term.contribution.arraySync()], [4, [-12, -20]]);
 * });
 * ```
 */
export function weighted(term: Term, beta: number): Term {
  const contribution = tf.mul(term.contribution, beta);
  return term.weight === undefined
    ? { ...term, contribution }
    : { ...term, contribution, weight: term.weight * beta };
}

/**
 * A ledger whose objective is the sum of its rows, averaged over the batch.
 *
 * @param terms The rows.
 * @param bound The lower bound on log p(x), where the rows make one.
 *
 * @example
 * ```ts
 * import { divergenceTerm, ledgerOf } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const how = { estimator: "closed form", samples: 0 } as const;
 *   const ledger = ledgerOf([divergenceTerm("divergence", tf.tensor1d([3, 5]), how)]);
 *   assert.equal(ledger.objective.arraySync(), -4);
 * });
 * ```
 */
export function ledgerOf(terms: readonly Term[], bound?: Ledger["bound"]): Ledger {
  return { terms, bound, objective: meanOfTotal(terms.map((term) => term.contribution)) };
}

/** A {@linkcode Term} averaged over many data, as plain numbers. */
export interface TermSummary {
  /** What it is. */
  readonly name: string;
  /** Its raw value, in nats per datum. */
  readonly nats: number;
  /** What it adds to the objective, in nats per datum. */
  readonly contribution: number;
  /** The weight β, as it was last. */
  readonly weight?: number;
  /** How it was computed. */
  readonly estimator: Estimator;
  /** The number of latent samples it rests on, 0 for a closed form. */
  readonly samples: number;
}

/** A {@linkcode Ledger} averaged over many data, as plain numbers. */
export interface LedgerSummary {
  /** The rows; their contributions add up to the objective. */
  readonly terms: readonly TermSummary[];
  /** The lower bound on log p(x), in nats per datum. */
  readonly bound?: { readonly name: string; readonly nats: number };
  /** What training makes as large as it can, in nats per datum. */
  readonly objective: number;
}

/**
 * What there is to average over the batch: objective, bound (or the objective again), nats of every
 * term, contribution of every term; each `[B]` or `[]`.
 */
export function ledgerColumns({ terms, bound, objective }: Ledger): Tensor[] {
  return [
    objective,
    bound?.nats ?? objective,
    ...terms.map((term) => term.nats),
    ...terms.map((term) => term.contribution),
  ];
}

/** What the rows of a ledger are, without their numbers. */
export interface LedgerRows {
  /** The rows. */
  readonly terms: readonly Omit<TermSummary, "nats" | "contribution">[];
  /** What bounds log p(x), if anything does. */
  readonly bound?: { readonly name: string } | undefined;
}

/** The means of the {@linkcode ledgerColumns} back under the names of a ledger. */
export function summarizeLedger(
  { terms, bound }: LedgerRows,
  means: ArrayLike<number>,
): LedgerSummary {
  return {
    terms: terms.map(({ name, weight, estimator, samples }, i) => ({
      name,
      nats: means[2 + i]!,
      contribution: means[2 + terms.length + i]!,
      ...(weight === undefined ? {} : { weight }),
      estimator,
      samples,
    })),
    ...(bound === undefined ? {} : { bound: { name: bound.name, nats: means[1]! } }),
    objective: means[0]!,
  };
}
