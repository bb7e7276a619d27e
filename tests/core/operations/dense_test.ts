import assert from "node:assert/strict";
import { addBias } from "../../../core/operations/add_bias.ts";
import { type Activation, activations } from "../../../core/operations/activation.ts";
import { dense } from "../../../core/operations/dense.ts";
import { tf } from "../../../core/deps.ts";
import { sizeOf } from "../../../core/types.ts";
import { useBackend } from "../../../mod.ts";
import { fc } from "../../deps.ts";
import { given, holdsToDefinition } from "../../helpers/holds_to_definition.ts";

await useBackend({ backend: "wasm" });

const axis = fc.constantFrom(1, 3, 5, 7, 17, 33, 129);
const activation = fc.constantFrom(...Object.keys(activations) as Activation[]);
/** Every one of them moves, and no two alike. */
const options = { numRuns: 30, seed: 1 };

/** What a layer is given: numbers of some size. */
const layerOf = ([m, k, n]: readonly number[], seed: number, size: number) => ({
  x: given([m!, k!], seed, -size, size),
  kernel: given([k!, n!], seed + 1),
  bias: given([n!], seed + 2, -size, size),
});

Deno.test("dense() on wasm holds to its definition", async () => {
  const sizes = fc.tuple(axis, axis, axis).filter(([m, k, n]) => m * k * n < 1e5);
  await fc.assert(
    fc.asyncProperty(
      sizes,
      activation,
      fc.nat(1e6),
      fc.constantFrom(1e-4, 1, 30),
      (sizes, activation, seed, size) =>
        holdsToDefinition(
          ({ x, kernel, bias }) => dense(x, { kernel, bias, activation }),
          layerOf(sizes, seed, size),
          { kernel: "ElboDense" },
        ),
    ),
    options,
  );
});

Deno.test("dense() on wasm holds to its definition where threads share the work", async () => {
  for (const activation of ["linear", "relu"] as const) {
    await holdsToDefinition(
      ({ x, kernel, bias }) => dense(x, { kernel, bias, activation }),
      layerOf([129, 65, 127], 3, 1),
      { second: false },
    );
  }
});

Deno.test("dense() on wasm takes one tensor for several of its inputs", async () => {
  for (const activation of ["linear", "relu"] as const) {
    await holdsToDefinition(
      ({ square }) => dense(square, { kernel: square, bias: tf.sum(square, 0), activation }),
      { square: given([7, 7], 5) },
    );
  }
});

Deno.test("dense() on wasm says what is not finite, as its definition does", async () => {
  for (const bad of [NaN, Infinity, -Infinity]) {
    const x = { shape: [3, 2], values: [1, 2, bad, 1, 3, 4] };
    // Without zeros, which would make NaN of ∞ in an order that nobody says.
    await holdsToDefinition(
      ({ x, kernel, bias }) => dense(x, { kernel, bias }),
      { x, kernel: given([2, 3], 1, 0.5, 1), bias: given([3], 2) },
      { second: false },
    );
  }
});

Deno.test("dense() on wasm follows its definition where its inputs broadcast", async () => {
  const x = given([5, 3], 1), kernel = given([3, 4], 2);
  const run: Parameters<typeof holdsToDefinition>[0] = ({ x, kernel, bias }) =>
    dense(x!, { kernel: kernel!, bias: bias!, activation: "relu" });
  for (const shape of [[], [1], [1, 4], [5, 1], [5, 4]]) {
    const inputs = { x, kernel, bias: given(shape, 3) };
    await holdsToDefinition(run, inputs, { kernel: "ElboDense", fits: false });
  }
  const integers = { shape: [5, 3], values: Array.from({ length: 15 }, (_, i) => i - 7) };
  await holdsToDefinition(
    run,
    { x: { ...integers, dtype: "int32" as const }, kernel, bias: given([4], 3) },
    { kernel: "ElboDense", fits: false },
  );
});

Deno.test("dense() on wasm refuses shapes that do not go together", () => {
  tf.tidy(() => {
    const bias = tf.zeros([4]);
    assert.throws(() => dense(tf.ones([5, 3]), { kernel: tf.ones([2, 4]), bias }));
    assert.throws(() => dense(tf.ones([5, 3]), { kernel: tf.ones([3, 4]), bias: tf.zeros([3]) }));
    assert.throws(() => addBias(tf.ones([5, 3]), { bias }));
  });
});

Deno.test("addBias() on wasm holds to its definition", async () => {
  const shapes = fc.array(axis, { minLength: 1, maxLength: 4 }).filter((shape) =>
    sizeOf(shape) < 5000
  );
  await fc.assert(
    fc.asyncProperty(
      shapes,
      activation,
      fc.nat(1e6),
      fc.constantFrom(1e-4, 1, 50),
      (shape, activation, seed, size) =>
        holdsToDefinition(
          ({ x, bias }) => addBias(x, { bias, activation }),
          { x: given(shape, seed, -size, size), bias: given([shape.at(-1)!], seed + 1) },
          { kernel: "ElboAddBias" },
        ),
    ),
    options,
  );
});

Deno.test("addBias() on wasm holds to its definition where threads share the work", async () => {
  for (const shape of [[1201, 65], [3, 17, 1001], [50_001, 2]]) {
    await holdsToDefinition(
      ({ x, bias }) => addBias(x, { bias, activation: "relu" }),
      { x: given(shape, 1), bias: given([shape.at(-1)!], 2) },
      { second: false },
    );
  }
});

Deno.test("addBias() on wasm cuts off at zero as its definition does", async () => {
  const values = [NaN, Infinity, -Infinity, 0, -0, 1e-40, -1e-40, 3e38, -3e38, 1, -1, 2];
  await holdsToDefinition(
    ({ x, bias }) => addBias(x, { bias, activation: "relu" }),
    { x: { shape: [4, 3], values }, bias: { shape: [3], values: [0, 0, 0] } },
    // The gradient at NaN is none in the kernel, and NaN in the definition.
    { by: [] },
  );
  await holdsToDefinition(
    ({ x, bias }) => addBias(x, { bias, activation: "relu" }),
    {
      x: { shape: [11], values: values.slice(1) },
      bias: { shape: [11], values: Array(11).fill(0) },
    },
  );
});

Deno.test("addBias() on wasm follows its definition where its inputs broadcast", async () => {
  for (const shape of [[], [1], [1, 3], [2, 1, 3], [5, 1]]) {
    await holdsToDefinition(
      ({ x, bias }) => addBias(x, { bias, activation: "relu" }),
      { x: given([2, 5, 3], 1), bias: given(shape, 2) },
      { kernel: "ElboAddBias", fits: false },
    );
  }
  await holdsToDefinition(
    ({ x, bias }) => addBias(x, { bias }),
    { x: given([2, 1], 1), bias: given([4], 2) },
    { kernel: "ElboAddBias", fits: false },
  );
});

Deno.test("layers on wasm leave the upstream gradient to whom it belongs", () => {
  tf.tidy(() => {
    const x = tf.ones([3, 2]), upstream = tf.ones([3, 2]);
    // TensorFlow.js adds what comes through the bias to what came first, and lets go of that.
    const both = tf.grad((x) => addBias(x, { bias: tf.sum(x, 0) }))(x, upstream);
    assert.deepEqual([...both.dataSync()], Array(6).fill(4));
    assert(!upstream.isDisposed);
    const square = tf.ones([2, 2]), other = tf.ones([2, 2]);
    tf.grad((x) => dense(x, { kernel: x, bias: tf.sum(x, 0) }))(square, other);
    assert(!other.isDisposed);
  });
});

Deno.test("layers on wasm take batches of no rows", async (t) => {
  for (const threads of [1, 2]) {
    await useBackend({ backend: "wasm", threads });
    await t.step(`on ${threads} of at most 2 threads`, takeNothing);
  }
});

async function takeNothing(): Promise<void> {
  for (const activation of ["linear", "relu"] as const) {
    await holdsToDefinition(
      ({ x, kernel, bias }) => dense(x, { kernel, bias, activation }),
      layerOf([0, 3, 2], 1, 1),
    );
    await holdsToDefinition(
      ({ x, bias }) => addBias(x, { bias, activation }),
      { x: given([0, 3], 1), bias: given([3], 2) },
    );
    await holdsToDefinition(
      ({ x, bias }) => addBias(x, { bias, activation }),
      { x: given([3, 0], 1), bias: given([0], 2) },
    );
  }
}
