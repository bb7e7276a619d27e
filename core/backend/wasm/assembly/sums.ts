// @ts-nocheck: AssemblyScript
// Sums in float32 over a few elements, and over these sums in float64: the error hardly grows with
// the count, at nearly the speed of float32.

import { at, both, highHalf, loadUpTo, lowHalf, narrow, storeUpTo, widen } from "./vector.ts";

/** Elements of a row that are summed in float32, four times as many for plain sums. */
export const RUN: i32 = 64;
/** Rows that are summed in float32. */
const ROWS: i32 = 32;

export function sumRows(x: usize, rows: i32, columns: i32, y: usize): void {
  for (let r = 0; r < rows; r++) {
    store<f32>(y, <f32> sumRow(x, columns));
    x = at(x, columns);
    y += 4;
  }
}

function sumRow(x: usize, columns: i32): f64 {
  let sums = f64x2.splat(0);
  let left = columns;
  // Four sums side by side, as an addition takes four cycles.
  for (; left >= 4 * RUN; left -= 4 * RUN) {
    let a = f32x4.splat(0), b = f32x4.splat(0), c = f32x4.splat(0), d = f32x4.splat(0);
    for (let i = 0; i < RUN; i += 4) {
      a = f32x4.add(a, v128.load(x));
      b = f32x4.add(b, v128.load(x, 16));
      c = f32x4.add(c, v128.load(x, 32));
      d = f32x4.add(d, v128.load(x, 48));
      x += 64;
    }
    sums = widen(sums, f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
  }
  while (left > 0) {
    let part = f32x4.splat(0);
    for (const end = left - RUN; left > 0 && left > end; left -= 4) {
      part = f32x4.add(part, loadUpTo(x, left));
      x += 16;
    }
    sums = widen(sums, part);
  }
  return both(sums);
}

export function sumColumns(
  x: usize,
  rows: i32,
  columns: i32,
  c0: i32,
  c1: i32,
  y: usize,
): void {
  sumGated(x, 0, 0, rows, columns, c0, c1, 0, y);
}

/**
 * Sums columns c0 … c1 of x into y: if `gates`, only what has a positive number in `gate`, and writes
 * to `gated` x there and 0 elsewhere.
 */
export function sumGated(
  x: usize,
  gates: i32,
  gate: usize,
  rows: i32,
  columns: i32,
  c0: i32,
  c1: i32,
  gated: usize,
  y: usize,
): void {
  const line = (<usize> columns) << 2;
  let c = c0;
  for (; c + 16 <= c1; c += 16) {
    sumWide(at(x, c), gates, at(gate, c), rows, line, at(gated, c), at(y, c));
  }
  for (; c < c1; c += 4) {
    sumNarrow(at(x, c), gates, at(gate, c), rows, line, c1 - c, at(gated, c), at(y, c));
  }
}

/** Sixteen columns: one line of the cache. */
function sumWide(
  x: usize,
  gates: i32,
  gate: usize,
  rows: i32,
  line: usize,
  gated: usize,
  y: usize,
): void {
  let low0 = f64x2.splat(0), high0 = f64x2.splat(0), low1 = f64x2.splat(0), high1 = f64x2.splat(0);
  let low2 = f64x2.splat(0), high2 = f64x2.splat(0), low3 = f64x2.splat(0), high3 = f64x2.splat(0);
  for (let r = 0; r < rows;) {
    const end = min(r + ROWS, rows);
    let a = f32x4.splat(0), b = f32x4.splat(0), c = f32x4.splat(0), d = f32x4.splat(0);
    for (; r < end; r++) {
      let v0 = v128.load(x), v1 = v128.load(x, 16), v2 = v128.load(x, 32), v3 = v128.load(x, 48);
      if (gates) {
        const zero = f32x4.splat(0);
        v0 = v128.and(v0, f32x4.gt(v128.load(gate), zero));
        v1 = v128.and(v1, f32x4.gt(v128.load(gate, 16), zero));
        v2 = v128.and(v2, f32x4.gt(v128.load(gate, 32), zero));
        v3 = v128.and(v3, f32x4.gt(v128.load(gate, 48), zero));
        v128.store(gated, v0);
        v128.store(gated, v1, 16);
        v128.store(gated, v2, 32);
        v128.store(gated, v3, 48);
        gate += line;
        gated += line;
      }
      a = f32x4.add(a, v0);
      b = f32x4.add(b, v1);
      c = f32x4.add(c, v2);
      d = f32x4.add(d, v3);
      x += line;
    }
    low0 = f64x2.add(low0, lowHalf(a));
    high0 = f64x2.add(high0, highHalf(a));
    low1 = f64x2.add(low1, lowHalf(b));
    high1 = f64x2.add(high1, highHalf(b));
    low2 = f64x2.add(low2, lowHalf(c));
    high2 = f64x2.add(high2, highHalf(c));
    low3 = f64x2.add(low3, lowHalf(d));
    high3 = f64x2.add(high3, highHalf(d));
  }
  v128.store(y, narrow(low0, high0));
  v128.store(y, narrow(low1, high1), 16);
  v128.store(y, narrow(low2, high2), 32);
  v128.store(y, narrow(low3, high3), 48);
}

/** The first four columns, or as many as there are. */
function sumNarrow(
  x: usize,
  gates: i32,
  gate: usize,
  rows: i32,
  line: usize,
  columns: i32,
  gated: usize,
  y: usize,
): void {
  let low = f64x2.splat(0), high = f64x2.splat(0);
  for (let r = 0; r < rows;) {
    const end = min(r + ROWS, rows);
    let part = f32x4.splat(0);
    for (; r < end; r++) {
      let v = loadUpTo(x, columns);
      if (gates) {
        v = v128.and(v, f32x4.gt(loadUpTo(gate, columns), f32x4.splat(0)));
        storeUpTo(gated, v, columns);
        gate += line;
        gated += line;
      }
      part = f32x4.add(part, v);
      x += line;
    }
    low = f64x2.add(low, lowHalf(part));
    high = f64x2.add(high, highHalf(part));
  }
  storeUpTo(y, narrow(low, high), columns);
}
