import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { type Activation, activations } from "../../../core/operations/activation.ts";
import { convolution } from "../../../core/operations/convolution.ts";
import { transposedConvolution } from "../../../core/operations/transposed_convolution.ts";
import { useBackend } from "../../../mod.ts";
import { fc } from "../../deps.ts";
import { given, holdsToDefinition } from "../../helpers/holds_to_definition.ts";

await useBackend({ backend: "wasm" });

/** Kernels on pictures that they fit into. */
const layers = fc.record({
  images: fc.constantFrom(1, 3),
  height: fc.integer({ min: 1, max: 9 }),
  width: fc.integer({ min: 1, max: 9 }),
  large: fc.constantFrom(1, 2, 3, 5, 8),
  small: fc.constantFrom(1, 3, 5, 17),
  kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  stride: fc.integer({ min: 1, max: 3 }),
  padding: fc.constantFrom("same" as const, "valid" as const),
  activation: fc.constantFrom(...Object.keys(activations) as Activation[]),
  seed: fc.nat(1e6),
}).filter(({ padding, kernel, height, width }) =>
  padding === "same" || (kernel[0] <= height && kernel[1] <= width)
);

type Layer = typeof layers extends fc.Arbitrary<infer L> ? L : never;

const options = { numRuns: 40, seed: 1 };

const kernelOf = ({ kernel, large, small, seed }: Layer) =>
  given([...kernel, large, small], seed + 1);

/** The axes of the small pictures. */
const smallOf = ({ height, width, kernel, stride, padding }: Layer) =>
  [height, width].map((size, axis) =>
    Math.ceil((padding === "same" ? size : size - kernel[axis]! + 1) / stride)
  );

Deno.test("convolution() on wasm holds to its definition", async () => {
  await fc.assert(
    fc.asyncProperty(layers, (layer) => {
      const { images, height, width, large, small, stride, padding, activation, seed } = layer;
      return holdsToDefinition(
        ({ x, kernel, bias }) => convolution(x, { kernel, bias, stride, padding, activation }),
        {
          x: given([images, height, width, large], seed),
          kernel: kernelOf(layer),
          bias: given([small], seed + 2),
        },
        // TensorFlow.js has no derivative of the gradient by the kernel.
        { kernel: "ElboConvolution", second: ["x", "bias"] },
      );
    }),
    options,
  );
});

Deno.test("transposedConvolution() on wasm holds to its definition", async () => {
  await fc.assert(
    fc.asyncProperty(layers, (layer) => {
      const { images, height, width, large, small, stride, padding, activation, seed } = layer;
      const size = [height, width] as const;
      return holdsToDefinition(
        ({ x, kernel, bias }) =>
          transposedConvolution(x, { kernel, bias, size, stride, padding, activation }),
        {
          x: given([images, ...smallOf(layer), small], seed),
          kernel: kernelOf(layer),
          bias: given([large], seed + 2),
        },
        { kernel: "ElboTransposedConvolution", second: ["x", "bias"] },
      );
    }),
    options,
  );
});

Deno.test("convolutions on wasm hold to their definitions in chunks, where threads share the work", async (t) => {
  // A chunk is at most 1 MiB of patches, here of three pictures.
  const kernel = given([5, 5, 8, 3], 1), activation = "relu";
  for (const threads of [1, 2]) {
    await useBackend({ backend: "wasm", threads });
    await t.step(`on ${threads} of at most 2 threads`, async () => {
      await holdsToDefinition(
        ({ x, kernel, bias }) => convolution(x, { kernel, bias, activation }),
        { x: given([4, 20, 20, 8], 2), kernel, bias: given([3], 3) },
        { kernel: "ElboConvolution", second: false },
      );
      await holdsToDefinition(
        ({ x, kernel, bias }) =>
          transposedConvolution(x, { kernel, bias, size: [20, 20], activation }),
        { x: given([4, 20, 20, 3], 2), kernel, bias: given([8], 3) },
        { kernel: "ElboTransposedConvolution", second: false },
      );
    });
  }
});

Deno.test("convolutions on wasm take batches of no pictures", async () => {
  for (const activation of ["linear", "relu"] as const) {
    const kernel = given([3, 3, 2, 4], 2);
    await holdsToDefinition(
      ({ x, kernel, bias }) => convolution(x, { kernel, bias, activation }),
      { x: given([0, 5, 5, 2], 1), kernel, bias: given([4], 3) },
      { second: false },
    );
    await holdsToDefinition(
      ({ x, kernel, bias }) => transposedConvolution(x, { kernel, bias, size: [5, 5], activation }),
      { x: given([0, 5, 5, 4], 1), kernel, bias: given([2], 3) },
      { second: false },
    );
  }
});

Deno.test("convolutions on wasm follow their definitions where a bias broadcasts", async () => {
  const kernel = given([2, 2, 3, 3], 2), x = given([2, 5, 5, 3], 1), bias = given([1], 3);
  await holdsToDefinition(
    ({ x, kernel, bias }) => convolution(x, { kernel, bias }),
    { x, kernel, bias },
    { kernel: "ElboConvolution", fits: false, second: false },
  );
  await holdsToDefinition(
    ({ x, kernel, bias }) => transposedConvolution(x, { kernel, bias, size: [5, 5] }),
    { x, kernel, bias },
    { kernel: "ElboTransposedConvolution", fits: false, second: false },
  );
});

Deno.test("convolutions leave the upstream gradient to whom it belongs", () => {
  tf.tidy(() => {
    const kernel = tf.ones([1, 1, 2, 2]), x = tf.ones([1, 2, 2, 2]), upstream = tf.ones(x.shape);
    const layers = [
      (x: tf.Tensor) => convolution(x, { kernel, bias: tf.sum(x, [0, 1, 2]) }),
      (x: tf.Tensor) =>
        transposedConvolution(x, { kernel, bias: tf.sum(x, [0, 1, 2]), size: [2, 2] }),
    ];
    for (const layer of layers) {
      // Two from the kernel, and one from the bias for each of the four pixels.
      assert.deepEqual([...tf.grad(layer)(x, upstream).dataSync()], Array(8).fill(6));
      assert(!upstream.isDisposed);
    }
  });
});

Deno.test("convolutions refuse shapes that do not go together", async () => {
  for (const backend of ["wasm", "cpu"] as const) {
    await useBackend({ backend });
    tf.tidy(() => {
      const kernel = tf.ones([3, 3, 2, 4]), bias = tf.zeros([4]), pictures = tf.ones([1, 5, 5, 2]);
      const good = { kernel, bias };
      assert.throws(() => convolution(tf.ones([1, 5, 5, 3]), good));
      assert.throws(() => convolution(pictures, { kernel, bias: tf.zeros([3]) }));
      for (const stride of [0, -1, 1.5, NaN, Infinity]) {
        assert.throws(() => convolution(pictures, { ...good, stride }), {
          name: "RangeError",
          message:
            `Cannot convolve pictures as 'stride' must be a positive integer: current value is ${stride}`,
        });
      }
      assert.throws(() => convolution(pictures, { ...good, padding: 1 as never }), {
        message:
          "Cannot convolve pictures as 'padding' must be 'same' or 'valid': current value is 1",
      });
      assert.throws(() => convolution(tf.ones([5, 5, 2]), good), {
        message: "Cannot convolve pictures as 'x' must have four axes: current value is [5, 5, 2]",
      });
      assert.throws(() => convolution(pictures, { kernel: tf.ones([3, 2, 4]), bias }), {
        message:
          "Cannot convolve pictures as 'kernel' must have four axes: current value is [3, 2, 4]",
      });
      assert.throws(() => convolution(tf.ones([1, 2, 5, 2]), { ...good, padding: "valid" }), {
        message:
          "Cannot convolve pictures as 'kernel' must lie within pictures of [2, 5]: current value is [3, 3]",
      });
      assert.deepEqual(convolution(pictures, good).shape, [1, 5, 5, 4]);
      const x = tf.ones([1, 3, 3, 4]), back = { kernel, bias: tf.zeros([2]), stride: 2 };
      assert.equal(transposedConvolution(x, { ...back, size: [6, 5] }).size, 60);
      assert.throws(
        () => transposedConvolution(x, { ...back, size: [7, 5] }),
        new TypeError(
          "Cannot convolve pictures as 'size' must be one that a convolution takes to [3, 3]: " +
            "current value is [7, 5]",
        ),
      );
      for (const bad of [{ size: [2.5, 5] }, { size: [0, 5] }, { stride: 0 }, { padding: 1 }]) {
        const given = { ...back, size: [6, 5], ...bad } as never;
        assert.throws(() => transposedConvolution(x, given), RangeError);
      }
      assert.throws(() => transposedConvolution(tf.ones([3, 3, 4]), { ...back, size: [6, 5] }), {
        message: "Cannot convolve pictures as 'x' must have four axes: current value is [3, 3, 4]",
      });
    });
  }
});
