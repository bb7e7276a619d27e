/**
 * Rows from memory, copied once.
 *
 * @module
 */
import { copyRows, TAKE_ROWS, type TakenRows } from "../../../operations/take_rows.ts";
import { elementsOf, kernel, type WasmKernel } from "../kernel.ts";

/** Writes rows onto the heap. */
export const takeRows: WasmKernel = kernel<unknown, TakenRows>(
  TAKE_ROWS,
  ({ attributes, runtime }) => {
    const rows = runtime.output([attributes.indices.length, ...attributes.shape]);
    copyRows(attributes, runtime.view(runtime.address(rows), elementsOf(rows)));
    return rows;
  },
);
