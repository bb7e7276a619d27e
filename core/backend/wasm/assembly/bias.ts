// @ts-nocheck: AssemblyScript
// Bias and activation of a dense layer, and the way back.

import { sumGated } from "./sums.ts";
import { at, loadFirst, loadUpTo, positivePart, storeFirst, storeUpTo } from "./vector.ts";

const RELU: i32 = 1;

export function addBias(
  x: usize,
  rows: i32,
  columns: i32,
  bias: usize,
  activation: i32,
  y: usize,
): void {
  if (columns == 1 || columns == 2) {
    // Rows that fill a vector together, all with the same bias.
    const pattern = columns == 1 ? v128.load32_splat(bias) : v128.load64_splat(bias);
    for (let left = rows * columns; left > 0; left -= 4) {
      let v = f32x4.add(loadUpTo(x, left), pattern);
      if (activation == RELU) v = positivePart(v);
      storeUpTo(y, v, left);
      x += 16;
      y += 16;
    }
    return;
  }
  for (let r = 0; r < rows; r++) {
    let b = bias;
    let left = columns;
    for (; left >= 4; left -= 4) {
      let v = f32x4.add(v128.load(x), v128.load(b));
      if (activation == RELU) v = positivePart(v);
      v128.store(y, v);
      x += 16;
      b += 16;
      y += 16;
    }
    if (left > 0) {
      let v = f32x4.add(loadFirst(x, left), loadFirst(b, left));
      if (activation == RELU) v = positivePart(v);
      storeFirst(y, v, left);
      x = at(x, left);
      y = at(y, left);
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
