/**
 * The numbers of a report by name.
 *
 * @module
 */
import type { LedgerSummary } from "../../core/ledger.ts";

/** The objective, the bound and the terms of a ledger by name, in nats per datum. */
export function scalarsOf({ objective, bound, terms }: LedgerSummary): Map<string, number> {
  return new Map([
    ["objective", objective],
    ...(bound === undefined ? [] : [[bound.name, bound.nats] as const]),
    ...terms.map(({ name, nats }) => [name, nats] as const),
  ]);
}
