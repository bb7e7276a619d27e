/**
 * One decoded datum: a picture, or the values of the columns.
 *
 * @module
 */
import type { DataInfo, Rows } from "../protocol.ts";
import { make } from "./dom.ts";
import { cellOf } from "./rows_table.ts";
import { pixelsOf } from "./sheet.ts";

/** More columns than this are more than one watches while they change. */
const MOST = 16;

/** Opens a place for one decoded datum. */
export function openDecoded({ picture, columns = [] }: DataInfo): {
  readonly element: HTMLElement;
  readonly show: (rows: Rows) => void;
} {
  if (picture !== undefined) {
    const element = make("canvas", {
      class: "decoded",
      role: "img",
      "aria-label": "Decoded picture",
    });
    element.width = picture.width;
    element.height = picture.height;
    return {
      element,
      show: (rows) => element.getContext("2d")!.putImageData(pixelsOf(rows, 0, picture), 0, 0),
    };
  }
  const values = columns.slice(0, MOST).map((column) => ({ column, cell: make("dd", {}, "–") }));
  const list = values.flatMap(({ column, cell }) => [make("dt", {}, column.name), cell]);
  return {
    element: make("dl", { class: "decoded" }, ...list),
    show: (rows) =>
      values.forEach(({ column, cell }, i) => cell.textContent = cellOf(column, rows.values[i]!)),
  };
}

/** Asks for one thing at a time; of those that come meanwhile only the latest counts. */
export function latestOnly<T>(ask: (wanted: T) => Promise<void>): (wanted: T) => void {
  let busy = false, next: { readonly wanted: T } | undefined;
  async function run(wanted: T): Promise<void> {
    busy = true;
    try {
      await ask(wanted);
    } finally {
      busy = false;
      const waiting = next;
      next = undefined;
      if (waiting !== undefined) void run(waiting.wanted);
    }
  }
  return (wanted) => {
    if (busy) next = { wanted };
    else void run(wanted);
  };
}
