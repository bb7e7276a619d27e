// @ts-nocheck: AssemblyScript
// Standard normal noise from counters: core/random.ts says how, and makes the same words.
// Here four blocks of Threefry-2×32-20 are made side by side, one in each lane.

import { fma, logOfNormal, storeUpTo } from "./vector.ts";

/** Groups of four rounds, each followed by an injection of the key. */
const GROUPS: i32 = 5;

/** The second word after a round whose first word is x0. */
// @inline
function rotated(x0: v128, x1: v128, bits: i32): v128 {
  return v128.xor(v128.or(i32x4.shl(x1, bits), i32x4.shr_u(x1, 32 - bits)), x0);
}

/** A word as a number in (0, 1), exact: (word >> 9) + ½ over 2²³. */
// @inline
function toUnit(words: v128): v128 {
  const whole = f32x4.convert_i32x4_s(i32x4.shr_u(words, 9));
  return f32x4.mul(f32x4.add(whole, f32x4.splat(0.5)), f32x4.splat(1.1920928955078125e-7));
}

export function normalNoise(z: usize, size: i32, key0: i32, key1: i32, from: f64): void {
  const first = <u64> from >> 1;
  const k0 = i32x4.splat(key0);
  const k1 = i32x4.splat(key1);
  const k2 = i32x4.splat(0x1bd11bda ^ key0 ^ key1);
  for (let i = 0; i < size; i += 8) {
    const block = first + (<u64> i >> 1);
    // Counters, of which the low word of a later lane may run over.
    const start = i32x4.splat(<i32> block);
    const low = i32x4.add(start, i32x4(0, 1, 2, 3));
    const high = i32x4.sub(i32x4.splat(<i32> (block >> 32)), i32x4.lt_u(low, start));
    let x0 = i32x4.add(low, k0);
    let x1 = i32x4.add(high, k1);
    // The keys that the next injection takes.
    let a = k1, b = k2, c = k0;
    for (let group = 1; group <= GROUPS; group++) {
      if (group & 1) {
        x0 = i32x4.add(x0, x1);
        x1 = rotated(x0, x1, 13);
        x0 = i32x4.add(x0, x1);
        x1 = rotated(x0, x1, 15);
        x0 = i32x4.add(x0, x1);
        x1 = rotated(x0, x1, 26);
        x0 = i32x4.add(x0, x1);
        x1 = rotated(x0, x1, 6);
      } else {
        x0 = i32x4.add(x0, x1);
        x1 = rotated(x0, x1, 17);
        x0 = i32x4.add(x0, x1);
        x1 = rotated(x0, x1, 29);
        x0 = i32x4.add(x0, x1);
        x1 = rotated(x0, x1, 16);
        x0 = i32x4.add(x0, x1);
        x1 = rotated(x0, x1, 24);
      }
      x0 = i32x4.add(x0, a);
      x1 = i32x4.add(x1, i32x4.add(b, i32x4.splat(group)));
      const used = a;
      a = b;
      b = c;
      c = used;
    }
    const radius = f32x4.sqrt(f32x4.mul(f32x4.splat(-2), logOfNormal(toUnit(x0))));
    // The angle in turns is q/4 + f with |f| ≤ 1/8, both exact.
    const turns = toUnit(x1);
    const q = f32x4.nearest(f32x4.mul(turns, f32x4.splat(4)));
    const f = f32x4.sub(turns, f32x4.mul(q, f32x4.splat(0.25)));
    const angle = f32x4.mul(f, f32x4.splat(6.28318531));
    const s = f32x4.mul(angle, angle);
    // sin a = a + a³·P(a²) and cos a = 1 − a²/2 + a⁴·Q(a²) for |a| ≤ π/4.
    let p = fma(f32x4.splat(-0.000195878907), s, f32x4.splat(0.00833274797));
    p = fma(p, s, f32x4.splat(-0.166666642));
    const sine = fma(f32x4.mul(angle, s), p, angle);
    p = fma(f32x4.splat(2.45479423e-5), s, f32x4.splat(-0.00138883025));
    p = fma(p, s, f32x4.splat(0.0416666642));
    const cosine = fma(
      f32x4.mul(s, s),
      p,
      fma(s, f32x4.splat(-0.5), f32x4.splat(1)),
    );
    // A quarter turn more makes (cos, sin) into (−sin, cos).
    const quarter = i32x4.trunc_sat_f32x4_s(q);
    const odd = i32x4.shr_s(i32x4.shl(quarter, 31), 31);
    const signSine = i32x4.shl(i32x4.shr_u(quarter, 1), 31);
    const signCosine = v128.xor(signSine, i32x4.shl(quarter, 31));
    const sines = v128.xor(v128.bitselect(cosine, sine, odd), signSine);
    const cosines = v128.xor(v128.bitselect(sine, cosine, odd), signCosine);
    const z0 = f32x4.mul(radius, cosines);
    const z1 = f32x4.mul(radius, sines);
    const left = size - i;
    storeUpTo(z, v128.shuffle<f32>(z0, z1, 0, 4, 1, 5), left);
    if (left > 4) storeUpTo(z + 16, v128.shuffle<f32>(z0, z1, 2, 6, 3, 7), left - 4);
    z += 32;
  }
}
