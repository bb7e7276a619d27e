import assert from "node:assert/strict";
import { tf } from "../../../../../core/deps.ts";
import { seed, uniformNoise, useBackend } from "../../../../../mod.ts";
import { fc } from "../../../../deps.ts";
import { assertClose } from "../../../../helpers/assert_close.ts";
import { given, holdsToDefinition } from "../../../../helpers/holds_to_definition.ts";

Deno.test("a product on wasm is the same whichever operand is transposed", async () => {
  await useBackend({ backend: "wasm" });
  const before = tf.memory().numTensors;
  const batches = [[], [3]];
  for (const batch of batches) {
    for (
      const [m, k, n] of [
        [1, 1, 1],
        [5, 7, 3],
        [32, 20, 65],
      ] as const
    ) {
      tf.tidy(() => {
        const a = uniformNoise(seed(1), [...batch, m, k]),
          b = uniformNoise(seed(2), [...batch, k, n]);
        const axes = batch.length === 0 ? [1, 0] : [0, 2, 1];
        const aT = tf.transpose(a, axes),
          bT = tf.transpose(b, axes);
        // Summed by hand, so that no kernel of the backend is its own witness.
        const expected = tf.sum(tf.mul(tf.expandDims(a, -1), tf.expandDims(b, -3)), -2).dataSync();
        for (
          const [left, tLeft] of [
            [a, false],
            [aT, true],
          ] as const
        ) {
          for (
            const [right, tRight] of [
              [b, false],
              [bT, true],
            ] as const
          ) {
            const product = tf.matMul(left, right, tLeft, tRight);
            assert.deepEqual(product.shape, [...batch, m, n]);
            assertClose(product.dataSync(), expected, { relative: 1e-5, absolute: 1e-5 });
          }
        }
      });
    }
  }
  assert.equal(tf.memory().numTensors, before);
  await useBackend({ backend: "cpu" });
});

Deno.test("a product on wasm sees the new weights after an assignment", async () => {
  await useBackend({ backend: "wasm" });
  const weights = tf.variable(tf.ones([4, 4])),
    x = tf.ones([4, 4]);
  const total = (): number => tf.tidy(() => tf.matMul(x, weights).sum().dataSync()[0]!);
  assert.equal(total(), 64);
  tf.tidy(() => weights.assign(tf.fill([4, 4], 2)));
  assert.equal(total(), 128);
  tf.dispose([weights, x]);
  await useBackend({ backend: "cpu" });
});

/** A product of batches, either operand transposed. */
const product = (transposeA: boolean, transposeB: boolean) =>
(
  { a, b }: { readonly a: tf.Tensor; readonly b: tf.Tensor },
): tf.Tensor => tf.matMul(a, b, transposeA, transposeB);

const axes = fc.constantFrom(1, 3, 5, 7, 17, 33);

Deno.test("tf.matMul on wasm and its gradients hold to what cpu answers", async () => {
  await useBackend({ backend: "wasm" });
  const batches = fc.constantFrom([], [1], [3], [2, 1], [2, 3], [2, 1, 3]);
  await fc.assert(
    fc.asyncProperty(
      batches,
      axes,
      axes,
      axes,
      fc.boolean(),
      fc.boolean(),
      async (batch, m, k, n, transposeA, transposeB) => {
        if (m * k * n > 8000) return;
        const a = given([...batch, ...(transposeA ? [k, m] : [m, k])], 1);
        const b = given([...batch, ...(transposeB ? [n, k] : [k, n])], 2);
        await holdsToDefinition(product(transposeA, transposeB), { a, b }, {
          kernel: "BatchMatMul",
        });
      },
    ),
    { numRuns: 30, seed: 1 },
  );
});

Deno.test("tf.matMul on wasm broadcasts batches as cpu does", async () => {
  await useBackend({ backend: "wasm" });
  const pairs = [
    [[], [3]],
    [[3], []],
    [[1], [3]],
    [[3], [1, 1]],
    [[1, 1, 1], [5]],
    [[3], [1, 3]],
    [[2, 3], [1, 2, 3]],
  ];
  for (const [batchA, batchB] of pairs) {
    for (const transposeA of [false, true]) {
      await holdsToDefinition(
        product(transposeA, false),
        {
          a: given([...batchA!, ...(transposeA ? [4, 5] : [5, 4])], 1),
          b: given([...batchB!, 4, 3], 2),
        },
        // TensorFlow.js has no gradient of a product whose batches broadcast.
        { by: [] },
      );
    }
  }
});

Deno.test("tf.matMul on wasm takes matrices of nothing", async () => {
  await useBackend({ backend: "wasm" });
  for (const [m, k, n] of [[0, 3, 2], [3, 0, 2], [3, 2, 0], [0, 0, 0]] as const) {
    await holdsToDefinition(product(false, false), { a: given([m, k], 1), b: given([k, n], 2) }, {
      second: false,
    });
  }
  // On cpu there would be one product.
  const none = tf.tidy(() => tf.matMul(tf.ones([0, 5, 4]), tf.ones([1, 4, 3])).shape);
  assert.deepEqual(none, [0, 5, 3]);
});

Deno.test("tf.matMul on wasm refuses what cannot be multiplied", async () => {
  await useBackend({ backend: "wasm" });
  tf.tidy(() => {
    assert.throws(() => tf.matMul(tf.ones([2, 3]), tf.ones([2, 3])), /inner shapes/);
    assert.throws(() => tf.matMul(tf.ones([2, 3, 4]), tf.ones([3, 4, 5])), /broadcast/);
    const whole = tf.ones([2, 2], "int32");
    assert.throws(() => tf.matMul(whole, whole), /not yet supported/);
  });
});

Deno.test("tf.fused.matMul on wasm holds to what cpu answers, whatever follows", async () => {
  await useBackend({ backend: "wasm" });
  const bias = given([5], 3);
  for (const activation of ["linear", "relu", "relu6", "elu", "sigmoid", "prelu"] as const) {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        const a = given(transposeA ? [7, 5] : [5, 7], 1);
        const b = given(transposeB ? [5, 7] : [7, 5], 2);
        const run = (
          { a, b, bias }: {
            readonly a: tf.Tensor;
            readonly b: tf.Tensor;
            readonly bias?: tf.Tensor;
          },
        ) =>
          tf.fused.matMul({
            a: a as tf.Tensor2D,
            b: b as tf.Tensor2D,
            transposeA,
            transposeB,
            activation,
            ...(bias && { bias }),
            ...(activation === "prelu" && { preluActivationWeights: tf.fill([5], 0.1) }),
          });
        const holding = { kernel: "_FusedMatMul", by: [] };
        await holdsToDefinition(run, { a, b }, holding);
        // The stock kernel, which has all other activations, leaves a bias out of transposed products.
        const ours = activation === "linear" || activation === "relu";
        if (!ours && (transposeA || transposeB)) continue;
        await holdsToDefinition(run, { a, b, bias }, holding);
      }
    }
  }
});

Deno.test("tf.fused.matMul on wasm takes no bias by rows for one by columns", async () => {
  await useBackend({ backend: "wasm" });
  tf.tidy(() => {
    const [a, b, bias] = [tf.ones([3, 2]), tf.ones([2, 3]), tf.tensor2d([[1], [2], [3]])];
    const run = () => tf.fused.matMul({ a: a as tf.Tensor2D, b: b as tf.Tensor2D, bias });
    assert.throws(run, /rank-1 bias/, "the stock kernel has none of them");
  });
});
