/**
 * The contract of what shows the latent space.
 *
 * @module
 */
import type { DataInfo, Encoded, Latents, Rows } from "../protocol.ts";

/** What there is to show, and who answers. */
export interface LatentsOptions {
  readonly info: DataInfo;
  /** The number of latents. */
  readonly latent: number;
  /** Whether the model is told the class. */
  readonly conditional: boolean;
  readonly decode: (latents: Latents) => Promise<Rows>;
  /** Encodes a test datum. */
  readonly encode: (index: number) => Promise<Encoded>;
}

/** What shows the latent space. */
export interface LatentsView {
  readonly element: HTMLElement;
  /** What it shows, in a sentence. */
  readonly note: string;
  /** The model is another: these are the means of the test data `[n, K]`, and their classes. */
  readonly update: (values: Float32Array, codes?: Uint8Array) => void;
  /** The picture that can be exported, where there is one. */
  readonly snapshot: () => HTMLCanvasElement | undefined;
}
