/**
 * What presets have in common: options, and the parts of the plainest model.
 *
 * @module
 */
import type { Standardization } from "../../core/data/dataset.ts";
import type { AnyNetwork } from "../../core/network.ts";
import type { Seed } from "../../core/random.ts";
import type { Shape } from "../../core/types.ts";
import { mlp } from "../networks/mlp.ts";

/** Options of every preset. */
export interface PresetOptions {
  /** The shape of one datum `[…D]`. */
  readonly data: Shape;
  /** K, the number of latents. */
  readonly latent: number;
  /** The shape of the condition `[…C]`, if there is one. */
  readonly condition?: Shape;
  /**
   * The widths of the hidden layers of the encoder; the decoder has them in reverse.
   * @default [400]
   */
  readonly hidden?: readonly number[];
  /** What the data are standardized by, if they are: the model keeps it. */
  readonly standardization?: Standardization | undefined;
  /**
   * Where the first weights come from.
   * @default 0
   */
  readonly seed?: number | Seed;
}

/** The options that go into a model as they are. */
export interface Common {
  readonly data: Shape;
  readonly latent: number;
  readonly condition: Shape | undefined;
  readonly encoder: AnyNetwork;
  readonly decoder: AnyNetwork;
  readonly standardization: Standardization | undefined;
  readonly seed: number | Seed;
}

/** Shapes, seed and two multilayer perceptrons. */
export function common(
  { data, latent, condition, hidden = [400], standardization, seed = 0 }: PresetOptions,
): Common {
  const encoder = mlp({ hidden }), decoder = mlp({ hidden: [...hidden].reverse() });
  return { data, latent, condition, encoder, decoder, standardization, seed };
}
