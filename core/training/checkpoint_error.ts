/**
 * A run that could not be kept.
 *
 * @module
 */
import type { Vae } from "../model.ts";

/** A checkpoint could not be written. Those before it are as they were. */
export class CheckpointError extends Error {
  /** The model as it was then: yours to save elsewhere, and to dispose. */
  readonly model: Vae;

  /** Says why, and hands on the model. */
  constructor(model: Vae, cause: unknown) {
    super((cause as Error)?.message ?? String(cause), { cause });
    this.name = "CheckpointError";
    this.model = model;
  }
}
