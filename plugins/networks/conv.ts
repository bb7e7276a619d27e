/**
 * Convolutions that make a picture smaller, then dense layers: an encoder for pictures.
 *
 * LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition",
 * Proceedings of the IEEE 86(11), 1998. Strides in place of pooling are those of Radford, Metz and
 * Chintala, arXiv:1511.06434, section 3.
 *
 * @module
 */
import type { AnyNetwork } from "../../core/network.ts";
import type { Activation } from "../../core/operations/activation.ts";
import { inShape } from "../../core/operations/in_shape.ts";
import type { Tensor } from "../../core/types.ts";
import { convolutionLayer } from "./_convolutions.ts";
import { denseHeads, hiddenLayers } from "./_dense.ts";
import { pictureOf, requireConvolutions, shrunk } from "./_pictures.ts";

/** Options of {@linkcode conv}. */
export interface ConvOptions {
  /**
   * The channels that each convolution makes, from the data on.
   * @default [32, 64]
   */
  readonly channels?: readonly number[];
  /**
   * The height and width of every kernel.
   * @default 3
   */
  readonly kernelSize?: number;
  /**
   * How many times smaller each convolution makes height and width, rounded up.
   * @default 2
   */
  readonly stride?: number;
  /**
   * The width of each dense layer that follows the convolutions.
   * @default []
   */
  readonly hidden?: readonly number[];
  /**
   * What follows each convolution and each hidden layer.
   * @default "relu"
   */
  readonly activation?: Activation;
}

/**
 * An encoder for pictures `[B, H, W, C]`, or `[B, H, W]` of one channel: convolutions with `"same"`
 * padding, hidden dense layers, and one linear layer for every head. A condition, where the model
 * has one, is put beside the features that the convolutions give.
 *
 * Of a picture `[H, W, C]`, n convolutions leave `[⌈H/strideⁿ⌉, ⌈W/strideⁿ⌉, channels[n − 1]]`.
 *
 * @param options Channels, kernels and strides of the convolutions, and the layers that follow.
 * @throws {RangeError} If a number of channels, a width, the size of the kernels or the stride is not
 * a positive integer, there is no convolution, or the activation is unknown.
 * @throws {TypeError} If channels or widths are no list, the network is built for an input that is no
 * picture, or a condition is missing when it runs.
 *
 * @example
 * ```ts
 * import { divergences, likelihoods, networks, posteriors, priors, vae } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = vae({
 *   data: [28, 28, 1],
 *   latent: 16,
 *   encoder: networks.conv({ channels: [32, 64], hidden: [16] }),
 *   decoder: networks.deconv({ channels: [64, 32], hidden: [16] }),
 *   posterior: posteriors.diagonalNormal(),
 *   prior: priors.standardNormal(),
 *   likelihood: likelihoods.bernoulli(),
 *   divergence: divergences.kl(),
 * });
 * // 28 × 28 → 14 × 14 → 7 × 7
 * assert.deepEqual(model.parameters.get("encoder/hidden0/kernel")!.shape, [7 * 7 * 64, 16]);
 * model.dispose();
 * ```
 */
export function conv({
  channels = [32, 64],
  kernelSize = 3,
  stride = 2,
  hidden = [],
  activation = "relu",
}: ConvOptions = {}): AnyNetwork {
  const options = { channels, kernelSize, stride, hidden, activation };
  requireConvolutions(options);
  return {
    kind: "network",
    name: "conv",
    options,
    build: (scope, { input, heads }) => {
      const picture = pictureOf("conv", "'input'", input);
      const [height, width, depth] = picture, count = channels.length;
      const layers = channels.map((outputs, i) =>
        convolutionLayer(scope.child(`conv${i}`), [channels[i - 1] ?? depth, outputs], options)
      );
      const inputs = shrunk(height, stride, count) * shrunk(width, stride, count) *
        channels.at(-1)!;
      const features = hiddenLayers(scope, { network: "conv", inputs, hidden, layer: activation });
      const toHeads = denseHeads(scope, features.outputs, heads);
      return (x, context) => {
        const pictures: Tensor = inShape(x, [-1, ...picture]);
        const smallest = layers.reduce((pictures, layer) => layer(pictures), pictures);
        return toHeads(features.run(smallest, context));
      };
    },
  };
}
