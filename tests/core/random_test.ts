import assert from "node:assert/strict";
import { fc, normalCdf as cdf } from "../deps.ts";
import {
  normalNoise,
  permutation,
  randomWords,
  type Seed,
  seed,
  threefry2x32,
  toUnit,
  uniformNoise,
} from "../../core/random.ts";
import type { Tensor } from "../../core/types.ts";
import { useBackend } from "../../mod.ts";
import { assertClose } from "../helpers/assert_close.ts";
import { onEachBackend } from "../helpers/backends.ts";
import {
  assertWithin,
  CHI_SQUARE_BOUND,
  chiSquare,
  correlation,
  kolmogorov,
  KOLMOGOROV_BOUND,
  mean,
  moment,
  NORMAL_BOUND,
} from "../helpers/statistics.ts";

await useBackend({ backend: "cpu" });

const N = 2 ** 17;

function read(tensor: Tensor): Float32Array {
  const values = Float32Array.from(tensor.dataSync());
  tensor.dispose();
  return values;
}

/** How often each of some whole numbers below `size` comes up. */
function tally(values: Iterable<number>, size: number): number[] {
  const counts = Array<number>(size).fill(0);
  for (const value of values) counts[value]!++;
  return counts;
}

/** Every other value, from the first or from the second. */
const everyOther = (values: Float32Array, from: 0 | 1): Float32Array =>
  values.filter((_, i) => i % 2 === from);

Deno.test("threefry2x32() gives the test vectors of Random123", () => {
  const ones = 0xffffffff;
  assert.deepEqual(threefry2x32([0, 0], [0, 0]), [0x6b200159, 0x99ba4efe]);
  assert.deepEqual(threefry2x32([ones, ones], [ones, ones]), [0x1cb996fc, 0xbb002be7]);
  // The first digits of π.
  assert.deepEqual(
    threefry2x32([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3]),
    [0xc4923a9c, 0x483df7a0],
  );
});

Deno.test("randomWords() makes every word a function of its position", () => {
  const { key } = seed(3), words = randomWords(seed(3), 64);
  assert.deepEqual([...words.subarray(0, 2)], [...threefry2x32(key, [0, 0])]);
  assert.deepEqual([...words.subarray(62)], [...threefry2x32(key, [31, 0])]);
  assert.deepEqual(randomWords(seed(3), 20, 10), words.slice(10, 30));
  assert.deepEqual(randomWords(seed(3), 7), words.slice(0, 7));
  assert.equal(randomWords(seed(3), 0).length, 0);
});

Deno.test("randomWords() counts on beyond 32 bits", () => {
  const { key } = seed(3), words = randomWords(seed(3), 4, 2 ** 33 - 2);
  assert.deepEqual([...words.subarray(0, 2)], [...threefry2x32(key, [0xffffffff, 0])]);
  assert.deepEqual([...words.subarray(2)], [...threefry2x32(key, [0, 1])]);
});

Deno.test("seed() spreads every whole number over two words", () => {
  assert.deepEqual(seed(0).key, [0, 0]);
  assert.deepEqual(seed(7).key, [7, 0]);
  assert.deepEqual(seed(-1).key, [0xffffffff, 0xffffffff]);
  assert.deepEqual(seed(2 ** 32 + 5).key, [5, 1]);
  assert.deepEqual(seed(Number.MAX_SAFE_INTEGER).key, [0xffffffff, 0x1fffff]);
});

Deno.test("seed() hands a seed back as it is", () => {
  const part = seed(1).split("part");
  assert.equal(seed(part), part);
});

Deno.test("seed() refuses what is not a safe integer", () => {
  for (const value of [0.5, NaN, Infinity, 2 ** 53, "7", undefined]) {
    const shown = typeof value === "string" ? `'${value}'` : value;
    assert.throws(() => seed(value as number), {
      name: "RangeError",
      message: `Cannot make a seed as 'value' must be a safe integer: current value is ${shown}`,
    });
  }
});

Deno.test("seed() refuses null", () => {
  assert.throws(() => seed(null as unknown as number), /^RangeError: Cannot make a seed as/);
});

Deno.test("Seed.split() depends on the label, the order and the seed, and on nothing else", () => {
  const key = (...labels: string[]): string =>
    labels.reduce((from: Seed, label) => from.split(label), seed(1)).key.join();
  assert.equal(key("a", "b"), key("a", "b"));
  const different = [key(), key(""), key("a"), key("b"), key("ab"), key("ba"), key("a", "b")];
  different.push(key("b", "a"), key("a", ""), key("", "a"), key("a\0"), key("aa"), key("š"));
  different.push(seed(2).split("a").key.join());
  assert.equal(new Set(different).size, different.length);
});

Deno.test("Seed.split() tells any two labels apart", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
      assert.equal(a === b, seed(0).split(a).key.join() === seed(0).split(b).key.join());
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("Seed.split() keeps its words from one release to the next", () => {
  assert.deepEqual(seed(7).split("shuffle").key, [0x0fb5bb56, 0x7f767866]);
});

Deno.test("toUnit() maps words into the open unit interval, exactly in float32", () => {
  assert.equal(toUnit(0), 2 ** -24);
  assert.equal(toUnit(0xffffffff), 1 - 2 ** -24);
  for (const word of [0, 511, 512, 0x80000000, 0xffffffff]) {
    assert.equal(Math.fround(toUnit(word)), toUnit(word));
  }
});

Deno.test("uniformNoise() is bitwise the same on every backend", async (t) => {
  const expected = Float32Array.from(randomWords(seed(5), 30), toUnit);
  await onEachBackend(t, () => {
    const noise = uniformNoise(seed(5), [2, 3, 5]);
    assert.deepEqual([noise.shape, noise.dtype], [[2, 3, 5], "float32"]);
    assert.deepEqual(read(noise), expected);
  });
});

Deno.test("uniformNoise() is uniform", () => {
  const values = read(uniformNoise(seed(11), [N]));
  const counts = tally(values.map((value) => Math.floor(value * 256)), 256);
  assertWithin(CHI_SQUARE_BOUND[255], chiSquare(counts), "χ² of 256 bins");
  assertWithin(KOLMOGOROV_BOUND, kolmogorov(values, (x) => x), "Kolmogorov–Smirnov");
});

Deno.test("normalNoise() is the transform of Box and Muller, on every backend", async (t) => {
  // Four words: one pair of values, and the first value of another pair.
  const words = [...randomWords(seed(5), 4)] as [number, number, number, number];
  const radius = (word: number): number => Math.sqrt(-2 * Math.log((word + 0.5) / 2 ** 32));
  const angle = (word: number): number => 2 * Math.PI * word / 2 ** 32;
  const expected = [
    radius(words[0]) * Math.cos(angle(words[1])),
    radius(words[0]) * Math.sin(angle(words[1])),
    radius(words[2]) * Math.cos(angle(words[3])),
  ];
  await onEachBackend(t, () => {
    const noise = normalNoise(seed(5), [3, 1]);
    assert.deepEqual([noise.shape, noise.dtype], [[3, 1], "float32"]);
    assertClose(read(noise), expected, { relative: 1e-6 });
  });
});

Deno.test("normalNoise() is normal", () => {
  const values = read(normalNoise(seed(12), [N])), average = mean(values);
  const spread = moment(values, 2, average);
  const skew = moment(values, 3, average) / spread ** 1.5;
  const kurtosis = moment(values, 4, average) / spread ** 2 - 3;
  assertWithin(NORMAL_BOUND, average * Math.sqrt(N), "mean");
  assertWithin(NORMAL_BOUND, (spread - 1) * Math.sqrt(N / 2), "variance");
  assertWithin(NORMAL_BOUND, skew * Math.sqrt(N / 6), "skew");
  assertWithin(NORMAL_BOUND, kurtosis * Math.sqrt(N / 24), "kurtosis");
  assertWithin(KOLMOGOROV_BOUND, kolmogorov(values, cdf.factory(0, 1)), "Kolmogorov–Smirnov");
});

Deno.test("uniformNoise() and normalNoise() depend on no neighbour and on no other seed", () => {
  for (const noise of [uniformNoise, normalNoise]) {
    const values = (from: Seed): Float32Array => read(noise(from, [N]));
    const here = values(seed(13).split("here"));
    const pairs: [string, Float32Array, Float32Array][] = [
      ["next", here.subarray(1), here.subarray(0, -1)],
      ["of one block", everyOther(here, 0), everyOther(here, 1)],
      ["split by another label", here, values(seed(13).split("there"))],
      ["of the parent", here, values(seed(13))],
      ["of the next seed", values(seed(13)), values(seed(14))],
    ];
    for (const [what, a, b] of pairs) {
      assertWithin(NORMAL_BOUND, correlation(a, b), `${noise.name} ${what}`);
      const [a2, b2] = [a.map((x) => x * x), b.map((x) => x * x)];
      assertWithin(NORMAL_BOUND, correlation(a2, b2), `squares of ${noise.name} ${what}`);
    }
  }
});

Deno.test("permutation() holds every number once, the same for the same seed", () => {
  fc.assert(
    fc.property(fc.nat({ max: 300 }), fc.integer(), (size, value) => {
      const order = permutation(seed(value), size);
      assert.deepEqual([...order.toSorted()], Array.from({ length: size }, (_, i) => i));
      assert.deepEqual(permutation(seed(value), size), order);
    }),
    { seed: 1 },
  );
  assert.notDeepEqual(permutation(seed(1), 20), permutation(seed(2), 20));
});

Deno.test("permutation() gives every order alike", () => {
  const orders = new Map<string, number>();
  for (let i = 0; i < 24_000; i++) {
    const order = permutation(seed(i), 4).join();
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  assert.equal(orders.size, 24);
  assertWithin(CHI_SQUARE_BOUND[23], chiSquare([...orders.values()]), "χ² of 24 orders");
});

Deno.test("permutation() brings every number to the front alike", () => {
  const front = Array.from({ length: 20_000 }, (_, i) => permutation(seed(i), 100)[0]!);
  assertWithin(CHI_SQUARE_BOUND[99], chiSquare(tally(front, 100)), "χ² of 100 numbers");
});
