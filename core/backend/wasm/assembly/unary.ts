// @ts-nocheck: AssemblyScript
// Functions of one number.

import { exp as expOf, loadUpTo, sigmoid as sigmoidOf } from "./vector.ts";
import { softplus as softplusOf, storeUpTo, tanh as tanhOf } from "./vector.ts";

const EXP: i32 = 0;
const SIGMOID: i32 = 1;
const TANH: i32 = 2;

/** The function is known where this is inlined, so that one branch of it is left. */
// @inline
function map(what: i32, x: usize, y: usize, size: i32): void {
  for (let left = size; left > 0; left -= 4) {
    const v = loadUpTo(x, left);
    let result = v;
    if (what == EXP) result = expOf(v);
    else if (what == SIGMOID) result = sigmoidOf(v);
    else result = tanhOf(v);
    storeUpTo(y, result, left);
    x += 16;
    y += 16;
  }
}

export function exp(x: usize, y: usize, size: i32): void {
  map(EXP, x, y, size);
}

export function sigmoid(x: usize, y: usize, size: i32): void {
  map(SIGMOID, x, y, size);
}

export function softplus(x: usize, y: usize, size: i32, offset: f32): void {
  const offsets = f32x4.splat(offset);
  for (let left = size; left > 0; left -= 4) {
    storeUpTo(y, f32x4.add(softplusOf(loadUpTo(x, left)), offsets), left);
    x += 16;
    y += 16;
  }
}

export function softplusGradient(x: usize, dy: usize, dx: usize, size: i32): void {
  for (let left = size; left > 0; left -= 4) {
    storeUpTo(dx, f32x4.mul(loadUpTo(dy, left), sigmoidOf(loadUpTo(x, left))), left);
    x += 16;
    dy += 16;
    dx += 16;
  }
}

export function tanh(x: usize, y: usize, size: i32): void {
  map(TANH, x, y, size);
}
