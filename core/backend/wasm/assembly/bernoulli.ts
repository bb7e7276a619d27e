// @ts-nocheck: AssemblyScript
// The Bernoulli likelihood by its logits.

import { RUN } from "./sums.ts";
import { at, both, keepFirst, loadUpTo, sigmoid, softplus, storeUpTo, widen } from "./vector.ts";

export function bernoulliLogProb(
  logits: usize,
  x: usize,
  rows: i32,
  columns: i32,
  y: usize,
): void {
  for (let r = 0; r < rows; r++) {
    let sums = f64x2.splat(0);
    for (let c = 0; c < columns;) {
      const end = min(c + RUN, columns);
      let part = f32x4.splat(0);
      for (; c < end; c += 4) {
        const left = columns - c;
        const logit = loadUpTo(at(logits, c), left);
        let term = f32x4.sub(f32x4.mul(loadUpTo(at(x, c), left), logit), softplus(logit));
        if (left < 4) term = keepFirst(term, left);
        part = f32x4.add(part, term);
      }
      sums = widen(sums, part);
    }
    store<f32>(y, <f32> both(sums));
    logits = at(logits, columns);
    x = at(x, columns);
    y += 4;
  }
}

export function bernoulliLogProbGradient(
  logits: usize,
  x: usize,
  dy: usize,
  rows: i32,
  columns: i32,
  dlogits: usize,
): void {
  for (let r = 0; r < rows; r++) {
    const factor = v128.load32_splat(dy);
    for (let c = 0; c < columns; c += 4) {
      const left = columns - c;
      const difference = f32x4.sub(
        loadUpTo(at(x, c), left),
        sigmoid(loadUpTo(at(logits, c), left)),
      );
      storeUpTo(at(dlogits, c), f32x4.mul(factor, difference), left);
    }
    logits = at(logits, columns);
    x = at(x, columns);
    dlogits = at(dlogits, columns);
    dy += 4;
  }
}
