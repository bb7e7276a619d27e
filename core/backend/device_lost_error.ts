/**
 * A GPU that was taken away.
 *
 * @module
 */

/** What is known of a lost device. */
export interface LostDevice {
  /** The backend that ran on it. */
  readonly backend: string;
  /** The number of steps that a run had taken. */
  readonly step?: number | undefined;
  /** The path of the last checkpoint of the run, if it has one. */
  readonly checkpoint?: string | undefined;
}

/**
 * The device of webgl or webgpu was lost: its driver failed, or a browser took it away. What lay on it
 * is gone, the parameters of models too. Choose a backend by `useBackend`, the same one or another,
 * and take the model from a file: `resume` goes on from the last checkpoint.
 */
export class DeviceLostError extends Error implements LostDevice {
  /** The backend that ran on it: `"webgl"` or `"webgpu"`. */
  readonly backend: string;
  /** The number of steps that the run had taken, if it was a run. */
  readonly step: number | undefined;
  /** The path of its last checkpoint, which is whole, if it has one. */
  readonly checkpoint: string | undefined;

  /** Says what cannot be done, and what is left. */
  constructor(action: string, { backend, step, checkpoint }: LostDevice, cause?: unknown) {
    const after = step === undefined ? "" : `, after step ${step}`;
    const left = checkpoint === undefined
      ? "what lay on it is gone"
      : `resume goes on from '${checkpoint}', on any backend`;
    super(
      `Cannot ${action} as the GPU must stay: current value is lost, on ${backend}${after} (${left})`,
      { cause },
    );
    this.name = "DeviceLostError";
    this.backend = backend;
    this.step = step;
    this.checkpoint = checkpoint;
  }
}
