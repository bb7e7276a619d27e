/**
 * A model as a table to read.
 *
 * @module
 */
import { describe } from "./plugin.ts";
import type { Support } from "./support.ts";
import type { Spec } from "./model.ts";
import type { Variable } from "./types.ts";

/** The longest that a plugin may be written: a topology of layers has no end. */
const LONGEST = 72;

function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** Columns of text, each as wide as its widest cell; the last column is aligned to the right. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const pad = (cell: string, column: number, { length }: readonly string[]): string =>
    column === length - 1 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!);
  return rows.map((row) => row.map((cell, i) => pad(cell, i, row)).join("  ").trimEnd()).join("\n");
}

/** Parts, shapes and parameter counts, one part a line and one parameter a line below it. */
export function summarize(
  { data, latent, condition, parts }: Spec,
  support: Support,
  variables: ReadonlyMap<string, Variable>,
): string {
  const rows: string[][] = [["part", "shape", "parameters"]];
  for (const [part, plugin] of Object.entries(parts)) {
    const own = [...variables].filter(([path]) => path.startsWith(`${part}/`));
    const count = own.reduce((sum, [, variable]) => sum + variable.size, 0);
    rows.push([
      shorten(`${part}: ${describe(plugin)}`),
      "",
      count === 0 ? "" : count.toLocaleString("en"),
    ]);
    for (const [path, { shape, size }] of own) {
      rows.push([
        `  ${path.slice(part.length + 1)}`,
        `[${shape.join(", ")}]`,
        size.toLocaleString("en"),
      ]);
    }
  }
  const total = [...variables.values()].reduce((sum, variable) => sum + variable.size, 0);
  rows.push(["total", "", total.toLocaleString("en")]);
  const shapes = [
    `data [${data.join(", ")}]`,
    `latent [${latent.join(", ")}]`,
    ...(condition === undefined ? [] : [`condition [${condition.join(", ")}]`]),
    `support ${typeof support === "string" ? support : JSON.stringify(support)}`,
  ];
  return `${shapes.join(" · ")}\n\n${table(rows)}`;
}
