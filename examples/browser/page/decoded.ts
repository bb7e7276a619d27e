/**
 * One decoded datum: a picture, or the values of the columns.
 *
 * @module
 */
import type { DataInfo, Rows } from "../protocol.ts";
import { make } from "./dom.ts";
import { Unanswered } from "./link.ts";
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

/** Does one thing at a time; what is asked for meanwhile is done once, afterwards. */
export function latestOnly(work: () => Promise<void>): () => void {
  let busy = false, again = false;
  async function run(): Promise<void> {
    busy = true;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
    } finally {
      busy = false;
      if (again) {
        again = false;
        void run();
      }
    }
  }
  return () => {
    if (busy) again = true;
    else void run();
  };
}
