// @ts-nocheck: AssemblyScript
// Patches of pictures as the rows of a matrix, which makes convolutions matrix products.

import { loadUpTo, storeUpTo } from "./vector.ts";

/** Copies `count` elements. */
// @inline
function copy(to: usize, from: usize, count: i32): void {
  for (let left = count; left > 0; left -= 4) {
    storeUpTo(to, loadUpTo(from, left), left);
    from += 16;
    to += 16;
  }
}

/** Adds `count` elements to others. */
// @inline
function addTo(to: usize, from: usize, count: i32): void {
  for (let left = count; left > 0; left -= 4) {
    storeUpTo(to, f32x4.add(loadUpTo(to, left), loadUpTo(from, left)), left);
    from += 16;
    to += 16;
  }
}

/** Writes `count` zeros. */
// @inline
function clear(to: usize, count: i32): void {
  for (let left = count; left > 0; left -= 4) {
    storeUpTo(to, f32x4.splat(0), left);
    to += 16;
  }
}

/** The first of `taps` taps, `dilation` apart and the first at `start`, that is not below 0. */
// @inline
export function firstTap(start: i32, dilation: i32, taps: i32): i32 {
  return start >= 0 ? 0 : min((dilation - 1 - start) / dilation, taps);
}

/** The first of these taps, from `first` on, that is not below `size`. */
// @inline
export function endOfTaps(start: i32, dilation: i32, taps: i32, size: i32, first: i32): i32 {
  return start >= size ? first : max(first, min((size - start + dilation - 1) / dilation, taps));
}

export function im2col(
  x: usize,
  images: i32,
  height: i32,
  width: i32,
  channels: i32,
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
  columns: usize,
): void {
  const pixel = (<usize> channels) << 2;
  const line = (<usize> width) * pixel;
  const picture = (<usize> height) * line;
  const taps = kernelWidth * channels;
  const patch = (<usize> taps) << 2;
  for (let image = 0; image < images; image++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++) {
        const left = ox * strideWidth - padLeft;
        const first = firstTap(left, dilationWidth, kernelWidth);
        const end = endOfTaps(left, dilationWidth, kernelWidth, width, first);
        for (let ky = 0; ky < kernelHeight; ky++) {
          const y = oy * strideHeight - padTop + ky * dilationHeight;
          if (y < 0 || y >= height) {
            clear(columns, taps);
            columns += patch;
            continue;
          }
          clear(columns, first * channels);
          columns += (<usize> first) * pixel;
          // The address of a pixel left of the picture is made, but never read.
          let from = x + (<usize> y) * line + (<usize> (left + first * dilationWidth)) * pixel;
          if (dilationWidth == 1) {
            copy(columns, from, (end - first) * channels);
            columns += (<usize> (end - first)) * pixel;
          } else {
            for (let kx = first; kx < end; kx++) {
              copy(columns, from, channels);
              columns += pixel;
              from += (<usize> dilationWidth) * pixel;
            }
          }
          clear(columns, (kernelWidth - end) * channels);
          columns += (<usize> (kernelWidth - end)) * pixel;
        }
      }
    }
    x += picture;
  }
}

export function col2im(
  columns: usize,
  images: i32,
  height: i32,
  width: i32,
  channels: i32,
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
  x: usize,
): void {
  const pixel = (<usize> channels) << 2;
  const line = (<usize> width) * pixel;
  const picture = (<usize> height) * line;
  const patch = (<usize> kernelWidth) * pixel;
  for (let image = 0; image < images; image++) {
    memory.fill(x, 0, picture);
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++) {
        const left = ox * strideWidth - padLeft;
        const first = firstTap(left, dilationWidth, kernelWidth);
        const end = endOfTaps(left, dilationWidth, kernelWidth, width, first);
        for (let ky = 0; ky < kernelHeight; ky++) {
          const y = oy * strideHeight - padTop + ky * dilationHeight;
          if (y >= 0 && y < height) {
            let from = columns + (<usize> first) * pixel;
            let to = x + (<usize> y) * line + (<usize> (left + first * dilationWidth)) * pixel;
            if (dilationWidth == 1) {
              addTo(to, from, (end - first) * channels);
            } else {
              for (let kx = first; kx < end; kx++) {
                addTo(to, from, channels);
                from += pixel;
                to += (<usize> dilationWidth) * pixel;
              }
            }
          }
          columns += patch;
        }
      }
    }
    x += picture;
  }
}
