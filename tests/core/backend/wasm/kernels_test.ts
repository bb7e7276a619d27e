import assert from "node:assert/strict";
import { ACTIVATION, GEMM } from "../../../../core/backend/wasm/kernels.ts";
import { loadKernels } from "../../../../core/backend/wasm/load_kernels.ts";
import { normalNoise, seed } from "../../../../core/random.ts";
import { fc } from "../../../deps.ts";
import { assertClose } from "../../../helpers/assert_close.ts";
import { type Arena, makeArena, onEachBuild } from "./arena.ts";

/** Sizes around those of vectors, tiles and runs. */
const SIZES = [0, 1, 2, 3, 4, 5, 7, 8, 15, 17, 33, 63, 64, 65, 129, 257, 300];

// Numbers that look random, and the same at every run.
let state = 1;
function uniform(low = 0, high = 1): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return low + (high - low) * (state / 2 ** 32);
}
const reals = (size: number, low = -1, high = 1): Float32Array =>
  Float32Array.from({ length: size }, () => uniform(low, high));
/** Whole numbers so small that sums of products are exact in any order. */
const integers = (size: number): Float32Array =>
  Float32Array.from({ length: size }, () => Math.floor(uniform(-4, 5)));

/** How far a number is from the true one, in units of the last place of float32. */
function unitsOff(actual: number, expected: number): number {
  if (Object.is(actual, expected) || actual === Math.fround(expected)) return 0;
  if (!Number.isFinite(expected)) return Infinity;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(expected))), -126);
  return Math.abs(actual - expected) / 2 ** (exponent - 23);
}

/** Sums over columns of a function of (row, column). */
function rowSums(rows: number, columns: number, term: (i: number) => number): number[] {
  return Array.from({ length: rows }, (_, r) => {
    let sum = 0;
    for (let c = 0; c < columns; c++) sum += term(r * columns + c);
    return sum;
  });
}

const SHAPES = [[0, 3], [3, 0], [1, 1], [2, 3], [3, 4], [5, 7], [4, 17], [33, 5], [
  3,
  129,
]] as const;

interface Product {
  m: number;
  n: number;
  k: number;
  transposeA: boolean;
  transposeB: boolean;
  /** How much longer lines of the operands are than they need to be. */
  slack: number;
  flags: number;
}

/** The product of whole numbers, exactly. */
function productOf(p: Product, a: ArrayLike<number>, b: ArrayLike<number>, c: Float32Array) {
  const { lda, ldb, ldc } = leading(p);
  const result = c.slice();
  const bias = biasOf(p);
  for (let i = 0; i < p.m; i++) {
    for (let j = 0; j < p.n; j++) {
      let sum = 0;
      for (let q = 0; q < p.k; q++) {
        sum += a[p.transposeA ? q * lda + i : i * lda + q]! *
          b[p.transposeB ? j * ldb + q : q * ldb + j]!;
      }
      if (p.flags & GEMM.accumulate) sum += c[i * ldc + j]!;
      if (p.flags & GEMM.bias) sum += bias[j]!;
      result[i * ldc + j] = p.flags & GEMM.relu ? Math.max(sum, 0) : sum;
    }
  }
  return result;
}

function leading({ m, n, k, transposeA, transposeB, slack }: Product) {
  return {
    lda: (transposeA ? m : k) + slack,
    ldb: (transposeB ? k : n) + slack,
    ldc: n + slack,
  };
}

/** Elements of a matrix whose last line has no slack: it ends where its last element does. */
const extent = (lines: number, length: number, step: number): number =>
  lines === 0 || length === 0 ? 0 : (lines - 1) * step + length;

const biasOf = ({ n }: Product): Float32Array =>
  Float32Array.from({ length: n }, (_, j) => j % 7 - 3);

function operandsOf(p: Product, fill: (size: number) => Float32Array): Float32Array[] {
  const { lda, ldb, ldc } = leading(p);
  const a = fill(p.transposeA ? extent(p.k, p.m, lda) : extent(p.m, p.k, lda));
  const b = fill(p.transposeB ? extent(p.n, p.k, ldb) : extent(p.k, p.n, ldb));
  return [a, b, fill(extent(p.m, p.n, ldc)), biasOf(p)];
}

/** C, made in parts that end at the given rows and columns. */
function multiply(
  arena: Arena,
  p: Product,
  operands: readonly Float32Array[],
  rowCuts: readonly number[] = [],
  columnCuts: readonly number[] = [],
): Float32Array {
  const { lda, ldb, ldc } = leading(p);
  const rows = [0, ...rowCuts, p.m], columns = [0, ...columnCuts, p.n];
  return arena.run(operands, (kernels, a, b, c, bias) => {
    for (let r = 1; r < rows.length; r++) {
      const i = rows[r - 1]!;
      for (let q = 1; q < columns.length; q++) {
        kernels.gemm(
          rows[r]! - i,
          columns[q - 1]!,
          columns[q]!,
          p.k,
          a! + 4 * (p.transposeA ? i : i * lda),
          lda,
          Number(p.transposeA),
          b!,
          ldb,
          Number(p.transposeB),
          c! + 4 * i * ldc,
          ldc,
          p.flags,
          p.flags & GEMM.bias ? bias! : 0,
          arena.workspace,
        );
      }
    }
  }, [2])[2]!;
}

const products = fc.record({
  m: fc.nat(20),
  n: fc.nat(36),
  k: fc.nat(20),
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
  slack: fc.nat(3),
  flags: fc.nat(7),
});

onEachBuild("gemm() is exact where float32 is, for all shapes, lines and flags", (arena) => {
  fc.assert(
    fc.property(products, (p) => {
      const operands = operandsOf(p, integers);
      const [a, b, c] = operands;
      // Adding 0 makes −0 into 0, as which of them it is depends on the order.
      const normal = (values: Float32Array) => values.map((value) => value + 0);
      assert.deepEqual(normal(multiply(arena, p, operands)), normal(productOf(p, a!, b!, c!)));
    }),
    { seed: 1, numRuns: 150 },
  );
});

onEachBuild("gemm() goes over the edges of its blocks", (arena) => {
  for (const [m, n, k] of [[129, 9, 401], [5, 1033, 3], [260, 7, 805], [1, 1, 1203]] as const) {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        const p = { m, n, k, transposeA, transposeB, slack: 1, flags: GEMM.bias };
        const operands = operandsOf(p, integers);
        const [a, b, c] = operands;
        assert.deepEqual(
          multiply(arena, p, operands).map((value) => value + 0),
          productOf(p, a!, b!, c!).map((value) => value + 0),
        );
      }
    }
  }
});

onEachBuild("gemm() is accurate, and its bits do not depend on its parts", (arena) => {
  for (const flags of [0, GEMM.accumulate, GEMM.bias | GEMM.relu]) {
    for (const transposed of [false, true]) {
      const p = {
        m: 37,
        n: 53,
        k: 419,
        transposeA: transposed,
        transposeB: !transposed,
        slack: 0,
        flags,
      };
      const operands = operandsOf(p, reals);
      const [a, b, c] = operands;
      const whole = multiply(arena, p, operands);
      assertClose(whole, productOf(p, a!, b!, c!), { absolute: 2e-5 });
      assert.deepEqual(multiply(arena, p, operands, [1, 7, 20], [8, 32, 48]), whole);
      assert.deepEqual(multiply(arena, p, operands, [4, 36], [40]), whole);
    }
  }
});

onEachBuild("gemm() keeps NaN, also in front of max(·, 0)", (arena) => {
  const p = { m: 5, n: 9, k: 3, transposeA: false, transposeB: false, slack: 0, flags: GEMM.relu };
  const operands = operandsOf(p, integers);
  operands[0]![3] = NaN;
  const result = multiply(arena, p, operands);
  assert(result.subarray(9, 18).every(Number.isNaN));
  assert(![...result.subarray(0, 9), ...result.subarray(18)].some(Number.isNaN));
});

onEachBuild("adam() makes a step, and tells whether the parameters were finite", (arena) => {
  const [beta1, beta2, rate, correction, epsilon] = [0.9, 0.999, 0.003, 1.7, 1e-8];
  for (const size of SIZES) {
    const given = [reals(size), reals(size), reals(size, 0, 1), reals(size)];
    const step = (parameters: Float32Array): [Float32Array[], number] => {
      let answer = NaN;
      const after = arena.run([parameters, ...given.slice(1)], (kernels, p, m, v, g) => {
        answer = kernels.adam(p!, m!, v!, g!, size, beta1, beta2, rate, correction, epsilon);
      }, [0, 1, 2]);
      return [after, answer];
    };
    const [[p, m, v], answer] = step(given[0]!);
    assert(Number.isFinite(answer));
    const [p0, m0, v0, g] = given as [Float32Array, Float32Array, Float32Array, Float32Array];
    const means = Array.from(m0, (mean, i) => beta1 * mean + (1 - beta1) * g[i]!);
    const variances = Array.from(v0, (variance, i) => beta2 * variance + (1 - beta2) * g[i]! ** 2);
    assertClose(m!, means, { absolute: 1e-7 });
    assertClose(v!, variances, { relative: 3e-7 });
    assertClose(
      p!,
      Array.from(
        p0,
        (parameter, i) =>
          parameter - rate * means[i]! / (Math.sqrt(variances[i]! * correction) + epsilon),
      ),
      { absolute: 2e-7 },
    );
    for (const at of new Set([0, size >> 1, size - 1])) {
      if (size === 0) continue;
      for (const bad of [NaN, Infinity, -Infinity]) {
        assert(!Number.isFinite(step(p0.with(at, bad))[1]), `${bad} at ${at} of ${size}`);
      }
    }
  }
});

onEachBuild("adam() takes rates in more digits than float32 has", (arena) => {
  const [, , v] = arena.run(
    [reals(1), reals(1), Float32Array.of(0), Float32Array.of(1)],
    (kernels, p, m, v, g) => {
      kernels.adam(p!, m!, v!, g!, 1, 0.9, 0.999, 0.001, 1000, 1e-8);
    },
    [0, 1, 2],
  );
  assertClose(v!, [0.001], { relative: 1e-7 });
});

/** Everything from one end of float32 to the other, and more where functions bend. */
const ARGUMENTS = Float32Array.from([
  ...[0, -0, Infinity, -Infinity, NaN, 1e-45, -1e-45, 1e-38, -1e-38, 3e38, -3e38],
  ...[1000, -1000, 88.72283, 88.72284, 89, -87.3, -88, -100, -103.97, -104, -105, -50],
  ...[0.625, -0.625, 0.6250001, 1e-4, -1e-4],
  ...Array.from({ length: 6000 }, (_, i) => (i - 3000) / 28),
  ...Array.from({ length: 4000 }, (_, i) => (i - 2000) / 1000),
]);
const log1pExp = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const logistic = (x: number) => 1 / (1 + Math.exp(-x));

/** Functions, and by how many units in the last place they may be wrong. */
const UNARY = {
  exp: [Math.exp, 1.1],
  sigmoid: [logistic, 2.4],
  softplus: [log1pExp, 2.6],
  tanh: [Math.tanh, 1.4],
} as const;

for (const name of ["exp", "sigmoid", "softplus", "tanh"] as const) {
  const [truth, bound] = UNARY[name];
  onEachBuild(`${name}() is within ${bound} units in the last place`, (arena) => {
    const [, y] = arena.run([ARGUMENTS, ARGUMENTS.length], (kernels, x, y) => {
      kernels[name](x!, y!, ARGUMENTS.length, 0);
    });
    ARGUMENTS.forEach((x, i) => {
      const found = y![i]!;
      // Below −88, 1/(1 + e⁻ˣ) may be 0, which is as good.
      if (name === "sigmoid" && x < -88 && found === 0) return;
      const off = unitsOff(found, truth(x));
      assert(off <= bound, `${name}(${x}) is ${truth(x)}, not ${found}: ${off} units`);
    });
    for (const size of SIZES) {
      const [, part] = arena.run([ARGUMENTS.slice(40, 40 + size), size], (kernels, x, y) => {
        kernels[name](x!, y!, size, 0);
      });
      assert.deepEqual(part, y!.slice(40, 40 + size));
    }
  });
}

onEachBuild("softplus() adds its offset, and softplusGradient() is its gradient", (arena) => {
  for (const size of SIZES) {
    const x = reals(size, -20, 20), dy = reals(size);
    const [, y] = arena.run([x, size], (kernels, x, y) => kernels.softplus(x!, y!, size, 0.25));
    assertClose(y!, Array.from(x, (x) => log1pExp(x) + 0.25), { relative: 3e-7 });
    const [, , dx] = arena.run([x, dy, size], (kernels, x, dy, dx) => {
      kernels.softplusGradient(x!, dy!, dx!, size);
    });
    assertClose(dx!, Array.from(x, (x, i) => dy[i]! * logistic(x)), { relative: 3e-7 });
  }
});

onEachBuild("sumRows() and sumColumns() add up", (arena) => {
  for (const [rows, columns] of [...SHAPES, [70, 35], [2, 700]] as const) {
    const x = integers(rows * columns);
    const [, sums] = arena.run([x, rows], (kernels, x, y) => {
      kernels.sumRows(x!, rows, columns, y!);
    });
    assert.deepEqual([...sums!], rowSums(rows, columns, (i) => x[i]!));
    const expected = Array.from(
      { length: columns },
      (_, c) => x.reduce((sum, value, i) => sum + (i % columns === c ? value : 0), 0),
    );
    const inColumns = (cuts: number[]) => [
      ...arena.run([x, columns], (kernels, x, y) => {
        cuts.forEach((c0, i) =>
          kernels.sumColumns(x!, rows, columns, c0, cuts[i + 1] ?? columns, y!)
        );
      })[1]!,
    ];
    assert.deepEqual(inColumns([0]), expected);
    if (columns > 4) assert.deepEqual(inColumns([0, 1, 4]), expected);
  }
});

onEachBuild("sums of many numbers are as exact as sums of few", (arena) => {
  const size = 200_000;
  const x = reals(size, 0, 1);
  const total = x.reduce((sum, value) => sum + value, 0);
  const [, row] = arena.run([x, 1], (kernels, x, y) => kernels.sumRows(x!, 1, size, y!));
  assertClose(row!, total, { relative: 2e-7 });
  for (const columns of [1, 16]) {
    const rows = size / columns;
    const [, sums] = arena.run([x, columns], (kernels, x, y) => {
      kernels.sumColumns(x!, rows, columns, 0, columns, y!);
    });
    assertClose(sums!.reduce((sum, value) => sum + value, 0), total, { relative: 2e-7 });
  }
});

onEachBuild("sums keep their bits however they are split", (arena) => {
  const [rows, columns] = [67, 45];
  const x = reals(rows * columns);
  const sums = (cuts: number[]) =>
    arena.run([x, columns], (kernels, x, y) => {
      cuts.forEach((c0, i) =>
        kernels.sumColumns(x!, rows, columns, c0, cuts[i + 1] ?? columns, y!)
      );
    })[1];
  assert.deepEqual(sums([0, 3, 20, 41]), sums([0]));
});

onEachBuild("addBias() adds to rows, in place as well", (arena) => {
  for (const [rows, columns] of [...SHAPES, [7, 1], [8, 1], [5, 2], [6, 2]] as const) {
    const x = reals(rows * columns), bias = reals(columns);
    for (const activation of Object.values(ACTIVATION)) {
      const expected = x.map((value, i) => {
        const sum = Math.fround(value + bias[i % columns]!);
        return activation === ACTIVATION.relu ? Math.max(sum, 0) : sum;
      });
      const [, , y] = arena.run([x, bias, x.length], (kernels, x, bias, y) => {
        kernels.addBias(x!, rows, columns, bias!, activation, y!);
      });
      assert.deepEqual(y, expected);
      const [inPlace] = arena.run([x, bias], (kernels, x, bias) => {
        kernels.addBias(x!, rows, columns, bias!, activation, x!);
      }, [0]);
      assert.deepEqual(inPlace, expected);
    }
  }
});

onEachBuild("addBiasGradient() goes back through bias and activation", (arena) => {
  for (const [rows, columns] of [...SHAPES, [70, 37]] as const) {
    const dy = integers(rows * columns), y = integers(rows * columns);
    const gated = dy.map((value, i) => y[i]! > 0 ? value : 0);
    const gradient = (activation: number, cuts: number[]) =>
      arena.run(
        [dy, y, activation === ACTIVATION.relu ? dy.length : 0, columns],
        (kernels, dy, y, dx, dbias) => {
          cuts.forEach((c0, i) => {
            const c1 = cuts[i + 1] ?? columns;
            kernels.addBiasGradient(dy!, y!, rows, columns, c0, c1, activation, dx!, dbias!);
          });
        },
      ).slice(2);
    const sums = (values: Float32Array) =>
      Float32Array.from(
        { length: columns },
        (_, c) => values.reduce((sum, value, i) => sum + (i % columns === c ? value : 0), 0),
      );
    for (const cuts of columns > 4 ? [[0], [0, 2, 3]] : [[0]]) {
      assert.deepEqual(gradient(ACTIVATION.linear, cuts)[1], sums(dy));
      const [dx, dbias] = gradient(ACTIVATION.relu, cuts);
      assert.deepEqual(dx!.map((value) => value + 0), gated.map((value) => value + 0));
      assert.deepEqual(dbias, sums(gated));
    }
  }
});

onEachBuild("bernoulliLogProb() and its gradient are right, also for extreme logits", (arena) => {
  for (const [rows, columns] of SHAPES) {
    const logits = reals(rows * columns, -8, 8), x = reals(rows * columns, 0, 1), dy = reals(rows);
    if (logits.length > 2) logits.set([200, -200, 30]);
    const [, , y] = arena.run([logits, x, rows], (kernels, logits, x, y) => {
      kernels.bernoulliLogProb(logits!, x!, rows, columns, y!);
    });
    const term = (i: number) => x[i]! * logits[i]! - log1pExp(logits[i]!);
    assertClose(y!, rowSums(rows, columns, term), { absolute: 1e-6, relative: 1e-6 });
    const [, , , gradient] = arena.run(
      [logits, x, dy, x.length],
      (kernels, logits, x, dy, gradient) => {
        kernels.bernoulliLogProbGradient(logits!, x!, dy!, rows, columns, gradient!);
      },
    );
    const expected = Array.from(
      x,
      (x, i) => dy[Math.floor(i / columns)]! * (x - logistic(logits[i]!)),
    );
    assertClose(gradient!, expected, { absolute: 2e-7 });
  }
});

onEachBuild("bernoulliLogProb() hardly loses digits in long rows", (arena) => {
  const columns = 20_000;
  const logits = reals(columns, -4, 4), x = reals(columns, 0, 1);
  const [, , y] = arena.run([logits, x, 1], (kernels, logits, x, y) => {
    kernels.bernoulliLogProb(logits!, x!, 1, columns, y!);
  });
  const term = (i: number) => x[i]! * logits[i]! - log1pExp(logits[i]!);
  assertClose(y!, rowSums(1, columns, term), { relative: 3e-7 });
});

onEachBuild("normalLogProb() and its gradient are right", (arena) => {
  for (const [rows, columns] of SHAPES) {
    for (const shared of [0, 1]) {
      const size = rows * columns;
      const mean = reals(size), x = reals(size, -2, 2), dy = reals(rows);
      const scale = shared ? Float32Array.of(0.3) : reals(size, 0.1, 3);
      const sigma = (i: number) => scale[shared ? 0 : i]!;
      const z = (i: number) => (x[i]! - mean[i]!) / sigma(i);
      const [, , , y] = arena.run([mean, scale, x, rows], (kernels, mean, scale, x, y) => {
        kernels.normalLogProb(mean!, scale!, shared, x!, rows, columns, y!);
      });
      const term = (i: number) =>
        -0.5 * z(i) ** 2 - Math.log(sigma(i)) - 0.5 * Math.log(2 * Math.PI);
      assertClose(y!, rowSums(rows, columns, term), { absolute: 2e-6, relative: 1e-6 });
      const [, , , , dmean, dscale] = arena.run(
        [mean, scale, x, dy, size, shared ? rows : size],
        (kernels, mean, scale, x, dy, dmean, dscale) => {
          kernels.normalLogProbGradient(
            ...[mean!, scale!, shared, x!, dy!, rows, columns, dmean!, dscale!] as const,
          );
        },
      );
      const each = (i: number) => dy[Math.floor(i / columns)]! / sigma(i);
      assertClose(dmean!, Array.from(x, (_, i) => each(i) * z(i)), {
        absolute: 1e-6,
        relative: 1e-6,
      });
      const byScale = (i: number) => each(i) * (z(i) ** 2 - 1);
      assertClose(
        dscale!,
        shared ? rowSums(rows, columns, byScale) : Array.from(x, (_, i) => byScale(i)),
        { absolute: 1e-5, relative: 1e-5 },
      );
    }
  }
});

onEachBuild("normalLogProb() takes log σ of every σ there is", (arena) => {
  const scales = Float32Array.of(1e-45, 1e-40, 1.2e-38, 0.1, 0.9999999, 1, 1.0000001, 2, 3e38);
  for (const scale of [...scales, Infinity, 0, -1, NaN]) {
    const one = Float32Array.of(0);
    const [, , , y] = arena.run(
      [one, Float32Array.of(scale), one, 1],
      (kernels, mean, scale, x, y) => {
        kernels.normalLogProb(mean!, scale!, 0, x!, 1, 1, y!);
      },
    );
    // 0/0 where σ is 0; log σ elsewhere.
    const expected = scale === 0 ? NaN : -Math.log(scale) - 0.5 * Math.log(2 * Math.PI);
    if (Number.isNaN(expected)) assert(Number.isNaN(y![0]));
    else assertClose(y!, expected, { absolute: 1e-7, relative: 2e-7 });
  }
});

onEachBuild("reparameterize() and its gradient are right", (arena) => {
  for (const samples of [1, 3]) {
    for (const size of SIZES) {
      const mean = reals(size), scale = reals(size, 0, 2);
      const noise = reals(samples * size), dz = reals(samples * size);
      const [, , , z] = arena.run(
        [mean, scale, noise, samples * size],
        (kernels, mean, scale, noise, z) => {
          kernels.reparameterize(mean!, scale!, noise!, samples, size, z!);
        },
      );
      const expected = Array.from(noise, (e, i) => mean[i % size]! + scale[i % size]! * e);
      assertClose(z!, expected, { absolute: 2e-7 });
      const [, , dmean, dscale] = arena.run(
        [dz, noise, size, size],
        (kernels, dz, noise, dmean, dscale) => {
          kernels.reparameterizeGradient(dz!, noise!, samples, size, dmean!, dscale!);
        },
      );
      const over = (term: (i: number) => number) =>
        Array.from({ length: size }, (_, i) => {
          let sum = 0;
          for (let s = 0; s < samples; s++) sum += term(s * size + i);
          return sum;
        });
      assertClose(dmean!, over((i) => dz[i]!), { relative: 1e-7 });
      assertClose(dscale!, over((i) => dz[i]! * noise[i]!), { absolute: 2e-7 });
    }
  }
});

onEachBuild("normalKl() and its gradient are right", (arena) => {
  for (const [rows, columns] of SHAPES) {
    const size = rows * columns;
    const mean = reals(size), scale = reals(size, 0.05, 2);
    const dfactors = reals(size), dnats = reals(rows);
    const [, , factors, nats] = arena.run(
      [mean, scale, size, rows],
      (kernels, mean, scale, factors, nats) => {
        kernels.normalKl(mean!, scale!, rows, columns, factors!, nats!);
      },
    );
    const factor = (i: number) => 0.5 * (mean[i]! ** 2 + scale[i]! ** 2 - 1) - Math.log(scale[i]!);
    assertClose(factors!, Array.from(mean, (_, i) => factor(i)), { absolute: 4e-7 });
    assertClose(nats!, rowSums(rows, columns, factor), { absolute: 1e-6, relative: 1e-6 });
    const [, , , , dmean, dscale] = arena.run(
      [mean, scale, dfactors, dnats, size, size],
      (kernels, mean, scale, dfactors, dnats, dmean, dscale) => {
        kernels.normalKlGradient(
          ...[mean!, scale!, dfactors!, dnats!, rows, columns, dmean!, dscale!] as const,
        );
      },
    );
    const both = (i: number) => dfactors[i]! + dnats[Math.floor(i / columns)]!;
    assertClose(dmean!, Array.from(mean, (mu, i) => both(i) * mu), { absolute: 3e-7 });
    assertClose(dscale!, Array.from(scale, (sigma, i) => both(i) * (sigma - 1 / sigma)), {
      absolute: 1e-6,
      relative: 1e-6,
    });
  }
});

onEachBuild("normalKl() is exact to few nats where both distributions nearly agree", (arena) => {
  const scale = Float32Array.of(1, 1.0001, 0.9999, 1.01, 0.97);
  const [, , factors] = arena.run(
    [scale.map(() => 0), scale, 5, 1],
    (kernels, mean, scale, f, n) => {
      kernels.normalKl(mean!, scale!, 1, 5, f!, n!);
    },
  );
  // ½σ² − ½ − log σ, by its series where float64 would cancel too.
  const expected = Array.from(scale, (sigma) => {
    const d = sigma - 1;
    return d ** 2 - d ** 3 / 3 + d ** 4 / 4 - d ** 5 / 5;
  });
  assertClose(factors!, expected, { absolute: 4e-9 });
});

/** A convolution: sizes of pictures and filters. */
interface Convolution {
  images: number;
  height: number;
  width: number;
  channels: number;
  multiplier: number;
  kernelHeight: number;
  kernelWidth: number;
  strideHeight: number;
  strideWidth: number;
  dilationHeight: number;
  dilationWidth: number;
  padTop: number;
  padLeft: number;
  outHeight: number;
  outWidth: number;
}

const convolutions = fc.record({
  images: fc.integer({ min: 0, max: 2 }),
  height: fc.integer({ min: 1, max: 7 }),
  width: fc.integer({ min: 1, max: 7 }),
  channels: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constant(17)),
  multiplier: fc.integer({ min: 1, max: 5 }),
  kernelHeight: fc.integer({ min: 1, max: 4 }),
  kernelWidth: fc.integer({ min: 1, max: 4 }),
  strideHeight: fc.integer({ min: 1, max: 3 }),
  strideWidth: fc.integer({ min: 1, max: 3 }),
  dilationHeight: fc.integer({ min: 1, max: 3 }),
  dilationWidth: fc.integer({ min: 1, max: 3 }),
  padTop: fc.nat(3),
  padLeft: fc.nat(3),
  outHeight: fc.integer({ min: 1, max: 5 }),
  outWidth: fc.integer({ min: 1, max: 5 }),
});

/** What comes before, between and after the sizes of filters. */
function argumentsOf(c: Convolution) {
  return [
    ...[c.kernelHeight, c.kernelWidth, c.strideHeight, c.strideWidth],
    ...[c.dilationHeight, c.dilationWidth, c.padTop, c.padLeft, c.outHeight, c.outWidth],
  ] as const as readonly [
    ...[number, number, number, number, number],
    ...[number, number, number, number, number],
  ];
}

/** Calls back for every tap of every patch with its number, and the pixel it falls on if any. */
function eachTap(
  c: Convolution,
  visit: (patch: number, tap: number, pixel: number | undefined) => void,
): void {
  for (let image = 0, patch = 0; image < c.images; image++) {
    for (let oy = 0; oy < c.outHeight; oy++) {
      for (let ox = 0; ox < c.outWidth; ox++, patch++) {
        for (let ky = 0, tap = 0; ky < c.kernelHeight; ky++) {
          for (let kx = 0; kx < c.kernelWidth; kx++, tap++) {
            const y = oy * c.strideHeight - c.padTop + ky * c.dilationHeight;
            const x = ox * c.strideWidth - c.padLeft + kx * c.dilationWidth;
            const inside = y >= 0 && y < c.height && x >= 0 && x < c.width;
            visit(patch, tap, inside ? (image * c.height + y) * c.width + x : undefined);
          }
        }
      }
    }
  }
}

const pixelsOf = (c: Convolution) => c.images * c.height * c.width;
const patchesOf = (c: Convolution) => c.images * c.outHeight * c.outWidth;
const tapsOf = (c: Convolution) => c.kernelHeight * c.kernelWidth;

onEachBuild("im2col() lays patches out, and col2im() adds them up", (arena) => {
  fc.assert(
    fc.property(convolutions, (c) => {
      const C = c.channels, taps = tapsOf(c);
      const sizes = [c.images, c.height, c.width, C] as const;
      const x = integers(pixelsOf(c) * C), dcolumns = integers(patchesOf(c) * taps * C);
      const expected = new Float32Array(dcolumns.length), dx = new Float32Array(x.length);
      eachTap(c, (patch, tap, pixel) => {
        if (pixel === undefined) return;
        for (let i = 0; i < C; i++) {
          const column = (patch * taps + tap) * C + i;
          expected[column] = x[pixel * C + i]!;
          dx[pixel * C + i]! += dcolumns[column]!;
        }
      });
      const [, columns] = arena.run([x, expected.length], (kernels, x, columns) => {
        kernels.im2col(x!, ...sizes, ...argumentsOf(c), columns!);
      });
      assert.deepEqual(columns, expected);
      const [, pictures] = arena.run([dcolumns, x.length], (kernels, columns, x) => {
        kernels.col2im(columns!, ...sizes, ...argumentsOf(c), x!);
      });
      assert.deepEqual(pictures!.map((value) => value + 0), dx.map((value) => value + 0));
    }),
    { seed: 1, numRuns: 200 },
  );
});

onEachBuild("depthwise() and its gradients are right", (arena) => {
  fc.assert(
    fc.property(convolutions, (c) => {
      const C = c.channels, M = c.multiplier, outputs = C * M;
      const sizes = [c.images, c.height, c.width, C, M] as const;
      const x = integers(pixelsOf(c) * C), filter = integers(tapsOf(c) * outputs);
      const dy = integers(patchesOf(c) * outputs);
      const y = new Float32Array(dy.length), dx = new Float32Array(x.length);
      const dfilter = new Float32Array(filter.length);
      eachTap(c, (patch, tap, pixel) => {
        if (pixel === undefined) return;
        for (let o = 0; o < outputs; o++) {
          const from = pixel * C + Math.floor(o / M), weight = tap * outputs + o;
          const to = patch * outputs + o;
          y[to]! += x[from]! * filter[weight]!;
          dx[from]! += dy[to]! * filter[weight]!;
          dfilter[weight]! += dy[to]! * x[from]!;
        }
      });
      const same = (found: Float32Array | undefined, expected: Float32Array) =>
        assert.deepEqual(found!.map((value) => value + 0), expected.map((value) => value + 0));
      const geometry = argumentsOf(c);
      same(
        arena.run([x, filter, y.length], (kernels, x, filter, y) => {
          kernels.depthwise(x!, filter!, ...sizes, ...geometry, y!);
        })[2],
        y,
      );
      same(
        arena.run([dy, filter, x.length], (kernels, dy, filter, dx) => {
          kernels.depthwiseInputGradient(dy!, filter!, ...sizes, ...geometry, dx!);
        })[2],
        dx,
      );
      same(
        arena.run([x, dy, filter.length], (kernels, x, dy, dfilter) => {
          kernels.depthwiseFilterGradient(x!, dy!, ...sizes, ...geometry, dfilter!);
        })[2],
        dfilter,
      );
    }),
    { seed: 2, numRuns: 150 },
  );
});

onEachBuild("segmentSum() adds rows up by their numbers, and leaves others out", (arena) => {
  for (const [rows, columns] of SHAPES) {
    const segments = 4;
    const x = integers(rows * columns);
    const ids = Int32Array.from(
      { length: rows },
      (_, r) => [2, 0, -1, 3, 4, 2, 2 ** 31 - 1][r % 7]!,
    );
    const expected = new Float32Array(segments * columns);
    x.forEach((value, i) => {
      const id = ids[Math.floor(i / columns)]!;
      if (id >= 0 && id < segments) expected[id * columns + i % columns]! += value;
    });
    const [, , y] = arena.run([x, ids, expected.length], (kernels, x, ids, y) => {
      kernels.segmentSum(x!, ids!, rows, columns, segments, y!);
    });
    assert.deepEqual(y!.map((value) => value + 0), expected.map((value) => value + 0));
  }
});

onEachBuild("normalNoise() is the noise of core/random.ts", (arena) => {
  for (const value of [0, 7, -3, 2 ** 40 + 5]) {
    const { key } = seed(value);
    const make = (size: number, from: number) =>
      arena.run([size], (kernels, z) => {
        kernels.normalNoise(z!, size, key[0], key[1], from);
      })[0]!;
    const tensor = normalNoise(seed(value), [5001]);
    const expected = tensor.dataSync();
    tensor.dispose();
    const whole = make(5001, 0);
    assertClose(whole, expected, { absolute: 1e-6, relative: 1e-6 });
    for (const size of SIZES) {
      for (const from of [0, 2, 100, 4094]) {
        assert.deepEqual(make(size, from), whole.slice(from, from + size));
      }
    }
  }
});

onEachBuild("normalNoise() counts beyond 2³²", (arena) => {
  const make = (size: number, from: number) =>
    arena.run([size], (kernels, z) => kernels.normalNoise(z!, size, 1, 2, from))[0]!;
  // The counters of the four lanes run over at each place in turn.
  for (const before of [2, 4, 6, 8, 10]) {
    const whole = make(24, 2 ** 33 - before);
    const pairs = Array.from({ length: 12 }, (_, i) => [...make(2, 2 ** 33 - before + 2 * i)]);
    assert.deepEqual([...whole], pairs.flat());
  }
  assert.notDeepEqual(make(2, 0), make(2, 2 ** 33));
  assert.notDeepEqual(make(2, 2 ** 52), make(2, 2 ** 51));
});

Deno.test("loadKernels() takes the build that fits the memory", async () => {
  const shared = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
  for (const relaxedSimd of [false, true]) {
    const loaded = await loadKernels(shared, { relaxedSimd });
    assert.equal(loaded.relaxedSimd, relaxedSimd);
    const numbers = new Float32Array(shared.buffer);
    numbers.set([1, 2, 3]);
    loaded.kernels.sumRows(0, 1, 3, 16);
    assert.equal(numbers[4], 6);
  }
});

Deno.test("a kernel that went beyond its operands would be seen", async () => {
  const arena = await makeArena(false);
  const x = reals(6);
  const exp = (size: number) => () =>
    arena.run([x, 5], (kernels, x, y) => kernels.exp(x!, y!, size));
  const sum = (size: number) => () =>
    arena.run([x, 1], (kernels, x, y) => kernels.sumRows(x!, 1, size, y!));
  exp(5)();
  sum(6)();
  assert.throws(exp(6), /something else was written/);
  assert.throws(sum(7), WebAssembly.RuntimeError);
});
