/**
 * Callbacks: what watches a training run, and may end it.
 *
 * @module
 */
export { earlyStopping, type EarlyStoppingOptions } from "./early_stopping.ts";
export { progressBar } from "./progress_bar.ts";
