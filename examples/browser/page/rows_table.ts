/**
 * Rows of a table, and of what a model makes of them.
 *
 * @module
 */
import type { Column, Rows } from "../protocol.ts";
import { make } from "./dom.ts";
import { quantity } from "./text.ts";

/** More rows than this are more than one reads. */
const MOST = 8;

/** A value of a column as it is read. */
export function cellOf({ words }: Column, value: number): string {
  if (words === undefined) return quantity(value);
  return words[Math.round(value)] ?? "missing";
}

/** A table; where two kinds of rows are given they stand in pairs. */
export function tableOf(
  columns: readonly Column[],
  kinds: readonly { readonly name: string; readonly rows: Rows }[],
  caption: string,
): HTMLElement {
  const count = Math.min(MOST, ...kinds.map(({ rows }) => rows.count)), width = columns.length;
  const head = make("tr", {}, ...[
    ...kinds.length > 1 ? [make("th", { scope: "col" }, "")] : [],
    ...columns.map(({ name }) => make("th", { scope: "col" }, name)),
  ]);
  const body = make("tbody");
  for (let row = 0; row < count; row++) {
    kinds.forEach(({ name, rows }, kind) => {
      const cells = columns.map((column, i) =>
        make("td", {}, cellOf(column, rows.values[row * width + i]!))
      );
      const title = kinds.length > 1 ? [make("th", { scope: "row" }, name)] : [];
      body.append(make("tr", kind === 0 ? { class: "first" } : {}, ...title, ...cells));
    });
  }
  const table = make(
    "table",
    {},
    make("caption", { class: "unseen" }, caption),
    make("thead", {}, head),
    body,
  );
  // A wide table is scrolled, by keyboard too.
  return make(
    "div",
    { class: "wide", tabindex: "0", role: "region", "aria-label": caption },
    table,
  );
}
