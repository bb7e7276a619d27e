import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { normalNoise, seed } from "../../../core/random.ts";
import type { Tensor } from "../../../core/types.ts";
import { type Activation, networks, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";
import { inPlace, move, shapesOf } from "../../helpers/in_place.ts";

const { conv } = networks;

await useBackend({ backend: "cpu" });

Deno.test("conv() has the weights of convolutions, hidden layers and heads", () => {
  const network = conv({ channels: [32, 64], hidden: [16] });
  const place = { input: [28, 28, 1], heads: { mean: [8], rawScale: [8] } };
  return inPlace(network, place, ({ variables }) =>
    assert.deepEqual(shapesOf(variables), {
      "conv0/kernel": [3, 3, 1, 32],
      "conv0/bias": [32],
      "conv1/kernel": [3, 3, 32, 64],
      "conv1/bias": [64],
      "hidden0/kernel": [3136, 16],
      "hidden0/bias": [16],
      "mean/kernel": [16, 8],
      "mean/bias": [8],
      "rawScale/kernel": [16, 8],
      "rawScale/bias": [8],
    }));
});

for (
  const [input, kernelSize, strides, activation] of [
    [[8, 8, 2], 3, 2, "relu"],
    [[5, 7, 3], 3, 2, "tanh"],
    [[7, 4, 1], 2, 3, "elu"],
    [[4, 3, 1], 4, 1, "relu"],
  ] as const
) {
  const name = `conv() is a model of tf.layers: ${input}, kernels ${kernelSize}, stride ${strides}`;
  Deno.test(name, (t) => {
    const network = conv({
      channels: [3, 2],
      kernelSize,
      stride: strides,
      hidden: [4],
      activation,
    });
    return inPlace(network, { input, heads: { out: [2, 3] } }, async ({ run, variables }) => {
      move(variables);
      const { conv2d, flatten, dense } = tf.layers;
      const same = { kernelSize, strides, padding: "same", activation } as const;
      const model = tf.sequential({
        layers: [
          conv2d({ ...same, filters: 3, inputShape: [...input] }),
          conv2d({ ...same, filters: 2 }),
          flatten(),
          dense({ units: 4, activation }),
          dense({ units: 6 }),
        ],
      });
      model.setWeights([...variables.values()]);
      const noise = (): Tensor => normalNoise(seed(2), [2, ...input]);
      const expected = tf.tidy(() => (model.predict(noise()) as Tensor).dataSync());
      model.dispose();
      await onEachBackend(t, () => {
        const { out } = run(noise(), AT_REST);
        assert.deepEqual(out.shape, [2, 2, 3]);
        assertClose(out, expected, { absolute: 1e-5, relative: 1e-4 });
      });
    });
  });
}

Deno.test("conv() takes pictures without an axis for channels", () => {
  const network = conv({ channels: [2] });
  const heads = { out: [3] };
  return inPlace(
    network,
    { input: [5, 7, 1], heads },
    (deep) =>
      inPlace(network, { input: [5, 7], heads }, (flat) =>
        tf.tidy(() => {
          assert.deepEqual(shapesOf(flat.variables), shapesOf(deep.variables));
          const x = normalNoise(seed(0), [4, 5, 7]);
          const expected = deep.run(tf.expandDims(x, -1), AT_REST).out;
          assertClose(flat.run(x, AT_REST).out, expected, {});
        })),
  );
});

Deno.test("conv() puts the condition beside the features", () => {
  const place = { input: [3, 3, 1], heads: { out: [] }, condition: [2] };
  return inPlace(conv({ channels: [1] }), place, ({ run, variables }) =>
    tf.tidy(() => {
      assert.deepEqual(shapesOf(variables)["out/kernel"], [2 * 2 + 2, 1]);
      variables.get("conv0/kernel")!.assign(tf.zeros([3, 3, 1, 1]));
      variables.get("conv0/bias")!.assign(tf.tensor1d([1]));
      variables.get("out/kernel")!.assign(tf.tensor2d([[1], [1], [1], [1], [10], [100]]));
      const condition = tf.tensor2d([[1, 2], [3, 4]]), x = tf.ones([2, 3, 3, 1]);
      assertClose(run(x, { ...AT_REST, condition }).out, [214, 434], {});
      const missing = /^TypeError: Cannot run network 'conv' as there must be a condition/;
      assert.throws(() => run(x, AT_REST), missing);
    }));
});

Deno.test("conv() starts with Glorot's uniform kernels, which count the pixels they see", () => {
  const network = conv({ channels: [8], kernelSize: 5 });
  return inPlace(network, { input: [4, 4, 4], heads: { out: [1] } }, ({ variables }) => {
    const limit = Math.sqrt(6 / (25 * (4 + 8)));
    const largest = Math.max(...variables.get("conv0/kernel")!.dataSync().map(Math.abs));
    assert(largest <= limit && largest > 0.95 * limit, `${largest} of ${limit}`);
    assert.deepEqual([...variables.get("conv0/bias")!.dataSync()], Array(8).fill(0));
  });
});

Deno.test("conv() can be made again from its options", () => {
  const options = { channels: [32, 64], kernelSize: 3, stride: 2, hidden: [], activation: "relu" };
  const { kind, name, options: given } = conv();
  assert.deepEqual([kind, name, given], ["network", "conv", options]);
  const others = { channels: [1], kernelSize: 2, stride: 1, hidden: [3] } as const;
  assert.deepEqual(conv({ ...others, activation: "tanh" }).options, {
    ...others,
    activation: "tanh",
  });
});

Deno.test("conv() refuses options of which there is no network", () => {
  const refuses = (options: object, name: string, message: string): void =>
    assert.throws(() => conv(options as networks.ConvOptions), {
      name,
      message: `Cannot build network as ${message}`,
    });
  const integer = "must be a positive integer: current value is";
  refuses(
    { channels: 32 },
    "TypeError",
    "'channels' must be a list of widths: current value is 32",
  );
  refuses(
    { channels: [] },
    "RangeError",
    "'channels' must have at least one entry: current value is []",
  );
  refuses({ channels: [8, 0] }, "RangeError", `'channels' ${integer} 0`);
  refuses(
    { hidden: "16" },
    "TypeError",
    "'hidden' must be a list of widths: current value is '16'",
  );
  refuses({ hidden: [1.5] }, "RangeError", `'hidden' ${integer} 1.5`);
  refuses({ kernelSize: 0 }, "RangeError", `'kernelSize' ${integer} 0`);
  refuses({ kernelSize: [3, 3] }, "RangeError", `'kernelSize' ${integer} [3, 3]`);
  refuses({ stride: 0 }, "RangeError", `'stride' ${integer} 0`);
  refuses(
    { activation: "swish" as Activation },
    "RangeError",
    "'activation' must be one of linear, relu, tanh, softplus, elu, silu: current value is 'swish'",
  );
});

Deno.test("conv() refuses inputs that are no pictures", async () => {
  for (const input of [[], [784], [2, 28, 28, 1]]) {
    await assert.rejects(inPlace(conv(), { input, heads: { mean: [2] } }), {
      name: "TypeError",
      message: "Cannot build network 'conv' as 'input' must be a picture [H, W, C] or [H, W]: " +
        `current value is [${input.join(", ")}]`,
    });
  }
});
