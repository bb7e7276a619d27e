/**
 * Tells the page how a run goes, and lets it wait while it is paused.
 *
 * @module
 */
import type { Callback, LedgerSummary } from "../../../mod.ts";
import type { Reply } from "../protocol.ts";
import { difference } from "./recent.ts";

/** Milliseconds between two looks at the ledger, and between two copies of the model. */
const REPORTS = 250, CHECKPOINTS = 10_000;

/** Pictures take about one part in so many of the time, but come no oftener and no rarer than this. */
const SHARE = 6, PICTURES = { least: 700, most: 6000 } as const;

/** What a run is reported with. */
export interface Reporting {
  readonly epochs: number;
  readonly post: (reply: Reply) => void;
  /** Counts the steps of the model, over all of its runs. */
  readonly counter: { steps: number };
  /** Draws everything anew. */
  readonly look: () => Promise<void>;
  /** Hands the page a copy of the model. */
  readonly checkpoint: () => Promise<void>;
  /** What the run waits for while it is paused. */
  readonly pause: () => Promise<void> | undefined;
}

/** Opens the reports of one run. */
export function openReporter(
  { epochs, post, counter, look, checkpoint, pause }: Reporting,
): Callback {
  const start = performance.now(), before = counter.steps;
  let rows = 0, reported: { rows: number; ledger?: LedgerSummary } = { rows: 0 };
  let lastReport = 0, nextPictures = 0, lastCheckpoint = start, idle = 0;

  function report(ledger: LedgerSummary, epoch: number): void {
    const recent = difference(ledger, rows, reported);
    reported = { rows, ledger };
    lastReport = performance.now();
    const { steps: step } = counter, seconds = (lastReport - start - idle) / 1000;
    const stepsPerSecond = (step - before) / seconds;
    post({ type: "progress", step, epoch, epochs, stepsPerSecond, ledger: recent });
  }

  /** Does something that is no training. */
  async function aside(work: () => Promise<void>): Promise<number> {
    const began = performance.now();
    await work();
    const took = performance.now() - began;
    idle += took;
    // A report over the one batch since then would say little.
    lastReport += took;
    return took;
  }

  return {
    kind: "callback",
    name: "page",
    step: async ({ epoch, rows: more, means }) => {
      counter.steps++;
      rows += more;
      if (performance.now() - lastReport > REPORTS) report(await means(), epoch);
      if (performance.now() > nextPictures) {
        const wait = SHARE * await aside(look);
        nextPictures = performance.now() +
          Math.min(PICTURES.most, Math.max(PICTURES.least, wait));
      }
      if (performance.now() - lastCheckpoint > CHECKPOINTS) {
        await aside(checkpoint);
        lastCheckpoint = performance.now();
      }
      if (pause() === undefined) return;
      await aside(async () => {
        await look();
        await checkpoint();
        await pause();
      });
    },
    epoch: ({ epoch, training, validation }) => {
      // What a batch or two say would be noise in the curve.
      const few = rows - reported.rows < rows / 10 && reported.rows > 0;
      if (!few) report(training, epoch);
      reported = { rows: rows = 0 };
      if (validation) post({ type: "validation", step: counter.steps, ledger: validation });
    },
  };
}
