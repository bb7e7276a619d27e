// @ts-nocheck: AssemblyScript
// Adam: Kingma and Ba, "Adam: a method for stochastic optimization", 2015, in one pass and in place.

import { both, fma, loadUpTo, storeUpTo, widen } from "./vector.ts";

// The rates are float64, as 1 − 0.999 in float32 is wrong in the fifth digit.
export function adam(
  p: usize,
  m: usize,
  v: usize,
  g: usize,
  size: i32,
  beta1: f64,
  beta2: f64,
  rate: f64,
  correction: f64,
  epsilon: f64,
): f32 {
  const keep1 = f32x4.splat(<f32> beta1), take1 = f32x4.splat(<f32> (1 - beta1));
  const keep2 = f32x4.splat(<f32> beta2), take2 = f32x4.splat(<f32> (1 - beta2));
  const rates = f32x4.splat(<f32> rate);
  const corrections = f32x4.splat(<f32> correction);
  const epsilons = f32x4.splat(<f32> epsilon);
  // Σ 0·p: 0 until a p is infinite or NaN, NaN ever after.
  let alarm = f32x4.splat(0);
  for (let left = size; left > 0; left -= 4) {
    const gradient = loadUpTo(g, left);
    const mean = fma(loadUpTo(m, left), keep1, f32x4.mul(gradient, take1));
    const square = f32x4.mul(gradient, gradient);
    const variance = fma(loadUpTo(v, left), keep2, f32x4.mul(square, take2));
    const deviation = f32x4.sqrt(f32x4.mul(variance, corrections));
    const step = f32x4.div(f32x4.mul(mean, rates), f32x4.add(deviation, epsilons));
    const before = loadUpTo(p, left);
    alarm = fma(before, f32x4.splat(0), alarm);
    storeUpTo(m, mean, left);
    storeUpTo(v, variance, left);
    storeUpTo(p, f32x4.sub(before, step), left);
    p += 16;
    m += 16;
    v += 16;
    g += 16;
  }
  return <f32> both(widen(f32x4.splat(0), alarm));
}
