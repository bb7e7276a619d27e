import assert from "node:assert/strict";
import { tf } from "../../../../../core/deps.ts";
import { useBackend } from "../../../../../mod.ts";
import { fc } from "../../../../deps.ts";
import {
  assertAlike,
  given,
  holdsToDefinition,
  numbers,
} from "../../../../helpers/holds_to_definition.ts";

await useBackend({ backend: "wasm" });

const options = { numRuns: 25, seed: 1 };
const small = fc.integer({ min: 1, max: 3 });
const paddings = fc.oneof(
  fc.constantFrom("same" as const, "valid" as const),
  fc.nat(2),
  fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)).map(([top, bottom, left, right]) =>
    [[0, 0], [top, bottom], [left, right], [0, 0]] as tf.backend_util.ExplicitPadding
  ),
);

/** Convolutions whose filter lies inside the picture at least once. */
const convolutions = fc.record({
  images: fc.constantFrom(1, 3),
  height: fc.constantFrom(1, 3, 5, 8),
  width: fc.constantFrom(1, 3, 5, 8),
  inputs: fc.constantFrom(1, 3, 5, 8),
  outputs: fc.constantFrom(1, 3, 5, 17),
  kernel: fc.tuple(small, small),
  strides: fc.tuple(small, small),
  dilations: fc.tuple(small, small),
  pad: paddings,
}).map((c) => {
  // TensorFlow.js takes one or the other.
  const strided = c.strides.some((stride) => stride > 1);
  return strided ? { ...c, dilations: [1, 1] as [number, number] } : c;
}).filter(({ kernel, height, width, dilations }) =>
  (kernel[0] - 1) * dilations[0] < height && (kernel[1] - 1) * dilations[1] < width
);

/** The filter has a number for each output, or for each input and multiple of it. */
type Convolution = typeof convolutions extends fc.Arbitrary<infer C> ? C : never;

const picturesOf = ({ images, height, width, inputs }: Convolution) =>
  given([images, height, width, inputs], 1);

Deno.test("tf.conv2d on wasm and its gradients hold to what cpu answers", async () => {
  await fc.assert(
    fc.asyncProperty(convolutions, async (c) => {
      const { kernel, inputs, outputs, strides, dilations, pad } = c;
      await holdsToDefinition(
        ({ x, filter }) =>
          tf.conv2d(
            x as tf.Tensor4D,
            filter as tf.Tensor4D,
            strides,
            pad,
            "NHWC",
            dilations,
            typeof pad === "number" ? "floor" : undefined,
          ),
        { x: picturesOf(c), filter: given([...kernel, inputs, outputs], 2) },
        // TensorFlow.js has no gradient of a dilated convolution.
        {
          kernel: "Conv2D",
          by: dilations.some((d) => d > 1) ? [] : ["x", "filter"],
          second: false,
        },
      );
    }),
    options,
  );
});

Deno.test("tf.conv2dTranspose on wasm and its gradients hold to what cpu answers", async () => {
  for (const [height, width] of [[5, 4]] as const) {
    for (const stride of [1, 2, 3]) {
      const [h, w] = [Math.ceil(height / stride), Math.ceil(width / stride)];
      await holdsToDefinition(
        ({ x, filter }) =>
          tf.conv2dTranspose(
            x as tf.Tensor4D,
            filter as tf.Tensor4D,
            [2, height, width, 4],
            stride,
            "same",
          ),
        { x: given([2, h, w, 5], 1), filter: given([3, 2, 4, 5], 2) },
        { kernel: "Conv2DBackpropInput", second: false },
      );
    }
  }
});

/** The answer and the gradients of a convolution. */
function convolve(x: tf.Tensor4D, filter: tf.Tensor4D, stride: number): tf.Tensor[] {
  const y = tf.conv2d(x, filter, stride, "same");
  const loss = (x: tf.Tensor, filter: tf.Tensor): tf.Scalar =>
    tf.sum(tf.square(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, "same")));
  return [y, ...tf.grads(loss)([x, filter])];
}

Deno.test("convolutions on wasm are the same in chunks as picture by picture", () => {
  // A chunk is at most 1 MiB of patches: three pictures, less than one, and many of one pixel.
  for (
    const [[images, size, inputs], kernel] of [
      [[7, 20, 8], 5],
      [[2, 32, 16], 5],
      [[65, 16, 24], 1],
    ] as const
  ) {
    const filterShape = [kernel, kernel, inputs, 3] as [number, number, number, number];
    for (const stride of [1, 2]) {
      tf.tidy(() => {
        const shape = [images, size, size, inputs] as [number, number, number, number];
        const x = tf.tensor(numbers(1, images * size * size * inputs), shape) as tf.Tensor4D;
        const filter = tf.tensor(
          numbers(2, kernel * kernel * inputs * 3),
          filterShape,
        ) as tf.Tensor4D;
        const [y, dx, dfilter] = convolve(x, filter, stride);
        const alone = tf.split(x, images).map((picture) =>
          convolve(picture as tf.Tensor4D, filter, stride)
        );
        const together = (i: number) => tf.concat(alone.map((answers) => answers[i]!)).dataSync();
        assertAlike(y!.dataSync(), together(0), { what: "pictures" });
        assertAlike(dx!.dataSync(), together(1), { what: "gradients by pictures" });
        const sum = alone.map((answers) => answers[2]!).reduce((sum, next) => tf.add(sum, next));
        assertAlike(dfilter!.dataSync(), sum.dataSync(), { what: "gradients by the filter" });
      });
    }
  }
});

Deno.test("convolutions on wasm take batches of no pictures", async () => {
  await holdsToDefinition(
    ({ x, filter }) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, "same"),
    { x: given([0, 5, 5, 2], 1), filter: given([3, 3, 2, 4], 2) },
    { second: false },
  );
  await holdsToDefinition(
    ({ x, filter }) => tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, "same"),
    { x: given([0, 5, 5, 2], 1), filter: given([3, 3, 2, 2], 2) },
    { second: false },
  );
});

Deno.test("tf.fused.conv2d on wasm holds to what cpu answers, whatever follows", async () => {
  const x = given([2, 5, 7, 3], 1), filter = given([3, 3, 3, 4], 2), bias = given([4], 3);
  for (const activation of ["linear", "relu", "relu6", "elu", "sigmoid", "prelu"] as const) {
    for (const strides of [1, 2]) {
      for (const pad of ["same", "valid"] as const) {
        const fused = ({ x, filter, bias }: Record<string, tf.Tensor>, slope?: tf.Tensor) =>
          tf.fused.conv2d({
            x: x as tf.Tensor4D,
            filter: filter as tf.Tensor4D,
            ...(bias === undefined ? {} : { bias }),
            strides,
            pad,
            activation,
            ...(slope && { preluActivationWeights: slope }),
          });
        const slopes = () => activation === "prelu" ? tf.fill([4], 0.1) : undefined;
        const holding = { kernel: "FusedConv2D", by: [] };
        await holdsToDefinition((inputs) => fused(inputs, slopes()), { x, filter, bias }, holding);
        if (activation === "prelu" || activation === "elu") continue;
        await holdsToDefinition((inputs) => fused(inputs), { x, filter }, holding);
      }
    }
  }
});

Deno.test("tf.depthwiseConv2d on wasm and its gradients hold to what cpu answers", async () => {
  await fc.assert(
    fc.asyncProperty(convolutions, small, async (c, multiplier) => {
      const { kernel, inputs, strides, dilations, pad } = c;
      await holdsToDefinition(
        ({ x, filter }) =>
          tf.depthwiseConv2d(
            x as tf.Tensor4D,
            filter as tf.Tensor4D,
            strides,
            pad,
            "NHWC",
            dilations,
            typeof pad === "number" ? "floor" : undefined,
          ),
        { x: picturesOf(c), filter: given([...kernel, inputs, multiplier], 2) },
        // TensorFlow.js has no gradient of a dilated convolution.
        {
          kernel: "DepthwiseConv2dNative",
          by: dilations.some((d) => d > 1) ? [] : ["x", "filter"],
          second: false,
        },
      );
    }),
    options,
  );
});

Deno.test("convolutions on wasm of whole numbers are refused, as before", () => {
  tf.tidy(() => {
    const x = tf.ones([1, 3, 3, 1], "int32") as tf.Tensor4D;
    const filter = tf.ones([2, 2, 1, 1], "int32") as tf.Tensor4D;
    assert.throws(() => tf.conv2d(x, filter, 1, "same"));
  });
});
