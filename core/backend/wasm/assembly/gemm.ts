// @ts-nocheck: AssemblyScript
// Matrix products, after Goto and van de Geijn, "Anatomy of high-performance matrix multiplication",
// 2008: blocks of both operands are packed into the order in which the inner loop reads them, which
// makes transposed operands as fast as plain ones.
//
// Every element of C is a sum over k in blocks whose length depends on k alone, and one by one within
// a block: its bits do not depend on where in C it stands.

import { at, fma, loadFirst, loadUpTo, positivePart, storeUpTo } from "./vector.ts";

/** Rows and columns of C that the inner loop keeps in registers. */
const TILE_ROWS: i32 = 4;
const TILE_COLUMNS: i32 = 8;
/** The largest blocks: of op(A) BLOCK_ROWS × BLOCK_DEPTH, of op(B) BLOCK_DEPTH × BLOCK_COLUMNS. */
const BLOCK_ROWS: i32 = 128;
const BLOCK_COLUMNS: i32 = 1024;
const BLOCK_DEPTH: i32 = 400;
/** Bytes for one tile of C. */
const TILE_BYTES: i32 = 4 * TILE_ROWS * TILE_COLUMNS;
const BLOCK_A_BYTES: i32 = 4 * BLOCK_ROWS * BLOCK_DEPTH;
const BLOCK_B_BYTES: i32 = 4 * BLOCK_DEPTH * BLOCK_COLUMNS;

const ACCUMULATE: i32 = 1;
const BIAS: i32 = 2;
const RELU: i32 = 4;

export function gemmWorkspace(): i32 {
  return TILE_BYTES + BLOCK_A_BYTES + BLOCK_B_BYTES;
}

/** Reads a 4×4 square whose rows are `step` bytes apart and writes its columns `apart` bytes apart. */
// @inline
function transposeSquare(from: usize, step: usize, to: usize, apart: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from + step);
  const r2 = v128.load(from + 2 * step);
  const r3 = v128.load(from + 3 * step);
  const left01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const left23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const right01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const right23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(left01, left23, 0, 1, 4, 5));
  v128.store(to + apart, v128.shuffle<f32>(left01, left23, 2, 3, 6, 7));
  v128.store(to + 2 * apart, v128.shuffle<f32>(right01, right23, 0, 1, 4, 5));
  v128.store(to + 3 * apart, v128.shuffle<f32>(right01, right23, 2, 3, 6, 7));
}

/** Four numbers that are `line` bytes apart. */
// @inline
function gather(from: usize, line: usize): v128 {
  let v = v128.load32_zero(from);
  v = v128.load_lane<f32>(from + line, v, 1);
  v = v128.load_lane<f32>(from + 2 * line, v, 2);
  return v128.load_lane<f32>(from + 3 * line, v, 3);
}

/**
 * Packs lines 0 … lines − 1 of a matrix, of which element p of line i is at `from + i·line + p·step`
 * bytes, into panels of `width` (4 or 8) lines: all lines at p = 0, then at p = 1, … The last panel
 * is filled up with zeros.
 */
// @inline
function pack(
  from: usize,
  line: usize,
  step: usize,
  lines: i32,
  depth: i32,
  to: usize,
  width: i32,
): void {
  const apart = (<usize> width) << 2;
  let i = 0;
  for (; i + width <= lines; i += width) {
    if (line == 4) {
      let s = from;
      for (let p = 0; p < depth; p++) {
        v128.store(to, v128.load(s));
        if (width == 8) v128.store(to, v128.load(s, 16), 16);
        s += step;
        to += apart;
      }
    } else {
      let s = from;
      let p = 0;
      for (; p + 4 <= depth; p += 4) {
        transposeSquare(s, line, to, apart);
        if (width == 8) transposeSquare(s + 4 * line, line, to + 16, apart);
        s += 16;
        to += 4 * apart;
      }
      for (; p < depth; p++) {
        v128.store(to, gather(s, line));
        if (width == 8) v128.store(to, gather(s + 4 * line, line), 16);
        s += 4;
        to += apart;
      }
    }
    from += (<usize> width) * line;
  }
  if (i < lines) {
    const count = lines - i;
    for (let p = 0; p < depth; p++) {
      if (line == 4) {
        v128.store(to, loadUpTo(from, count));
        if (width == 8) {
          v128.store(to, count > 4 ? loadFirst(from + 16, count - 4) : f32x4.splat(0), 16);
        }
      } else packOne(from, line, count, to, width);
      from += step;
      to += apart;
    }
  }
}

/** Packs `count` elements, `line` bytes apart, and zeros up to `width`. */
function packOne(from: usize, line: usize, count: i32, to: usize, width: i32): void {
  for (let i = 0; i < width; i++) {
    store<f32>(to, i < count ? load<f32>(from) : 0);
    from += line;
    to += 4;
  }
}

function packA(from: usize, line: usize, step: usize, rows: i32, depth: i32, to: usize): void {
  pack(from, line, step, rows, depth, to, TILE_ROWS);
}

function packB(from: usize, line: usize, step: usize, columns: i32, depth: i32, to: usize): void {
  pack(from, line, step, columns, depth, to, TILE_COLUMNS);
}

/** One tile of C: rows `line` bytes apart, from a panel of A and one of B. */
// @inline
function tile(
  a: usize,
  b: usize,
  depth: i32,
  c: usize,
  line: usize,
  flags: i32,
  bias: usize,
): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  // Every load is checked against the end of memory, a shuffle is not: three loads for eight
  // multiply-adds are faster than loading each element of A into a vector of its own.
  for (const end = a + ((<usize> depth) << 4); a < end; a += 16) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const column = v128.load(a);
    const a0 = v128.shuffle<f32>(column, column, 0, 0, 0, 0);
    c00 = fma(a0, b0, c00);
    c01 = fma(a0, b1, c01);
    const a1 = v128.shuffle<f32>(column, column, 1, 1, 1, 1);
    c10 = fma(a1, b0, c10);
    c11 = fma(a1, b1, c11);
    const a2 = v128.shuffle<f32>(column, column, 2, 2, 2, 2);
    c20 = fma(a2, b0, c20);
    c21 = fma(a2, b1, c21);
    const a3 = v128.shuffle<f32>(column, column, 3, 3, 3, 3);
    c30 = fma(a3, b0, c30);
    c31 = fma(a3, b1, c31);
    b += 32;
  }
  const d = c + line, e = d + line, f = e + line;
  if (flags & ACCUMULATE) {
    c00 = f32x4.add(c00, v128.load(c));
    c01 = f32x4.add(c01, v128.load(c, 16));
    c10 = f32x4.add(c10, v128.load(d));
    c11 = f32x4.add(c11, v128.load(d, 16));
    c20 = f32x4.add(c20, v128.load(e));
    c21 = f32x4.add(c21, v128.load(e, 16));
    c30 = f32x4.add(c30, v128.load(f));
    c31 = f32x4.add(c31, v128.load(f, 16));
  }
  if (flags & BIAS) {
    const left = v128.load(bias), right = v128.load(bias, 16);
    c00 = f32x4.add(c00, left);
    c01 = f32x4.add(c01, right);
    c10 = f32x4.add(c10, left);
    c11 = f32x4.add(c11, right);
    c20 = f32x4.add(c20, left);
    c21 = f32x4.add(c21, right);
    c30 = f32x4.add(c30, left);
    c31 = f32x4.add(c31, right);
  }
  if (flags & RELU) {
    c00 = positivePart(c00);
    c01 = positivePart(c01);
    c10 = positivePart(c10);
    c11 = positivePart(c11);
    c20 = positivePart(c20);
    c21 = positivePart(c21);
    c30 = positivePart(c30);
    c31 = positivePart(c31);
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(d, c10);
  v128.store(d, c11, 16);
  v128.store(e, c20);
  v128.store(e, c21, 16);
  v128.store(f, c30);
  v128.store(f, c31, 16);
}

/** A tile at the edge of C: made whole in `scratch`, of which the part within C is then copied. */
function edgeTile(
  a: usize,
  b: usize,
  depth: i32,
  c: usize,
  line: usize,
  flags: i32,
  bias: usize,
  rows: i32,
  columns: i32,
  scratch: usize,
): void {
  tile(a, b, depth, scratch, TILE_COLUMNS * 4, 0, 0);
  for (let r = 0; r < rows; r++) {
    for (let q = 0; q < columns; q += 4) {
      const count = columns - q;
      const to = at(c, q);
      let v = v128.load(at(scratch, q));
      if (flags & ACCUMULATE) v = f32x4.add(v, loadUpTo(to, count));
      if (flags & BIAS) v = f32x4.add(v, loadUpTo(at(bias, q), count));
      if (flags & RELU) v = positivePart(v);
      storeUpTo(to, v, count);
    }
    scratch += TILE_COLUMNS * 4;
    c += line;
  }
}

export function gemm(
  m: i32,
  n0: i32,
  n1: i32,
  k: i32,
  a: usize,
  lda: i32,
  transposeA: i32,
  b: usize,
  ldb: i32,
  transposeB: i32,
  c: usize,
  ldc: i32,
  flags: i32,
  bias: usize,
  workspace: usize,
): void {
  const blockA = workspace + TILE_BYTES;
  const blockB = blockA + BLOCK_A_BYTES;
  // Bytes from one row of op(A) to the next and from one column to the next; the same for op(B).
  const rowA = transposeA ? <usize> 4 : (<usize> lda) << 2;
  const columnA = transposeA ? (<usize> lda) << 2 : <usize> 4;
  const rowB = transposeB ? <usize> 4 : (<usize> ldb) << 2;
  const columnB = transposeB ? (<usize> ldb) << 2 : <usize> 4;
  const rowC = (<usize> ldc) << 2;
  // Blocks of k of nearly equal length. Where k is 0, one empty block writes zeros.
  const blocks = max((k + BLOCK_DEPTH - 1) / BLOCK_DEPTH, 1);
  const depth = (((k + blocks - 1) / blocks) + 3) & ~3;
  for (let j = n0; j < n1; j += BLOCK_COLUMNS) {
    const columns = min(BLOCK_COLUMNS, n1 - j);
    for (let block = 0; block < blocks; block++) {
      const p = block * depth;
      const length = min(depth, k - p);
      packB(b + (<usize> p) * rowB + (<usize> j) * columnB, columnB, rowB, columns, length, blockB);
      const what = (block > 0 ? ACCUMULATE : flags & ACCUMULATE) |
        (block == blocks - 1 ? flags & (BIAS | RELU) : 0);
      for (let i = 0; i < m; i += BLOCK_ROWS) {
        const rows = min(BLOCK_ROWS, m - i);
        packA(a + (<usize> i) * rowA + (<usize> p) * columnA, rowA, columnA, rows, length, blockA);
        for (let jt = 0; jt < columns; jt += TILE_COLUMNS) {
          const panelB = at(blockB, jt * length);
          const biasTile = at(bias, j + jt);
          const width = columns - jt;
          let to = c + (<usize> i) * rowC + ((<usize> (j + jt)) << 2);
          for (let it = 0; it < rows; it += TILE_ROWS) {
            const panelA = at(blockA, it * length);
            const height = rows - it;
            if (width >= TILE_COLUMNS && height >= TILE_ROWS) {
              tile(panelA, panelB, length, to, rowC, what, biasTile);
            } else {
              edgeTile(
                panelA,
                panelB,
                length,
                to,
                rowC,
                what,
                biasTile,
                min(TILE_ROWS, height),
                min(TILE_COLUMNS, width),
                workspace,
              );
            }
            to += (<usize> TILE_ROWS) * rowC;
          }
        }
      }
    }
  }
}
