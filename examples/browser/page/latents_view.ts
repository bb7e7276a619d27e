/**
 * The contract of what shows the latent space.
 *
 * @module
 */

/** What shows the latent space. */
export interface LatentsView {
  readonly element: HTMLElement;
  /** What it shows, in a sentence. */
  readonly note: string;
  /** The model is another: these are the means of the test data `[n, K]`, and their classes. */
  readonly update: (values: Float32Array, classes?: Uint8Array) => void;
  /** The picture that can be exported, where there is one. */
  readonly snapshot?: () => HTMLCanvasElement;
}
