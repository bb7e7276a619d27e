/**
 * Tables for a terminal.
 *
 * @module
 */
import type { Measured } from "./driver.ts";
import { onTwoCores } from "./statistics.ts";

/** A cell: what is not known, or makes no sense, is null. */
export type Cell = string | number | null;

/** Three digits that mean something, and no fewer than stand before the point. */
function write(cell: Cell): string {
  if (cell === null) return "–";
  if (typeof cell === "string") return cell;
  if (Number.isInteger(cell) || Math.abs(cell) >= 100) return Math.round(cell).toLocaleString("en");
  return cell.toPrecision(3);
}

/** A table with a heading; the first column stands left, numbers stand right. */
export function table(heading: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const written = [heading, ...rows.map((row) => row.map(write))];
  const widths = heading.map((_, column) =>
    Math.max(...written.map((row) => row[column]?.length ?? 0))
  );
  const lines = written.map((row) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)
    ).join("  ").trimEnd()
  );
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}

/** What there is to say below a table: what each variant ran on, or why it could not run. */
export function remarks({ results, repeated }: Measured): string {
  const variants = results.flatMap((result) => {
    if ("reason" in result) return [`${result.name} cannot run: ${result.reason}`];
    return result.detail === undefined ? [] : [`${result.name}: ${result.detail}`];
  });
  const turns = results.flatMap((result) => "turns" in result ? result.turns : []);
  if (turns.length === 0) return variants.join("\n");
  const sound = turns.filter(onTwoCores).length;
  const machine =
    `${sound} of ${turns.length} turns had two cores, after ${repeated} were taken again`;
  return [...variants, machine].join("\n");
}
