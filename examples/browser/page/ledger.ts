/**
 * The ledger as rows of an account, each with its curve; the last one is what they add up to.
 *
 * @module
 */
import type { LedgerSummary, TermSummary } from "../../../mod.ts";
import { append, emptyLine, type Line, openCurve } from "./curve.ts";
import { make } from "./dom.ts";
import type { Surface } from "./surface.ts";
import { nats } from "./text.ts";

/** Terms as they are written. */
const FORMULAE: Readonly<Record<string, string>> = {
  reconstruction: "E log p(x|z), over q(z|x)",
  divergence: "KL(q(z|x) ‖ p(z))",
};

/** One row. */
interface Row {
  readonly line: Line;
  readonly points: Line;
  readonly surface: Surface;
  readonly value: HTMLElement;
  readonly detail: HTMLElement;
}

function capital(name: string): string {
  return name[0]!.toUpperCase() + name.slice(1);
}

/** How a term was computed. */
function detailOf({ estimator, samples, weight, name }: TermSummary): string {
  const how = samples === 0
    ? estimator
    : `${estimator}, ${samples} ${samples === 1 ? "sample" : "samples"}`;
  return name !== "reconstruction" && weight !== undefined && weight !== 1
    ? `counts ${weight} times · ${how}`
    : how;
}

/** Opens the ledger in an element. */
export function openLedger(place: HTMLElement) {
  let rows = new Map<string, Row>();
  let validated: number | undefined;

  function addRow(name: string, title: string, formula: string, total: boolean): Row {
    const line = emptyLine(), points = emptyLine();
    const surface = openCurve({ line, points, main: total }, `${title}: no steps yet`);
    const value = make("output", { class: "value" }, "–");
    const detail = make("p", { class: "hint" });
    const text = make(
      "div",
      { class: "account" },
      make("h3", {}, title),
      make("p", { class: "formula" }, formula),
      value,
      detail,
    );
    place.append(make("div", { class: total ? "row total" : "row" }, text, surface.canvas));
    const row = { line, points, surface, value, detail };
    rows.set(name, row);
    return row;
  }

  function show(row: Row, title: string, step: number, value: number): void {
    append(row.line, step, value);
    row.value.textContent = nats(value);
    row.surface.canvas.setAttribute(
      "aria-label",
      `${title}: ${nats(value)} nats per datum at step ${step}`,
    );
    row.surface.invalidate();
  }

  function clear(): void {
    place.replaceChildren();
    rows = new Map();
    validated = undefined;
  }

  /** What there is to see before the first step. */
  function open(): void {
    clear();
    addRow("reconstruction", "Reconstruction", FORMULAE.reconstruction!, false);
    addRow("divergence", "Divergence", FORMULAE.divergence!, false);
    addRow("bound", "ELBO", "reconstruction − divergence", true);
  }

  open();
  return {
    /** Starts anew. */
    reset: open,
    /** The number that counts, for the state of the run. */
    bound: (): number | undefined => rows.get("bound")?.line.values.at(-1),
    /** Adds the means of the latest data. */
    add(step: number, { terms, bound, objective }: LedgerSummary): void {
      const weighted = bound === undefined || Math.abs(bound.nats - objective) > 1e-3;
      const names = [...terms.map(({ name }) => name), ...weighted ? ["objective"] : [], "bound"];
      if (bound === undefined) names.pop();
      if (names.join() !== [...rows.keys()].join()) {
        clear();
        for (const { name } of terms) addRow(name, capital(name), FORMULAE[name] ?? "", false);
        if (weighted) addRow("objective", "Objective", "what training makes larger", true);
        if (bound) addRow("bound", bound.name.toUpperCase(), "with weight 1: log p(x) ≥", true);
      }
      for (const term of terms) {
        const row = rows.get(term.name)!;
        show(row, capital(term.name), step, term.nats);
        row.detail.textContent = detailOf(term);
      }
      if (weighted) show(rows.get("objective")!, "Objective", step, objective);
      if (bound) show(rows.get("bound")!, bound.name, step, bound.nats);
    },
    /** Adds the ELBO of the validation data. */
    validate(step: number, { bound }: LedgerSummary): void {
      const row = rows.get("bound");
      if (row === undefined || bound === undefined) return;
      validated = bound.nats;
      append(row.points, step, bound.nats);
      row.detail.textContent = `validation ${nats(validated)}`;
      row.surface.invalidate();
    },
  };
}
