// @ts-nocheck: AssemblyScript
// The normal distribution: its likelihood, its samples, and its divergence from the standard one.

import { RUN } from "./sums.ts";
import {
  at,
  both,
  fma,
  highHalf,
  keepFirst,
  loadUpTo,
  log,
  lowHalf,
  narrow,
  storeUpTo,
  widen,
} from "./vector.ts";

/** ½ log 2π */
const HALF_LOG_TWO_PI: f64 = 0.9189385332046727;

export function normalLogProb(
  mean: usize,
  scale: usize,
  shared: i32,
  x: usize,
  rows: i32,
  columns: i32,
  y: usize,
): void {
  let constant = HALF_LOG_TWO_PI;
  if (shared) constant += <f64> f32x4.extract_lane(log(v128.load32_splat(scale)), 0);
  constant *= <f64> columns;
  for (let r = 0; r < rows; r++) {
    let sums = f64x2.splat(0);
    for (let c = 0; c < columns;) {
      const end = min(c + RUN, columns);
      let part = f32x4.splat(0);
      for (; c < end; c += 4) {
        const left = columns - c;
        const sigma = shared ? v128.load32_splat(scale) : loadUpTo(at(scale, c), left);
        const difference = f32x4.sub(loadUpTo(at(x, c), left), loadUpTo(at(mean, c), left));
        const z = f32x4.div(difference, sigma);
        let term = f32x4.mul(f32x4.mul(z, z), f32x4.splat(0.5));
        if (!shared) term = f32x4.add(term, log(sigma));
        if (left < 4) term = keepFirst(term, left);
        part = f32x4.add(part, term);
      }
      sums = widen(sums, part);
    }
    store<f32>(y, <f32> (-both(sums) - constant));
    mean = at(mean, columns);
    if (!shared) scale = at(scale, columns);
    x = at(x, columns);
    y += 4;
  }
}

export function normalLogProbGradient(
  mean: usize,
  scale: usize,
  shared: i32,
  x: usize,
  dy: usize,
  rows: i32,
  columns: i32,
  dmean: usize,
  dscale: usize,
): void {
  for (let r = 0; r < rows; r++) {
    const factor = v128.load32_splat(dy);
    let sums = f64x2.splat(0);
    for (let c = 0; c < columns;) {
      const end = min(c + RUN, columns);
      let part = f32x4.splat(0);
      for (; c < end; c += 4) {
        const left = columns - c;
        const sigma = shared ? v128.load32_splat(scale) : loadUpTo(at(scale, c), left);
        const difference = f32x4.sub(loadUpTo(at(x, c), left), loadUpTo(at(mean, c), left));
        const z = f32x4.div(difference, sigma);
        const each = f32x4.div(factor, sigma);
        storeUpTo(at(dmean, c), f32x4.mul(each, z), left);
        const byScale = f32x4.mul(each, f32x4.sub(f32x4.mul(z, z), f32x4.splat(1)));
        if (shared) part = f32x4.add(part, left < 4 ? keepFirst(byScale, left) : byScale);
        else storeUpTo(at(dscale, c), byScale, left);
      }
      sums = widen(sums, part);
    }
    mean = at(mean, columns);
    x = at(x, columns);
    dmean = at(dmean, columns);
    dy += 4;
    if (shared) {
      store<f32>(dscale, <f32> both(sums));
      dscale += 4;
    } else {
      scale = at(scale, columns);
      dscale = at(dscale, columns);
    }
  }
}

export function reparameterize(
  mean: usize,
  scale: usize,
  noise: usize,
  samples: i32,
  size: i32,
  z: usize,
): void {
  for (let s = 0; s < samples; s++) {
    for (let i = 0; i < size; i += 4) {
      const left = size - i;
      const value = fma(
        loadUpTo(at(scale, i), left),
        loadUpTo(at(noise, i), left),
        loadUpTo(at(mean, i), left),
      );
      storeUpTo(at(z, i), value, left);
    }
    noise = at(noise, size);
    z = at(z, size);
  }
}

export function reparameterizeGradient(
  dz: usize,
  noise: usize,
  samples: i32,
  size: i32,
  dmean: usize,
  dscale: usize,
): void {
  const line = (<usize> size) << 2;
  for (let i = 0; i < size; i += 4) {
    const left = size - i;
    let meanLow = f64x2.splat(0), meanHigh = f64x2.splat(0);
    let scaleLow = f64x2.splat(0), scaleHigh = f64x2.splat(0);
    let from = at(dz, i);
    let epsilon = at(noise, i);
    for (let s = 0; s < samples; s++) {
      const gradient = loadUpTo(from, left);
      const product = f32x4.mul(gradient, loadUpTo(epsilon, left));
      meanLow = f64x2.add(meanLow, lowHalf(gradient));
      meanHigh = f64x2.add(meanHigh, highHalf(gradient));
      scaleLow = f64x2.add(scaleLow, lowHalf(product));
      scaleHigh = f64x2.add(scaleHigh, highHalf(product));
      from += line;
      epsilon += line;
    }
    storeUpTo(at(dmean, i), narrow(meanLow, meanHigh), left);
    storeUpTo(at(dscale, i), narrow(scaleLow, scaleHigh), left);
  }
}

export function normalKl(
  mean: usize,
  scale: usize,
  rows: i32,
  columns: i32,
  factors: usize,
  nats: usize,
): void {
  const one = f32x4.splat(1);
  for (let r = 0; r < rows; r++) {
    let sums = f64x2.splat(0);
    for (let c = 0; c < columns;) {
      const end = min(c + RUN, columns);
      let part = f32x4.splat(0);
      for (; c < end; c += 4) {
        const left = columns - c;
        const mu = loadUpTo(at(mean, c), left);
        const sigma = loadUpTo(at(scale, c), left);
        // (σ − 1)(σ + 1) is exact to the last place where σ² − 1 is not, near σ = 1.
        const squares = fma(
          f32x4.sub(sigma, one),
          f32x4.add(sigma, one),
          f32x4.mul(mu, mu),
        );
        const factor = f32x4.sub(f32x4.mul(squares, f32x4.splat(0.5)), log(sigma));
        storeUpTo(at(factors, c), factor, left);
        part = f32x4.add(part, left < 4 ? keepFirst(factor, left) : factor);
      }
      sums = widen(sums, part);
    }
    store<f32>(nats, <f32> both(sums));
    mean = at(mean, columns);
    scale = at(scale, columns);
    factors = at(factors, columns);
    nats += 4;
  }
}

export function normalKlGradient(
  mean: usize,
  scale: usize,
  dfactors: usize,
  dnats: usize,
  rows: i32,
  columns: i32,
  dmean: usize,
  dscale: usize,
): void {
  for (let r = 0; r < rows; r++) {
    const all = v128.load32_splat(dnats);
    for (let c = 0; c < columns; c += 4) {
      const left = columns - c;
      const gradient = f32x4.add(loadUpTo(at(dfactors, c), left), all);
      const sigma = loadUpTo(at(scale, c), left);
      const slope = f32x4.sub(sigma, f32x4.div(f32x4.splat(1), sigma));
      storeUpTo(at(dmean, c), f32x4.mul(gradient, loadUpTo(at(mean, c), left)), left);
      storeUpTo(at(dscale, c), f32x4.mul(gradient, slope), left);
    }
    mean = at(mean, columns);
    scale = at(scale, columns);
    dfactors = at(dfactors, columns);
    dmean = at(dmean, columns);
    dscale = at(dscale, columns);
    dnats += 4;
  }
}
