// @ts-nocheck: AssemblyScript
// Bias and activation of a dense layer, and the way back.

import { sumGated } from "./sums.ts";
import { loadUpTo, positivePart, storeUpTo } from "./vector.ts";

const RELU: i32 = 1;

export function addBias(
  x: usize,
  rows: i32,
  columns: i32,
  bias: usize,
  activation: i32,
  y: usize,
): void {
  for (let r = 0; r < rows; r++) {
    let b = bias;
    for (let left = columns; left > 0; left -= 4) {
      let v = f32x4.add(loadUpTo(x, left), loadUpTo(b, left));
      if (activation == RELU) v = positivePart(v);
      storeUpTo(y, v, left);
      const bytes = <usize> min(left, 4) << 2;
      x += bytes;
      b += bytes;
      y += bytes;
    }
  }
}

export function addBiasGradient(
  dy: usize,
  y: usize,
  rows: i32,
  columns: i32,
  c0: i32,
  c1: i32,
  activation: i32,
  dx: usize,
  dbias: usize,
): void {
  sumGated(dy, <i32> (activation == RELU), y, rows, columns, c0, c1, dx, dbias);
}
