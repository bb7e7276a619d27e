// @ts-nocheck: AssemblyScript
// Patches of pictures as the rows of a matrix, which makes convolutions matrix products.

import { at, storeUpTo } from "./vector.ts";

/** Copies `count` elements. */
// @inline
function copy(to: usize, from: usize, count: i32): void {
  let left = count;
  for (; left >= 4; left -= 4) {
    v128.store(to, v128.load(from));
    from += 16;
    to += 16;
  }
  if (left & 2) {
    store<u64>(to, load<u64>(from));
    from += 8;
    to += 8;
  }
  if (left & 1) store<u32>(to, load<u32>(from));
}

/** Adds `count` elements to others. */
// @inline
function addTo(to: usize, from: usize, count: i32): void {
  let left = count;
  for (; left >= 4; left -= 4) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    from += 16;
    to += 16;
  }
  if (left & 2) {
    v128.store_lane<f64>(to, f32x4.add(v128.load64_zero(to), v128.load64_zero(from)), 0);
    from += 8;
    to += 8;
  }
  if (left & 1) store<f32>(to, load<f32>(to) + load<f32>(from));
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
  // A division only where some are not, which is rare.
  if (start + (taps - 1) * dilation < size) return taps;
  return start >= size ? first : max(first, (size - start + dilation - 1) / dilation);
}

/** Writes what the taps of a line find from `left` on, and zeros where that is not within the line. */
function copyTaps(
  to: usize,
  line: usize,
  left: i32,
  width: i32,
  channels: i32,
  dilation: i32,
  taps: i32,
): void {
  const first = firstTap(left, dilation, taps);
  const end = endOfTaps(left, dilation, taps, width, first);
  clear(to, first * channels);
  to = at(to, first * channels);
  for (let tap = first; tap < end; tap++) {
    copy(to, at(line, (left + tap * dilation) * channels), channels);
    to = at(to, channels);
  }
  clear(to, (taps - end) * channels);
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
  const line = (<usize> (width * channels)) << 2;
  const taps = kernelWidth * channels;
  const patch = (<usize> (kernelHeight * taps)) << 2;
  // The pixels of an answer's line whose taps lie side by side within the picture.
  const first = firstTap(-padLeft, strideWidth, outWidth);
  const end = dilationWidth > 1
    ? first
    : endOfTaps(kernelWidth - 1 - padLeft, strideWidth, outWidth, width, first);
  for (let image = 0; image < images; image++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ky = 0; ky < kernelHeight; ky++) {
        const y = oy * strideHeight - padTop + ky * dilationHeight;
        const from = x + (<usize> y) * line;
        let to = at(columns, ky * taps);
        // Unsigned, a line above the picture is a large number.
        if (<u32> y >= <u32> height) {
          for (let ox = 0; ox < outWidth; ox++) {
            clear(to, taps);
            to += patch;
          }
          continue;
        }
        let left = -padLeft;
        let ox = 0;
        for (; ox < first; ox++) {
          copyTaps(to, from, left, width, channels, dilationWidth, kernelWidth);
          left += strideWidth;
          to += patch;
        }
        for (; ox < end; ox++) {
          copy(to, at(from, left * channels), taps);
          left += strideWidth;
          to += patch;
        }
        for (; ox < outWidth; ox++) {
          copyTaps(to, from, left, width, channels, dilationWidth, kernelWidth);
          left += strideWidth;
          to += patch;
        }
      }
      columns += (<usize> outWidth) * patch;
    }
    x += (<usize> height) * line;
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
  const down = (<usize> dilationHeight) * line;
  const taps = kernelWidth * channels;
  const patch = (<usize> taps) << 2;
  for (let image = 0; image < images; image++) {
    memory.fill(x, 0, picture);
    for (let oy = 0; oy < outHeight; oy++) {
      const top = oy * strideHeight - padTop;
      const bottom = top + kernelHeight * dilationHeight;
      for (let ox = 0; ox < outWidth; ox++) {
        const left = ox * strideWidth - padLeft;
        const first = firstTap(left, dilationWidth, kernelWidth);
        const end = endOfTaps(left, dilationWidth, kernelWidth, width, first);
        const before = first * channels, within = (end - first) * channels;
        let to = x + (<usize> top) * line + (<usize> left) * pixel;
        for (let y = top; y < bottom; y += dilationHeight) {
          if (<u32> y < <u32> height) {
            if (dilationWidth == 1) {
              addTo(at(to, before), at(columns, before), within);
            } else {
              for (let kx = first; kx < end; kx++) {
                const tap = (<usize> kx) * pixel;
                addTo(to + tap * (<usize> dilationWidth), columns + tap, channels);
              }
            }
          }
          to += down;
          columns += patch;
        }
      }
    }
    x += picture;
  }
}
