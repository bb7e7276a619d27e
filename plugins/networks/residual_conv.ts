/**
 * Residual blocks of convolutions that make a picture smaller, then dense layers: a deep encoder for
 * pictures.
 *
 * He, Zhang, Ren and Sun, "Identity mappings in deep residual networks", arXiv:1603.05027: blocks
 * with the activation before each convolution. Where a block makes the picture smaller, its shortcut
 * is a convolution whose kernels tile the picture.
 *
 * @module
 */
import type { AnyNetwork } from "../../core/network.ts";
import { type Activation, activations } from "../../core/operations/activation.ts";
import { inShape } from "../../core/operations/in_shape.ts";
import type { Tensor } from "../../core/types.ts";
import { convolutionLayer } from "./_convolutions.ts";
import { denseHeads, hiddenLayers } from "./_dense.ts";
import { pictureOf, shrunk } from "./_pictures.ts";
import { requireResiduals, residualStage } from "./_residual.ts";

/** Options of {@linkcode residualConv}. */
export interface ResidualConvOptions {
  /**
   * The channels of each stage, from the data on.
   * @default [32, 64]
   */
  readonly channels?: readonly number[];
  /**
   * How many blocks a stage has, of which the first makes the picture smaller.
   * @default 1
   */
  readonly blocks?: number;
  /**
   * The height and width of every kernel, but for those of shortcuts.
   * @default 3
   */
  readonly kernelSize?: number;
  /**
   * How many times smaller each stage makes height and width, rounded up.
   * @default 2
   */
  readonly stride?: number;
  /**
   * The width of each dense layer that follows the stages.
   * @default []
   */
  readonly hidden?: readonly number[];
  /**
   * What stands before each convolution of a block and before the dense layers, and follows these.
   * @default "relu"
   */
  readonly activation?: Activation;
}

/**
 * A residual encoder for pictures `[B, H, W, C]`, or `[B, H, W]` of one channel: a convolution,
 * stages of residual blocks, hidden dense layers, and one linear layer for every head. A condition,
 * where the model has one, is put beside the features that the last stage gives.
 *
 * Of a picture `[H, W, C]`, n stages leave `[⌈H/strideⁿ⌉, ⌈W/strideⁿ⌉, channels[n − 1]]`.
 *
 * @param options Channels, blocks, kernels and strides of the stages, and the layers that follow.
 * @throws {RangeError} If a number of channels, the number of blocks, a width, the size of the
 * kernels or the stride is not a positive integer, there is no stage, or the activation is unknown.
 * @throws {TypeError} If channels or widths are no list, the network is built for an input that is no
 * picture, or a condition is missing when it runs.
 *
 * @example
 * ```ts
 * import { divergences, likelihoods, networks, posteriors, priors, vae } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = vae({
 *   data: [8, 8, 3],
 *   latent: 4,
 *   encoder: networks.residualConv({ channels: [4, 6] }),
 *   decoder: networks.residualDeconv({ channels: [6, 4] }),
 *   posterior: posteriors.diagonalNormal(),
 *   prior: priors.standardNormal(),
 *   likelihood: likelihoods.normal(),
 *   divergence: divergences.kl(),
 * });
 * // 8 × 8 → 4 × 4 → 2 × 2
 * assert.deepEqual(model.parameters.get("encoder/mean/kernel")!.shape, [2 * 2 * 6, 4]);
 * model.dispose();
 * ```
 */
export function residualConv({
  channels = [32, 64],
  blocks = 1,
  kernelSize = 3,
  stride = 2,
  hidden = [],
  activation = "relu",
}: ResidualConvOptions = {}): AnyNetwork {
  const options = { channels, blocks, kernelSize, stride, hidden, activation };
  requireResiduals(options);
  return {
    kind: "network",
    name: "residualConv",
    options,
    build: (scope, { input, heads }) => {
      const picture = pictureOf("residualConv", "'input'", input);
      const [height, width, depth] = picture, count = channels.length, first = channels[0]!;
      const start = convolutionLayer(scope.child("conv"), [depth, first], {
        kernelSize,
        stride: 1,
        activation: "linear",
      });
      const stages = channels.map((outputs, i) => {
        const place = [channels[i - 1] ?? first, outputs] as const;
        return residualStage(scope.child(`stage${i}`), place, options, convolutionLayer);
      });
      const inputs = shrunk(height, stride, count) * shrunk(width, stride, count) *
        channels.at(-1)!;
      const given = { network: "residualConv", inputs, hidden, layer: activation };
      const features = hiddenLayers(scope, given);
      const toHeads = denseHeads(scope, features.outputs, heads);
      return (x, context) => {
        const pictures: Tensor = start(inShape(x, [-1, ...picture]));
        const smallest = stages.reduce((pictures, stage) => stage(pictures), pictures);
        return toHeads(features.run(activations[activation](smallest), context));
      };
    },
  };
}
