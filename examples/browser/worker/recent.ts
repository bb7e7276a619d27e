/**
 * What a ledger was over the latest data alone.
 *
 * @module
 */
import type { LedgerSummary } from "../../../mod.ts";

/**
 * The means over the rows since an earlier report, from the means over all rows of the epoch.
 *
 * @param now The means over `rows` rows.
 * @param rows The rows of the epoch so far.
 * @param before The means over the rows that were reported before.
 */
export function difference(
  now: LedgerSummary,
  rows: number,
  before: { readonly rows: number; readonly ledger?: LedgerSummary },
): LedgerSummary {
  const { ledger } = before;
  if (ledger === undefined || before.rows === 0 || rows <= before.rows) return now;
  const since = (mean: number, earlier: number): number =>
    (mean * rows - earlier * before.rows) / (rows - before.rows);
  return {
    terms: now.terms.map((term, i) => ({
      ...term,
      nats: since(term.nats, ledger.terms[i]!.nats),
      contribution: since(term.contribution, ledger.terms[i]!.contribution),
    })),
    ...(now.bound && {
      bound: { name: now.bound.name, nats: since(now.bound.nats, ledger.bound!.nats) },
    }),
    objective: since(now.objective, ledger.objective),
  };
}
