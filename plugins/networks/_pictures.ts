/**
 * Pictures, and what convolutions with `"same"` padding make of their sizes.
 *
 * @module
 */
import { outOfRange, requirePositiveInteger, requireWidths, wrongType } from "../../core/errors.ts";
import type { Activation } from "../../core/operations/activation.ts";
import type { Heads, Shape } from "../../core/types.ts";
import { requireActivation } from "./_options.ts";

/** The options of a network of convolutions, each of them given. */
export interface Convolutions {
  readonly channels: readonly number[];
  readonly kernelSize: number;
  readonly stride: number;
  readonly hidden: readonly number[];
  readonly activation: Activation;
}

/** Throws unless the options are such that there is a network. */
export function requireConvolutions(
  { channels, kernelSize, stride, hidden, activation }: Convolutions,
): void {
  requireWidths("build network", "channels", channels);
  if (channels.length === 0) {
    throw outOfRange("build network", "'channels' must have at least one entry", channels);
  }
  requirePositiveInteger("build network", "kernelSize", kernelSize);
  requirePositiveInteger("build network", "stride", stride);
  requireWidths("build network", "hidden", hidden);
  requireActivation(activation);
}

/** The height, the width and the channels of one picture. */
export type Picture = readonly [height: number, width: number, channels: number];

/** A shape `[H, W, C]`, or `[H, W]` of one channel; throws if it is no picture. */
export function pictureOf(network: string, what: string, shape: Shape): Picture {
  const [height, width, channels = 1] = shape;
  if (height === undefined || width === undefined || shape.length > 3) {
    const requirement = `${what} must be a picture [H, W, C] or [H, W]`;
    throw wrongType(`build network '${network}'`, requirement, shape);
  }
  return [height, width, channels];
}

/** ⌈size / strideⁿ⌉: what n convolutions leave of a height or a width. */
export function shrunk(size: number, stride: number, n: number): number {
  return Math.ceil(size / stride ** n);
}

/** The height and width that all heads have; throws unless they are pictures of one size. */
export function sizeOfHeads(
  network: string,
  heads: Heads,
): readonly [height: number, width: number] {
  const pictures = Object.entries<Shape>(heads).map(([head, shape]) =>
    pictureOf(network, `head '${head}'`, shape)
  );
  const [height = 0, width = 0] = pictures[0] ?? [];
  const alike = pictures.every((picture) => picture[0] === height && picture[1] === width);
  if (alike && pictures.length > 0) return [height, width];
  const requirement = "its heads must be pictures of one height and width";
  throw wrongType(`build network '${network}'`, requirement, heads);
}
