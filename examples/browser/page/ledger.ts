/**
 * The ledger as an equation, each term over its curve; the last one is what they add up to.
 *
 * @module
 */
import type { LedgerSummary, TermSummary } from "../../../mod.ts";
import { append, emptyLine, type Line, openCurve } from "./curve.ts";
import { make } from "./dom.ts";
import type { Surface } from "./surface.ts";
import { nats, quantity } from "./text.ts";

/** Terms as they are written. */
const FORMULAE: Readonly<Record<string, string>> = {
  reconstruction: "E log p(x|z)",
  divergence: "KL(q(z|x) ‖ p(z))",
  "weight entropy": "H(w̃) − log S",
};

/** One term, or what they add up to. */
interface Row {
  readonly line: Line;
  readonly points: Line;
  readonly surface: Surface;
  readonly sign: HTMLElement;
  readonly value: HTMLElement;
  readonly detail: HTMLElement;
}

function capital(name: string): string {
  return name[0]!.toUpperCase() + name.slice(1);
}

/** A bound as it is called: `elbo`, or `IWAE, 5 samples`. */
function titleOf(bound: string): string {
  return bound.length > 4 ? bound : bound.toUpperCase();
}

/** How a term was computed. */
function detailOf({ estimator, samples }: TermSummary): string {
  return samples === 0
    ? estimator
    : `${estimator}, ${samples} ${samples === 1 ? "sample" : "samples"}`;
}

/** What stands before a term: whether it is taken away, and how often it counts. */
function signOf({ nats, contribution, weight }: TermSummary, first: boolean): string {
  const sign = nats * contribution < 0 ? "−" : first ? "" : "+";
  return weight === undefined || weight === 1 ? sign : `${sign} ${quantity(weight)} ×`;
}

/** Opens the ledger in an element. */
export function openLedger(place: HTMLElement) {
  let rows = new Map<string, Row>();

  function addRow(name: string, title: string, formula: string, operator = ""): Row {
    const line = emptyLine(), points = emptyLine(), total = name === "bound";
    const surface = openCurve({ line, points, main: total }, `${title}: no steps yet`);
    const sign = make("span", { class: "sign" }, operator);
    const value = make("output", { class: "value" });
    const detail = make("p", { class: "hint" });
    place.append(
      make(
        "div",
        { class: total ? "row total" : "row" },
        make("h3", {}, title),
        make("p", { class: "formula" }, formula),
        make("p", { class: "sum" }, sign, " ", value),
        detail,
        surface.canvas,
      ),
    );
    const row = { line, points, surface, sign, value, detail };
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
  }

  /** What there is to see before the first step. */
  function open(): void {
    clear();
    addRow("reconstruction", "Reconstruction", FORMULAE.reconstruction!);
    addRow("divergence", "Divergence", FORMULAE.divergence!, "−");
    addRow("bound", "ELBO", "log p(x) ≥", "=");
  }

  open();
  return {
    /** Starts anew. */
    reset: open,
    /** Adds the means of the latest data. */
    add(step: number, { terms, bound, objective }: LedgerSummary): void {
      const weighted = bound === undefined || Math.abs(bound.nats - objective) > 1e-3;
      const names = [...terms.map(({ name }) => name), ...weighted ? ["objective"] : [], "bound"];
      if (bound === undefined) names.pop();
      if (names.join() !== [...rows.keys()].join()) {
        clear();
        for (const { name } of terms) addRow(name, capital(name), FORMULAE[name] ?? "");
        if (weighted) addRow("objective", "Objective", "what training makes larger", "=");
        if (bound) addRow("bound", titleOf(bound.name), "log p(x) ≥", weighted ? "" : "=");
      }
      for (const [i, term] of terms.entries()) {
        const row = rows.get(term.name)!;
        row.sign.textContent = signOf(term, i === 0);
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
      append(row.points, step, bound.nats);
      row.detail.textContent = `validation ${titleOf(bound.name)} ${nats(bound.nats)}`;
      row.surface.invalidate();
    },
  };
}
