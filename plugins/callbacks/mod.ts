/**
 * Callbacks: what watches a training run, and may end it.
 *
 * @module
 */
export { csvLog } from "./csv_log.ts";
export { earlyStopping, type EarlyStoppingOptions } from "./early_stopping.ts";
export { jsonLines } from "./json_lines.ts";
export { progressBar } from "./progress_bar.ts";
export { tensorBoard } from "./tensor_board.ts";
