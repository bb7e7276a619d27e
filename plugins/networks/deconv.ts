/**
 * Dense layers, then transposed convolutions that make a picture larger: the mirror of `conv`.
 *
 * Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285,
 * chapter 4.
 *
 * @module
 */
import type { AnyNetwork } from "../../core/network.ts";
import type { Activation } from "../../core/operations/activation.ts";
import { inShape } from "../../core/operations/in_shape.ts";
import { type Outputs, type Shape, sizeOf, type Tensor } from "../../core/types.ts";
import { transposedConvolutionLayer } from "./_convolutions.ts";
import { hiddenLayers } from "./_dense.ts";
import { type Picture, requireConvolutions, shrunk, sizeOfHeads } from "./_pictures.ts";

/** Options of {@linkcode deconv}. */
export interface DeconvOptions {
  /**
   * The channels that each transposed convolution reads: those of `conv`, reversed. The last one
   * makes the channels of the head.
   * @default [64, 32]
   */
  readonly channels?: readonly number[];
  /**
   * The height and width of every kernel.
   * @default 3
   */
  readonly kernelSize?: number;
  /**
   * How many times larger each transposed convolution makes height and width.
   * @default 2
   */
  readonly stride?: number;
  /**
   * The width of each dense layer before the one that makes the smallest picture.
   * @default []
   */
  readonly hidden?: readonly number[];
  /**
   * What follows each dense layer and each transposed convolution but the last.
   * @default "relu"
   */
  readonly activation?: Activation;
}

/**
 * A decoder from latents `[B, …K]` to heads that are pictures `[B, H, W, C]`, or `[B, H, W]` of one
 * channel: hidden dense layers, one more that makes the smallest picture, and transposed convolutions,
 * the last of them one for every head and without activation. A condition, where the model has one,
 * is put beside the latents.
 *
 * Pictures have the sizes that `networks.conv` gives them, in reverse: the smallest of n transposed
 * convolutions is `[⌈H/strideⁿ⌉, ⌈W/strideⁿ⌉, channels[0]]`.
 *
 * @param options The dense layers, and channels, kernels and strides of the transposed convolutions.
 * @throws {RangeError} If a number of channels, a width, the size of the kernels or the stride is not
 * a positive integer, there is no transposed convolution, or the activation is unknown.
 * @throws {TypeError} If channels or widths are no list, the network is built for heads that are not
 * pictures of one height and width, or a condition is missing when it runs.
 *
 * @example
 * ```ts
 * import { networks } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * // The mirror of networks.conv({ channels: [8, 16], stride: 3 }): 1 × 2 → 3 × 4 → 7 × 10.
 * const { options } = networks.deconv({ channels: [16, 8], stride: 3 });
 * assert.deepEqual(options.hidden, []);
 * assert.throws(() => networks.deconv({ stride: 0 }), /'stride' must be a positive integer/);
 * ```
 */
export function deconv({
  channels = [64, 32],
  kernelSize = 3,
  stride = 2,
  hidden = [],
  activation = "relu",
}: DeconvOptions = {}): AnyNetwork {
  const options = { channels, kernelSize, stride, hidden, activation };
  requireConvolutions(options);
  return {
    kind: "network",
    name: "deconv",
    options,
    build: (scope, { input, heads }) => {
      const [height, width] = sizeOfHeads("deconv", heads), count = channels.length;
      // What each transposed convolution reads.
      const pictures = channels.map((depth, i): Picture => [
        shrunk(height, stride, count - i),
        shrunk(width, stride, count - i),
        depth,
      ]);
      const smallest = pictures[0]!;
      const features = hiddenLayers(scope, {
        network: "deconv",
        inputs: sizeOf(input),
        hidden: [...hidden, sizeOf(smallest)],
        layer: activation,
      });
      const layers = pictures.slice(1).map((picture, i) =>
        transposedConvolutionLayer(scope.child(`deconv${i}`), channels[i]!, picture, options)
      );
      const linear = { ...options, activation: "linear" } as const;
      const toHeads = Object.entries<Shape>(heads).map(([head, shape]) => {
        const picture: Picture = [height, width, shape[2] ?? 1];
        const layer = transposedConvolutionLayer(
          scope.child(head),
          channels.at(-1)!,
          picture,
          linear,
        );
        return (x: Tensor) => [head, inShape(layer(x), [-1, ...shape])] as const;
      });
      return (latents, context) => {
        const start: Tensor = inShape(features.run(latents, context), [-1, ...smallest]);
        const largest = layers.reduce((picture, layer) => layer(picture), start);
        const outputs = toHeads.map((toHead) => toHead(largest));
        return Object.fromEntries(outputs) as Outputs<typeof heads>;
      };
    },
  };
}
