// @ts-nocheck: AssemblyScript
// Vectors of four float32: what all kernels share. Polynomials are Chebyshev fits, made for the
// interval that the comment names; their error is below a third of a unit in the last place.

/** The place of element i of an array of float32. */
// @inline
export function at(array: usize, i: i32): usize {
  return array + ((<usize> i) << 2);
}

/** a·b + c, rounded once where the machine can and the build may. */
// @inline
export function fma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** The first `count` (1 … 3) elements, zeros after them; nothing is read behind them. */
// @inline
export function loadFirst(p: usize, count: i32): v128 {
  if (count == 1) return v128.load32_zero(p);
  const two = v128.load64_zero(p);
  return count == 2 ? two : v128.load_lane<f32>(p, two, 2, 8);
}

/** Writes the first `count` (1 … 3) elements, and nothing behind them. */
// @inline
export function storeFirst(p: usize, v: v128, count: i32): void {
  if (count == 1) {
    v128.store_lane<f32>(p, v, 0);
  } else {
    v128.store_lane<f64>(p, v, 0);
    if (count > 2) v128.store_lane<f32>(p, v, 2, 8);
  }
}

/** The first `count` elements of a vector, zeros after them. */
// @inline
export function keepFirst(v: v128, count: i32): v128 {
  return v128.and(v, i32x4.gt_s(i32x4.splat(count), i32x4(0, 1, 2, 3)));
}

/** The vector at p, or as much of it as `count` leaves. */
// @inline
export function loadUpTo(p: usize, count: i32): v128 {
  return count >= 4 ? v128.load(p) : loadFirst(p, count);
}

/** Writes the vector to p, or as much of it as `count` leaves. */
// @inline
export function storeUpTo(p: usize, v: v128, count: i32): void {
  if (count >= 4) v128.store(p, v);
  else storeFirst(p, v, count);
}

// Of pmin and pmax, unlike min and max, x86 has one instruction. They answer their first operand
// where either is NaN, so that a bound on the right lets NaN through.

/** max(x, 0), NaN for NaN. */
// @inline
export function positivePart(x: v128): v128 {
  return f32x4.pmax(x, f32x4.splat(0));
}

/** Adding it rounds a small number to an integer, which then stands in the low bits. */
const ROUNDER: f32 = 12582912; // 1.5·2²³

/** eˣ, within 1.1 units in the last place. */
// @inline
export function exp(x: v128): v128 {
  x = f32x4.pmax(f32x4.pmin(x, f32x4.splat(89)), f32x4.splat(-104));
  // x = n·log 2 + r, with log 2 in two parts, the first of which times n is exact.
  const rounded = fma(x, f32x4.splat(1.44269504), f32x4.splat(ROUNDER));
  const n = f32x4.sub(rounded, f32x4.splat(ROUNDER));
  const r = fma(n, f32x4.splat(2.12194440e-4), fma(n, f32x4.splat(-0.693359375), x));
  // eʳ = 1 + r + r²·P(r), for |r| ≤ ½ log 2.
  let y = fma(f32x4.splat(0.00139261817), r, f32x4.splat(0.008363178));
  y = fma(y, r, f32x4.splat(0.0416665561));
  y = fma(y, r, f32x4.splat(0.166665763));
  y = fma(y, r, f32x4.splat(0.5));
  y = f32x4.add(fma(f32x4.mul(r, r), y, r), f32x4.splat(1));
  // Times 2ⁿ in two steps, as 2¹²⁸ and 2⁻¹⁴⁹ are no normal numbers.
  const whole = i32x4.sub(rounded, f32x4.splat(ROUNDER));
  const half = i32x4.shr_s(whole, 1);
  return f32x4.mul(f32x4.mul(y, powerOfTwo(half)), powerOfTwo(i32x4.sub(whole, half)));
}

/** 2ⁿ for integers n from −126 to 127. */
// @inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** log x, within 2 units in the last place: −∞ for 0, NaN for negative numbers. */
// @inline
export function log(x: v128): v128 {
  // Subnormal numbers are made normal first.
  const tiny = f32x4.lt(x, f32x4.splat(1.17549435e-38));
  const scaled = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, tiny);
  const shift = v128.and(tiny, f32x4.splat(-23));
  const ordinary = f32x4.add(logOfNormal(scaled), f32x4.mul(shift, f32x4.splat(0.693147181)));
  // What is left: 0, negative numbers, and ∞ and NaN, which x + x keeps.
  const ends = v128.bitselect(
    v128.bitselect(f32x4.splat(-Infinity), f32x4.splat(NaN), f32x4.eq(x, f32x4.splat(0))),
    f32x4.add(x, x),
    f32x4.le(x, f32x4.splat(0)),
  );
  const inside = v128.and(f32x4.gt(x, f32x4.splat(0)), f32x4.lt(x, f32x4.splat(Infinity)));
  return v128.bitselect(ordinary, ends, inside);
}

/** log x for positive normal numbers. */
// @inline
export function logOfNormal(x: v128): v128 {
  // x = 2ᵉ·m with √½ ≤ m < √2: 0x3f3504f3 is √½.
  const offset = i32x4.sub(x, i32x4.splat(0x3f3504f3));
  const e = f32x4.convert_i32x4_s(i32x4.shr_s(offset, 23));
  const m = i32x4.add(
    v128.and(offset, i32x4.splat(0x007fffff)),
    i32x4.splat(0x3f3504f3),
  );
  // log m = 2·artanh s = 2s + 2s³·P(s²) with s = (m − 1)/(m + 1), s² < 0.0295.
  const f = f32x4.sub(m, f32x4.splat(1));
  const s = f32x4.div(f, f32x4.add(f, f32x4.splat(2)));
  const q = f32x4.mul(s, s);
  let y = fma(f32x4.splat(0.147899881), q, f32x4.splat(0.1999439));
  y = fma(y, q, f32x4.splat(0.333333433));
  const twice = f32x4.add(s, s);
  y = fma(f32x4.mul(twice, q), y, f32x4.mul(e, f32x4.splat(-2.12194440e-4)));
  return fma(e, f32x4.splat(0.693359375), f32x4.add(twice, y));
}

/** log(1 + u) for 0 ≤ u ≤ 1, within 2 units in the last place. */
// @inline
export function log1p(u: v128): v128 {
  // 2·artanh s as above, with s = u/(u + 2), s² ≤ 1/9.
  const s = f32x4.div(u, f32x4.add(u, f32x4.splat(2)));
  const q = f32x4.mul(s, s);
  let y = fma(f32x4.splat(0.11612165), q, f32x4.splat(0.108532876));
  y = fma(y, q, f32x4.splat(0.142961785));
  y = fma(y, q, f32x4.splat(0.199998528));
  y = fma(y, q, f32x4.splat(0.333333343));
  const twice = f32x4.add(s, s);
  return fma(f32x4.mul(twice, q), y, twice);
}

/** log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|), within 2.6 units in the last place. */
// @inline
export function softplus(x: v128): v128 {
  return f32x4.add(positivePart(x), log1p(exp(f32x4.neg(f32x4.abs(x)))));
}

/** 1/(1 + e⁻ˣ), within 2.4 units in the last place; 0 below −88.7. */
// @inline
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))));
}

/** tanh x, within 1.4 units in the last place. */
// @inline
export function tanh(x: v128): v128 {
  // Near 0, x + x³·P(x²) for |x| ≤ 0.625; elsewhere 1 − 2/(e^2|x| + 1), with the sign of x.
  const q = f32x4.mul(x, x);
  let y = fma(f32x4.splat(-0.00609671418), q, f32x4.splat(0.0209971797));
  y = fma(y, q, f32x4.splat(-0.0538509078));
  y = fma(y, q, f32x4.splat(0.133327693));
  y = fma(y, q, f32x4.splat(-0.333333284));
  const near = fma(f32x4.mul(x, q), y, x);
  const size = f32x4.abs(x);
  const one = f32x4.splat(1);
  const large = f32x4.sub(
    one,
    f32x4.div(f32x4.splat(2), f32x4.add(exp(f32x4.add(size, size)), one)),
  );
  const sign = v128.and(x, i32x4.splat(0x80000000));
  return v128.bitselect(near, v128.or(large, sign), f32x4.le(size, f32x4.splat(0.625)));
}

/** The first two elements, in float64. */
// @inline
export function lowHalf(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

/** The last two elements, in float64. */
// @inline
export function highHalf(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
}

/** Adds the four elements of v to two sums in float64. */
// @inline
export function widen(sums: v128, v: v128): v128 {
  return f64x2.add(sums, f64x2.add(lowHalf(v), highHalf(v)));
}

/** The sum of two numbers in float64. */
// @inline
export function both(sums: v128): f64 {
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

/** Two pairs of float64 as four float32. */
// @inline
export function narrow(low: v128, high: v128): v128 {
  const first = f32x4.demote_f64x2_zero(low);
  const last = f32x4.demote_f64x2_zero(high);
  return v128.shuffle<f32>(first, last, 0, 1, 4, 5);
}
