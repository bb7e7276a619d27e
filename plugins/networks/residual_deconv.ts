/**
 * Dense layers, then residual blocks that make a picture larger: the mirror of `residualConv`.
 *
 * He, Zhang, Ren and Sun, "Identity mappings in deep residual networks", arXiv:1603.05027: blocks
 * with the activation before each convolution. Where a block makes the picture larger, its first
 * convolution and its shortcut are transposed ones.
 *
 * @module
 */
import type { AnyNetwork } from "../../core/network.ts";
import { type Activation, activations } from "../../core/operations/activation.ts";
import { inShape } from "../../core/operations/in_shape.ts";
import { type Outputs, type Shape, sizeOf, type Tensor } from "../../core/types.ts";
import { convolutionLayer, transposedConvolutionLayer } from "./_convolutions.ts";
import { denseLayer, hiddenLayers } from "./_dense.ts";
import { type Picture, shrunk, sizeOfHeads } from "./_pictures.ts";
import { type MakeResizing, requireResiduals, residualStage } from "./_residual.ts";

/** Options of {@linkcode residualDeconv}. */
export interface ResidualDeconvOptions {
  /**
   * The channels that each stage reads: those of `residualConv`, reversed. The last one makes as
   * many as it reads.
   * @default [64, 32]
   */
  readonly channels?: readonly number[];
  /**
   * How many blocks a stage has, of which the first makes the picture larger.
   * @default 1
   */
  readonly blocks?: number;
  /**
   * The height and width of every kernel, but for those of shortcuts.
   * @default 3
   */
  readonly kernelSize?: number;
  /**
   * How many times larger each stage makes height and width.
   * @default 2
   */
  readonly stride?: number;
  /**
   * The width of each dense layer before the one that makes the smallest picture.
   * @default []
   */
  readonly hidden?: readonly number[];
  /**
   * What follows each hidden layer, and stands before each convolution.
   * @default "relu"
   */
  readonly activation?: Activation;
}

/**
 * A residual decoder from latents `[B, …K]` to heads that are pictures `[B, H, W, C]`, or
 * `[B, H, W]` of one channel: hidden dense layers, a linear one that makes the smallest picture,
 * stages of residual blocks, and one convolution for every head. A condition, where the model has
 * one, is put beside the latents.
 *
 * Pictures have the sizes that `networks.residualConv` gives them, in reverse: the smallest of n
 * stages is `[⌈H/strideⁿ⌉, ⌈W/strideⁿ⌉, channels[0]]`.
 *
 * @param options The dense layers, and channels, blocks, kernels and strides of the stages.
 * @throws {RangeError} If a number of channels, the number of blocks, a width, the size of the
 * kernels or the stride is not a positive integer, there is no stage, or the activation is unknown.
 * @throws {TypeError} If channels or widths are no list, the network is built for heads that are not
 * pictures of one height and width, or a condition is missing when it runs.
 *
 * @example
 * ```ts
 * import { networks } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * // The mirror of networks.residualConv({ channels: [8, 16], blocks: 2 }).
 * const { options } = networks.residualDeconv({ channels: [16, 8], blocks: 2 });
 * assert.deepEqual([options.kernelSize, options.stride], [3, 2]);
 * assert.throws(() => networks.residualDeconv({ blocks: 0 }), /'blocks' must be a positive integer/);
 * ```
 */
export function residualDeconv({
  channels = [64, 32],
  blocks = 1,
  kernelSize = 3,
  stride = 2,
  hidden = [],
  activation = "relu",
}: ResidualDeconvOptions = {}): AnyNetwork {
  const options = { channels, blocks, kernelSize, stride, hidden, activation };
  requireResiduals(options);
  return {
    kind: "network",
    name: "residualDeconv",
    options,
    build: (scope, { input, heads }) => {
      const [height, width] = sizeOfHeads("residualDeconv", heads), count = channels.length;
      const sizeAfter = (stages: number): readonly [number, number] => [
        shrunk(height, stride, count - stages),
        shrunk(width, stride, count - stages),
      ];
      const smallest: Picture = [...sizeAfter(0), channels[0]!];
      const features = hiddenLayers(scope, {
        network: "residualDeconv",
        inputs: sizeOf(input),
        hidden,
        layer: activation,
      });
      const start = denseLayer(scope.child("smallest"), features.outputs, sizeOf(smallest));
      const stages = channels.map((inputs, i) => {
        const size = sizeAfter(i + 1), place = [inputs, channels[i + 1] ?? inputs] as const;
        const larger: MakeResizing = (scope, [inputs, outputs], options) =>
          transposedConvolutionLayer(scope, inputs, [...size, outputs], options);
        return residualStage(scope.child(`stage${i}`), place, options, larger);
      });
      const toHeads = Object.entries<Shape>(heads).map(([head, shape]) => {
        const place = [channels.at(-1)!, shape[2] ?? 1] as const;
        const linear = { kernelSize, stride: 1, activation: "linear" } as const;
        const layer = convolutionLayer(scope.child(head), place, linear);
        return (x: Tensor) => [head, inShape(layer(x), [-1, ...shape])] as const;
      });
      return (latents, context) => {
        const pictures: Tensor = inShape(start(features.run(latents, context)), [-1, ...smallest]);
        const sum = stages.reduce((pictures, stage) => stage(pictures), pictures);
        const largest = activations[activation](sum);
        return Object.fromEntries(toHeads.map((toHead) => toHead(largest))) as Outputs<
          typeof heads
        >;
      };
    },
  };
}
