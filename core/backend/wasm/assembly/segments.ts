// @ts-nocheck: AssemblyScript
// Sums of the rows that belong together.

import { at, loadUpTo, storeUpTo } from "./vector.ts";

export function segmentSum(
  x: usize,
  ids: usize,
  rows: i32,
  columns: i32,
  segments: i32,
  y: usize,
): void {
  memory.fill(y, 0, (<usize> (segments * columns)) << 2);
  for (let r = 0; r < rows; r++) {
    const id = load<i32>(ids);
    if (id >= 0 && id < segments) {
      const to = at(y, id * columns);
      for (let c = 0; c < columns; c += 4) {
        const left = columns - c;
        const sum = f32x4.add(loadUpTo(at(to, c), left), loadUpTo(at(x, c), left));
        storeUpTo(at(to, c), sum, left);
      }
    }
    x = at(x, columns);
    ids += 4;
  }
}
