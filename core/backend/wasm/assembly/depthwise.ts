// @ts-nocheck: AssemblyScript
// Depthwise convolution: every channel c has `multiplier` filters of its own, and its results are
// channels c·multiplier, c·multiplier + 1, … of the output.

import { endOfTaps, firstTap } from "./patches.ts";
import { at, fma, loadUpTo, storeUpTo } from "./vector.ts";

/** The channels of a pixel that belong to output channels o, o + 1, … */
// @inline
function spread(pixel: usize, o: i32, multiplier: i32, count: i32): v128 {
  if (multiplier == 1) return loadUpTo(at(pixel, o), count);
  let v = v128.load32_splat(at(pixel, o / multiplier));
  if (count > 1) v = v128.load_lane<f32>(at(pixel, (o + 1) / multiplier), v, 1);
  if (count > 2) v = v128.load_lane<f32>(at(pixel, (o + 2) / multiplier), v, 2);
  if (count > 3) v = v128.load_lane<f32>(at(pixel, (o + 3) / multiplier), v, 3);
  return v;
}

export function depthwise(
  x: usize,
  filter: usize,
  images: i32,
  height: i32,
  width: i32,
  channels: i32,
  multiplier: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  dilationHeight: i32,
  dilationWidth: i32,
  padTop: i32,
  padLeft: i32,
  outHeight: i32,
  outWidth: i32,
  y: usize,
): void {
  const outputs = channels * multiplier;
  for (let image = 0; image < images; image++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const top = oy * strideHeight - padTop;
      const firstY = firstTap(top, dilationHeight, kernelHeight);
      const endY = endOfTaps(top, dilationHeight, kernelHeight, height, firstY);
      for (let ox = 0; ox < outWidth; ox++) {
        const left = ox * strideWidth - padLeft;
        const firstX = firstTap(left, dilationWidth, kernelWidth);
        const endX = endOfTaps(left, dilationWidth, kernelWidth, width, firstX);
        for (let o = 0; o < outputs; o += 4) {
          const count = outputs - o;
          let sum = f32x4.splat(0);
          for (let ky = firstY; ky < endY; ky++) {
            const row = (top + ky * dilationHeight) * width + left;
            for (let kx = firstX; kx < endX; kx++) {
              const pixel = at(x, (row + kx * dilationWidth) * channels);
              const weights = at(filter, (ky * kernelWidth + kx) * outputs + o);
              sum = fma(spread(pixel, o, multiplier, count), loadUpTo(weights, count), sum);
            }
          }
          storeUpTo(at(y, o), sum, count);
        }
        y = at(y, outputs);
      }
    }
    x = at(x, height * width * channels);
  }
}

export function depthwiseInputGradient(
  dy: usize,
  filter: usize,
  images: i32,
  height: i32,
  width: i32,
  channels: i32,
  multiplier: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  dilationHeight: i32,
  dilationWidth: i32,
  padTop: i32,
  padLeft: i32,
  outHeight: i32,
  outWidth: i32,
  dx: usize,
): void {
  const outputs = channels * multiplier;
  for (let image = 0; image < images; image++) {
    memory.fill(dx, 0, (<usize> (height * width * channels)) << 2);
    for (let oy = 0; oy < outHeight; oy++) {
      const top = oy * strideHeight - padTop;
      const firstY = firstTap(top, dilationHeight, kernelHeight);
      const endY = endOfTaps(top, dilationHeight, kernelHeight, height, firstY);
      for (let ox = 0; ox < outWidth; ox++) {
        const left = ox * strideWidth - padLeft;
        const firstX = firstTap(left, dilationWidth, kernelWidth);
        const endX = endOfTaps(left, dilationWidth, kernelWidth, width, firstX);
        for (let ky = firstY; ky < endY; ky++) {
          const row = (top + ky * dilationHeight) * width + left;
          for (let kx = firstX; kx < endX; kx++) {
            const pixel = at(dx, (row + kx * dilationWidth) * channels);
            const weights = at(filter, (ky * kernelWidth + kx) * outputs);
            if (multiplier == 1) addProducts(pixel, dy, weights, channels);
            else addDots(pixel, dy, weights, channels, multiplier);
          }
        }
        dy = at(dy, outputs);
      }
    }
    dx = at(dx, height * width * channels);
  }
}

/** to[i] += a[i]·b[i] */
// @inline
function addProducts(to: usize, a: usize, b: usize, count: i32): void {
  for (let left = count; left > 0; left -= 4) {
    storeUpTo(to, fma(loadUpTo(a, left), loadUpTo(b, left), loadUpTo(to, left)), left);
    to += 16;
    a += 16;
    b += 16;
  }
}

/** to[c] += Σ_q a[c, q]·b[c, q] */
// @inline
function addDots(to: usize, a: usize, b: usize, channels: i32, multiplier: i32): void {
  for (let c = 0; c < channels; c++) {
    let sum: f32 = 0;
    for (let q = 0; q < multiplier; q++) {
      sum += load<f32>(a) * load<f32>(b);
      a += 4;
      b += 4;
    }
    store<f32>(to, load<f32>(to) + sum);
    to += 4;
  }
}

export function depthwiseFilterGradient(
  x: usize,
  dy: usize,
  images: i32,
  height: i32,
  width: i32,
  channels: i32,
  multiplier: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  dilationHeight: i32,
  dilationWidth: i32,
  padTop: i32,
  padLeft: i32,
  outHeight: i32,
  outWidth: i32,
  dfilter: usize,
): void {
  const outputs = channels * multiplier;
  memory.fill(dfilter, 0, (<usize> (kernelHeight * kernelWidth * outputs)) << 2);
  for (let image = 0; image < images; image++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const top = oy * strideHeight - padTop;
      const firstY = firstTap(top, dilationHeight, kernelHeight);
      const endY = endOfTaps(top, dilationHeight, kernelHeight, height, firstY);
      for (let ky = firstY; ky < endY; ky++) {
        const line = at(x, (top + ky * dilationHeight) * width * channels);
        for (let kx = 0; kx < kernelWidth; kx++) {
          const gradient = at(dfilter, (ky * kernelWidth + kx) * outputs);
          // The outputs of this line whose tap is inside: strides stand where dilations stood.
          const start = kx * dilationWidth - padLeft;
          const first = firstTap(start, strideWidth, outWidth);
          const end = endOfTaps(start, strideWidth, outWidth, width, first);
          for (let o = 0; o < outputs; o += 4) {
            const count = outputs - o;
            // One sum for each line of the output: fewer additions to a large number.
            let sum = f32x4.splat(0);
            for (let ox = first; ox < end; ox++) {
              const pixel = at(line, (start + ox * strideWidth) * channels);
              const gradients = loadUpTo(at(dy, ox * outputs + o), count);
              sum = fma(spread(pixel, o, multiplier, count), gradients, sum);
            }
            const to = at(gradient, o);
            storeUpTo(to, f32x4.add(loadUpTo(to, count), sum), count);
          }
        }
      }
      dy = at(dy, outWidth * outputs);
    }
    x = at(x, height * width * channels);
  }
}
