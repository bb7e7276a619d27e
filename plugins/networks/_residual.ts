/**
 * Residual blocks: y = shortcut(x) + W₂ * f(W₁ * f(x)), with the activation f before each
 * convolution.
 *
 * He, Zhang, Ren and Sun, "Identity mappings in deep residual networks", arXiv:1603.05027. Nothing
 * here is normalized over the batch; the last convolution of every block starts at zero instead, as
 * in Zhang, Dauphin and Ma, "Fixup initialization", arXiv:1901.09321.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { requirePositiveInteger } from "../../core/errors.ts";
import { zeros } from "../../core/initializers.ts";
import { activations } from "../../core/operations/activation.ts";
import type { Scope } from "../../core/scope.ts";
import type { Tensor } from "../../core/types.ts";
import { type Convolution, convolutionLayer } from "./_convolutions.ts";
import { type Convolutions, requireConvolutions } from "./_pictures.ts";

/** The options of a residual network, each of them given. */
export interface Residuals extends Convolutions {
  readonly blocks: number;
}

/** Throws unless the options are such that there is a network. */
export function requireResiduals(options: Residuals): void {
  requireConvolutions(options);
  requirePositiveInteger("build network", "blocks", options.blocks);
}

/** Makes a convolution that gives a picture another size and other channels. */
export type MakeResizing = (
  scope: Scope,
  channels: readonly [inputs: number, outputs: number],
  convolution: Convolution,
) => (x: Tensor) => Tensor;

/** One block, that resizes its input or leaves its size. */
function residualBlock(
  scope: Scope,
  channels: readonly [inputs: number, outputs: number],
  { kernelSize, stride, activation }: Convolution,
  resizing: MakeResizing,
): (x: Tensor) => Tensor {
  const [inputs, outputs] = channels;
  const first = resizing(scope.child("conv0"), channels, { kernelSize, stride, activation });
  const second = convolutionLayer(scope.child("conv1"), [outputs, outputs], {
    kernelSize,
    stride: 1,
    activation: "linear",
    initial: zeros,
  });
  // Kernels as large as the stride tile the larger picture, and pass over no pixel of it.
  const tiling = { kernelSize: stride, stride, activation: "linear" } as const;
  const shortcut = stride === 1 && inputs === outputs
    ? (x: Tensor) => x
    : resizing(scope.child("shortcut"), channels, tiling);
  return (x) => tf.add(shortcut(x), second(first(activations[activation](x))));
}

/** Some blocks, of which the first resizes. The last sum has no activation behind it yet. */
export function residualStage(
  scope: Scope,
  [inputs, outputs]: readonly [number, number],
  { blocks, kernelSize, stride, activation }: Residuals,
  resizing: MakeResizing,
): (x: Tensor) => Tensor {
  const layers = Array.from({ length: blocks }, (_, i) => {
    const block = scope.child(`block${i}`), given = { kernelSize, activation };
    return i === 0
      ? residualBlock(block, [inputs, outputs], { ...given, stride }, resizing)
      : residualBlock(block, [outputs, outputs], { ...given, stride: 1 }, convolutionLayer);
  });
  return (x) => layers.reduce((x, layer) => layer(x), x);
}
