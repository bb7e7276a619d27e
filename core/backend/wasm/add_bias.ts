/**
 * Bias and activation over rows, on all threads.
 *
 * @module
 */
import { ACTIVATION, type Address } from "./kernels.ts";
import type { WasmRuntime } from "./runtime.ts";

/** Elements below which a pass is not worth a second thread. */
const GRAIN = 20_000;

/** Rows, and what is added to them. */
export interface BiasedRows {
  readonly x: Address;
  readonly rows: number;
  readonly columns: number;
  readonly bias: Address;
  readonly relu: boolean;
  /** Where the rows go: where they came from unless told. */
  readonly y?: Address;
}

/** y = x + b, or max(x + b, 0). */
export function addBias(
  { x, rows, columns, bias, relu, y = x }: BiasedRows,
  inParts: WasmRuntime["inParts"],
): void {
  const activation = ACTIVATION[relu ? "relu" : "linear"];
  inParts("addBias", rows, 1 + GRAIN / columns, (from, to) => {
    const skip = 4 * from * columns;
    return [x + skip, to - from, columns, bias, activation, y + skip];
  });
}
