import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { inShape } from "../../../core/operations/in_shape.ts";
import { meanOfTotal } from "../../../core/operations/mean_of_total.ts";
import { means } from "../../../core/operations/means.ts";
import { sizeOf, type Tensor } from "../../../core/types.ts";
import { useBackend } from "../../../mod.ts";
import { fc } from "../../deps.ts";
import {
  assertAlike,
  given,
  type GivenInputs,
  holdsToDefinition,
} from "../../helpers/holds_to_definition.ts";

await useBackend({ backend: "wasm" });

const axis = fc.constantFrom(1, 3, 5, 7, 17, 33, 129);
const seed = fc.nat(1e6);
const options = { numRuns: 30, seed: 1 };

/** Some inputs with names of no meaning. */
const named = (inputs: readonly GivenInputs[string][]): GivenInputs =>
  Object.fromEntries(inputs.map((input, i) => [`input${i}`, input]));
const listed = (inputs: Readonly<Record<string, Tensor>>): Tensor[] => Object.values(inputs);

Deno.test("means() on wasm holds to its definition", async () => {
  const shapes = fc.array(fc.array(axis, { maxLength: 3 }), { minLength: 1, maxLength: 9 });
  await fc.assert(
    fc.asyncProperty(shapes, seed, async (shapes, seed) => {
      const small = shapes.filter((shape) => sizeOf(shape) < 5000);
      if (small.length === 0) return;
      await holdsToDefinition(
        (inputs) => means(listed(inputs)),
        // Not around zero, where a mean is a small difference.
        named(small.map((shape, i) => given(shape, seed + i, 0.5, 2))),
        { kernel: "ElboMeans", by: [] },
      );
    }),
    options,
  );
});

Deno.test("means() on wasm is finite only if every element is", () => {
  tf.tidy(() => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      for (const place of [0, 1, 16, 63, 64, 199]) {
        const values = Array.from({ length: 200 }, (_, i) => i === place ? bad : 1);
        const found = means([tf.ones([7]), tf.tensor1d(values), tf.scalar(2)]).dataSync();
        assert.deepEqual([found[0], Number.isFinite(found[1]), found[2]], [1, false, 2]);
      }
    }
    const both = means([tf.tensor1d([Infinity, -Infinity, 1])]).dataSync();
    assert(Number.isNaN(both[0]));
  });
});

Deno.test("means() on wasm of a million numbers is exact to 1e-6", () => {
  tf.tidy(() => {
    const x = given([1_000_003], 5, 0, 1);
    const sum = (x.values as Float32Array).reduce((sum, value) => sum + value, 0);
    const [mean] = means([tf.tensor1d(x.values as Float32Array)]).dataSync();
    assertAlike([mean!], [sum / 1_000_003], { tolerance: 1e-6 });
  });
});

Deno.test("meanOfTotal() on wasm holds to its definition", async () => {
  const columns = fc.array(fc.boolean(), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(axis, columns, seed, (B, columns, seed) =>
      holdsToDefinition(
        (inputs) => meanOfTotal(listed(inputs)),
        named(columns.map((whole, i) => given(whole ? [] : [B], seed + i, 0.5, 2))),
        { kernel: "ElboMeanOfTotal" },
      )),
    options,
  );
});

Deno.test("meanOfTotal() on wasm takes one column twice, and what is not finite", async () => {
  await holdsToDefinition(({ a }) => meanOfTotal([a, a]), { a: given([7], 1, 0.5, 2) });
  for (const bad of [NaN, Infinity, -Infinity]) {
    const a = { shape: [3], values: [1, bad, 2] }, b = given([], 1);
    await holdsToDefinition(({ a, b }) => meanOfTotal([a, b]), { a, b });
  }
});

Deno.test("meanOfTotal() on wasm holds to its definition where columns broadcast", async () => {
  await holdsToDefinition(
    ({ a, b }) => meanOfTotal([a, b]),
    { a: given([7], 1, 0.5, 2), b: given([1], 2, 0.5, 2) },
    { kernel: "ElboMeanOfTotal", fits: false },
  );
  await holdsToDefinition(
    ({ a, b }) => meanOfTotal([a, b]),
    { a: given([7], 1, 0.5, 2), b: given([3, 7], 2, 0.5, 2) },
  );
});

Deno.test("inShape() on wasm holds to its definition", async () => {
  await fc.assert(
    fc.asyncProperty(axis, axis, axis, seed, async (a, b, c, seed) => {
      if (a * b * c > 5000) return;
      const x = given([a, b, c], seed);
      for (const shape of [[c, a, b], [a * b * c], [-1, c], [1, a, -1, 1]]) {
        await holdsToDefinition(({ x }) => inShape(x, shape), { x });
      }
    }),
    { ...options, numRuns: 10 },
  );
  await holdsToDefinition(({ x }) => inShape(x, []), { x: given([1, 1], 1) }, {
    kernel: "ElboInShape",
  });
});

Deno.test("inShape() on wasm shares the numbers, which live as long as either tensor", () => {
  const before = tf.memory();
  const x = tf.tensor1d([1, 2, 3, 4]);
  const y = inShape(x, [2, 2]);
  assert.equal(inShape(y, [2, 2]), y, "itself where it has that shape");
  assert.equal(tf.memory().numDataBuffers, before.numDataBuffers + 1);
  x.dispose();
  assert.deepEqual(y.arraySync(), [[1, 2], [3, 4]]);
  const whole = tf.tensor1d([1, 2, 3, 4], "int32");
  const again = inShape(whole, [4, 1]);
  assert.deepEqual([again.dtype, again.arraySync()], ["int32", [[1], [2], [3], [4]]]);
  tf.dispose([y, whole, again]);
  const { numTensors, numDataBuffers } = tf.memory();
  assert.deepEqual({ numTensors, numDataBuffers }, {
    numTensors: before.numTensors,
    numDataBuffers: before.numDataBuffers,
  });
});

Deno.test("inShape() refuses a shape of another size, with a kernel or without", () => {
  tf.tidy(() => {
    const x = tf.ones([7]);
    assert.throws(() => inShape(x, [8]));
    assert.throws(() => inShape(x, [-1, 2]));
  });
});
