/**
 * A bar that shows how far a run has come.
 *
 * @module
 */
import type { Callback, Run } from "../../core/callback.ts";
import { lazy } from "../../core/deps.ts";
import type { LedgerSummary } from "../../core/ledger.ts";

/** What is used of the bars of `cli-progress`, whose package has no types. */
interface Bar {
  start(total: number, value: number, payload: Readonly<Record<string, string>>): void;
  update(value: number, payload?: Readonly<Record<string, string>>): void;
  stop(): void;
}
interface BarModule {
  SingleBar: new (options: Readonly<Record<string, unknown>>) => Bar;
}

/** Milliseconds between two looks at the means, which have to be read from the device. */
const INTERVAL = 250;

/** A number as people write it. */
function show(value: number): string {
  return value.toFixed(1).replace("-", "−");
}

/** `−104.2 = −79.1 reconstruction − 25.1 divergence`, and the bound where that is another. */
function describeLedger({ terms, bound, objective }: LedgerSummary): string {
  const rows = terms.map(({ name, contribution }, i) => {
    const sign = contribution < 0 ? "−" : "+";
    const amount = i === 0 ? show(contribution) : `${sign} ${show(Math.abs(contribution))}`;
    return `${amount} ${name}`;
  });
  const sum = `${show(objective)} = ${rows.join(" ")}`;
  if (bound === undefined) return sum;
  const same = show(bound.nats) === show(objective);
  return same ? `${bound.name} ${sum}` : `${sum} · ${bound.name} ${show(bound.nats)}`;
}

/**
 * Shows epoch, ELBO terms, data per second and the time left, on a terminal; silent elsewhere.
 *
 * @example
 * ```ts
 * import { callbacks } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(callbacks.progressBar().name, "progressBar");
 * ```
 */
export function progressBar(): Callback {
  let bar: Bar | undefined;
  let rows = 0;
  let started = 0;
  let shown = 0;

  async function open({ steps, resumed }: Run): Promise<void> {
    const process = (globalThis as { process?: { stderr?: { isTTY?: boolean } } }).process;
    if (!process?.stderr?.isTTY) return;
    const { SingleBar } = (await lazy.progress()) as unknown as BarModule;
    bar = new SingleBar({
      format: "epoch {epoch} {bar} {percentage}% · {eta_formatted} left · {rate}/s · {ledger}",
      barCompleteChar: "█",
      barIncompleteChar: "░",
      clearOnComplete: false,
      hideCursor: true,
      barsize: 20,
    });
    rows = 0;
    started = shown = performance.now();
    bar.start(steps, resumed?.step ?? 0, { epoch: "1", rate: "–", ledger: "" });
  }

  return {
    kind: "callback",
    name: "progressBar",
    begin: open,
    step: async (report, { steps }) => {
      if (bar === undefined) return;
      rows += report.rows;
      const now = performance.now();
      if (now - shown < INTERVAL && report.step < steps) return;
      shown = now;
      bar.update(report.step, {
        epoch: String(report.epoch),
        rate: Math.round((rows / (now - started)) * 1000).toLocaleString("en"),
        ledger: describeLedger(await report.means()),
      });
    },
    end: () => {
      bar?.stop();
      bar = undefined;
    },
  };
}
