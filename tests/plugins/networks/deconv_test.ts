import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { normalNoise, seed } from "../../../core/random.ts";
import type { Heads, Tensor } from "../../../core/types.ts";
import {
  type ArrayDataset,
  dataset,
  divergences,
  fit,
  likelihoods,
  load,
  networks,
  save,
  useBackend,
  vae,
} from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onBackends, onEachBackend } from "../../helpers/backends.ts";
import { inPlace, move, shapesOf } from "../../helpers/in_place.ts";
import { inFolder } from "../../helpers/run.ts";
import { tinyParts } from "../../helpers/tiny.ts";

const { conv, deconv } = networks;

await useBackend({ backend: "cpu" });

Deno.test("deconv() has the weights of hidden layers and transposed convolutions", () => {
  const network = deconv({ channels: [64, 32], hidden: [16] });
  const place = { input: [8], heads: { mean: [28, 28, 1], rawScale: [28, 28, 3] } };
  return inPlace(network, place, ({ variables }) =>
    assert.deepEqual(shapesOf(variables), {
      "hidden0/kernel": [8, 16],
      "hidden0/bias": [16],
      "hidden1/kernel": [16, 3136],
      "hidden1/bias": [3136],
      "deconv0/kernel": [3, 3, 32, 64],
      "deconv0/bias": [32],
      "mean/kernel": [3, 3, 1, 32],
      "mean/bias": [1],
      "rawScale/kernel": [3, 3, 3, 32],
      "rawScale/bias": [3],
    }));
});

for (
  const [[height, width], kernelSize, strides, activation] of [
    [[8, 12], 3, 2, "relu"],
    [[9, 18], 4, 3, "tanh"],
    [[4, 3], 2, 1, "relu"],
  ] as const
) {
  const name = `deconv() is a model of tf.layers: ${height} × ${width}, stride ${strides}`;
  Deno.test(name, (t) => {
    const heads = { a: [height, width, 2], b: [height, width] };
    const options = { channels: [3, 4], kernelSize, stride: strides, hidden: [5], activation };
    return inPlace(deconv(options), { input: [2, 3], heads }, async ({ run, variables }) => {
      move(variables);
      const { conv2dTranspose, dense, reshape } = tf.layers;
      const same = { kernelSize, strides, padding: "same" } as const;
      const targetShape = [height / strides ** 2, width / strides ** 2, 3];
      const units = targetShape.reduce((product, axis) => product * axis);
      const latents = tf.input({ shape: [6] });
      const largest = [
        dense({ units: 5, activation }),
        dense({ units, activation }),
        reshape({ targetShape }),
        conv2dTranspose({ ...same, filters: 4, activation }),
      ].reduce((features, layer) => layer.apply(features) as tf.SymbolicTensor, latents);
      const outputs = [2, 1].map((filters) =>
        conv2dTranspose({ ...same, filters }).apply(largest) as tf.SymbolicTensor
      );
      const model = tf.model({ inputs: latents, outputs });
      model.setWeights([...variables.values()]);
      const noise = (): Tensor => normalNoise(seed(2), [2, 2, 3]);
      const expected = tf.tidy(() =>
        (model.predict(noise().reshape([2, 6])) as Tensor[]).map((output) => output.dataSync())
      );
      model.dispose();
      await onEachBackend(t, () => {
        const { a, b } = run(noise(), AT_REST);
        assert.deepEqual([a.shape, b.shape], [[2, height, width, 2], [2, height, width]]);
        [a, b].forEach((output, i) =>
          assertClose(output, expected[i]!, { absolute: 1e-5, relative: 1e-4 })
        );
      });
    });
  });
}

/** Makes of a dense layer one that changes nothing. */
function passOn(kernel: tf.Variable): void {
  kernel.assign(tf.eye(kernel.shape[0]!).reshape(kernel.shape));
}

Deno.test("deconv() is the transpose of conv(), odd sizes included", async (t) => {
  const cases = [
    { size: [5, 7], stride: 2, kernelSize: 3, smallest: 2 * 2 },
    { size: [6, 13], stride: 3, kernelSize: 4, smallest: 1 * 2 },
    { size: [28, 28], stride: 2, kernelSize: 5, smallest: 7 * 7 },
    { size: [1, 4], stride: 2, kernelSize: 2, smallest: 1 * 1 },
  ];
  for (const { size, stride, kernelSize, smallest } of cases) {
    const linear = { kernelSize, stride, activation: "linear" } as const;
    const encoder = conv({ ...linear, channels: [2, 3] });
    const decoder = deconv({ ...linear, channels: [3, 2] });
    const input = [...size, 2], features = [3 * smallest];
    await t.step(
      `${size.join(" × ")}, stride ${stride}`,
      () =>
        inPlace(
          encoder,
          { input, heads: { out: features } },
          (there) =>
            inPlace(decoder, { input: features, heads: { out: input } }, (back) =>
              tf.tidy(() => {
                const kernel = (path: string) => there.variables.get(`${path}/kernel`)!;
                back.variables.get("deconv0/kernel")!.assign(kernel("conv1"));
                back.variables.get("out/kernel")!.assign(kernel("conv0"));
                passOn(kernel("out"));
                passOn(back.variables.get("hidden0/kernel")!);
                const x = normalNoise(seed(1), [1, ...input]);
                const y = normalNoise(seed(2), [1, ...features]);
                // ⟨A·x, y⟩ = ⟨x, Aᵀ·y⟩
                const left = tf.sum(tf.mul(there.run(x, AT_REST).out, y));
                const right = tf.sum(tf.mul(x, back.run(y, AT_REST).out));
                assertClose(left, right, { absolute: 1e-4 });
              })),
        ),
    );
  }
});

Deno.test("deconv() puts the condition beside the latents", () => {
  const place = { input: [2], heads: { out: [2, 2] }, condition: [1, 2] };
  return inPlace(
    deconv({ channels: [1], hidden: [1] }),
    place,
    ({ run, variables }) =>
      tf.tidy(() => {
        variables.get("hidden0/kernel")!.assign(tf.tensor2d([[1], [10], [100], [1000]]));
        variables.get("hidden1/kernel")!.assign(tf.ones([1, 1]));
        variables.get("out/kernel")!.assign(tf.ones([3, 3, 1, 1]));
        const condition = tf.tensor3d([[[3, 4]], [[5, 6]]]);
        const { out } = run(tf.tensor2d([[1, 2], [2, 1]]), { ...AT_REST, condition });
        assertClose(out, [...Array(4).fill(4321), ...Array(4).fill(6512)], {});
        const missing = /^TypeError: Cannot run network 'deconv' as there must be a condition/;
        assert.throws(() => run(tf.ones([2, 2]), AT_REST), missing);
      }),
  );
});

Deno.test("deconv() can be made again from its options", () => {
  const options = { channels: [64, 32], kernelSize: 3, stride: 2, hidden: [], activation: "relu" };
  const { kind, name, options: given } = deconv();
  assert.deepEqual([kind, name, given], ["network", "deconv", options]);
});

Deno.test("deconv() refuses options of which there is no network", () => {
  const refuses = (options: object, name: string, message: string): void =>
    assert.throws(() => deconv(options as networks.DeconvOptions), {
      name,
      message: `Cannot build network as ${message}`,
    });
  const integer = "must be a positive integer: current value is";
  refuses({ channels: 8 }, "TypeError", "'channels' must be a list of widths: current value is 8");
  refuses(
    { channels: [] },
    "RangeError",
    "'channels' must have at least one entry: current value is []",
  );
  refuses({ channels: [8, -1] }, "RangeError", `'channels' ${integer} -1`);
  refuses({ hidden: 16 }, "TypeError", "'hidden' must be a list of widths: current value is 16");
  refuses({ kernelSize: 0 }, "RangeError", `'kernelSize' ${integer} 0`);
  refuses({ stride: 0 }, "RangeError", `'stride' ${integer} 0`);
  refuses(
    { activation: "toString" },
    "RangeError",
    "'activation' must be one of linear, relu, tanh, softplus, elu, silu: current value is 'toString'",
  );
});

Deno.test("deconv() refuses heads that are not pictures of one size", async () => {
  const refuses = (heads: Heads, message: string): Promise<void> =>
    assert.rejects(inPlace(deconv(), { input: [2], heads }), {
      name: "TypeError",
      message: `Cannot build network 'deconv' as ${message}`,
    });
  const picture = "must be a picture [H, W, C] or [H, W]: current value is";
  await refuses({ logits: [784] }, `head 'logits' ${picture} [784]`);
  await refuses({ a: [2, 2], b: [2, 2, 2, 2] }, `head 'b' ${picture} [2, 2, 2, 2]`);
  const alike = "its heads must be pictures of one height and width: current value is";
  await refuses({ a: [4, 6], b: [4, 5] }, `${alike} {"a":[4,6],"b":[4,5]}`);
  await refuses({}, `${alike} {}`);
});

/** Binary pictures of 5 × 6, whose left or right half is on, with some noise. */
function halves(rows: number): ArrayDataset<"binary"> {
  const bits = Array.from({ length: rows }, (_, row) => {
    const flips = seed(row).split("halves").key[0];
    return Array.from({ length: 5 }, (_, i) =>
      Array.from({ length: 6 }, (_, j) => {
        const on = j < 3 === (row % 2 === 0);
        return Number(on !== ((flips >>> (i + j)) % 16 === 0));
      }));
  });
  return dataset(bits, { support: "binary" });
}

onBackends(
  "conv() and deconv() train, and come back from a folder",
  () =>
    inFolder(async (folder) => {
      const before = tf.memory().numTensors;
      const model = vae({
        ...tinyParts,
        data: [5, 6],
        encoder: conv({ channels: [4, 6], activation: "elu" }),
        decoder: deconv({ channels: [6, 4], activation: "elu" }),
        likelihood: likelihoods.bernoulli(),
        divergence: divergences.kl(),
      });
      const options = { epochs: 10, batchSize: 16, learningRate: 0.02 };
      const { history } = await fit(model, halves(64), options);
      const objectives = history.map(({ training }) => training.objective);
      assert(objectives.at(-1)! > objectives[0]! + 5, objectives.join());
      await save(model, folder);
      const same = await load(folder);
      assert.equal(same.summary(), model.summary());
      tf.tidy(() =>
        assertClose(
          same.sample(2, { seed: 1, mean: true }),
          model.sample(2, { seed: 1, mean: true }),
          {},
        )
      );
      model.dispose();
      same.dispose();
      assert.equal(tf.memory().numTensors, before, "the number of tensors");
    }),
);
