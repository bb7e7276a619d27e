import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { normalNoise, seed } from "../../../core/random.ts";
import type { Tensor } from "../../../core/types.ts";
import {
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

const { residualConv, residualDeconv } = networks;

await useBackend({ backend: "cpu" });

Deno.test("residualConv() has a shortcut where a block makes other sizes or channels", () => {
  const network = residualConv({ channels: [4, 6], blocks: 2, hidden: [5] });
  const place = { input: [7, 5, 3], heads: { mean: [2] } };
  return inPlace(network, place, ({ variables }) =>
    assert.deepEqual(shapesOf(variables), {
      "conv/kernel": [3, 3, 3, 4],
      "conv/bias": [4],
      "stage0/block0/conv0/kernel": [3, 3, 4, 4],
      "stage0/block0/conv0/bias": [4],
      "stage0/block0/conv1/kernel": [3, 3, 4, 4],
      "stage0/block0/conv1/bias": [4],
      "stage0/block0/shortcut/kernel": [2, 2, 4, 4],
      "stage0/block0/shortcut/bias": [4],
      "stage0/block1/conv0/kernel": [3, 3, 4, 4],
      "stage0/block1/conv0/bias": [4],
      "stage0/block1/conv1/kernel": [3, 3, 4, 4],
      "stage0/block1/conv1/bias": [4],
      "stage1/block0/conv0/kernel": [3, 3, 4, 6],
      "stage1/block0/conv0/bias": [6],
      "stage1/block0/conv1/kernel": [3, 3, 6, 6],
      "stage1/block0/conv1/bias": [6],
      "stage1/block0/shortcut/kernel": [2, 2, 4, 6],
      "stage1/block0/shortcut/bias": [6],
      "stage1/block1/conv0/kernel": [3, 3, 6, 6],
      "stage1/block1/conv0/bias": [6],
      "stage1/block1/conv1/kernel": [3, 3, 6, 6],
      "stage1/block1/conv1/bias": [6],
      "hidden0/kernel": [2 * 2 * 6, 5],
      "hidden0/bias": [5],
      "mean/kernel": [5, 2],
      "mean/bias": [2],
    }));
});

Deno.test("residualConv() has no shortcut where a block changes nothing", () => {
  const network = residualConv({ channels: [4], stride: 1 });
  return inPlace(network, { input: [3, 3, 1], heads: { out: [1] } }, ({ variables }) => {
    const names = [...variables.keys()].filter((name) => name.includes("shortcut"));
    assert.deepEqual(names, []);
  });
});

const { add, activation, conv2d, conv2dTranspose, dense, flatten, reshape } = tf.layers;
const symbolic = (output: unknown): tf.SymbolicTensor => output as tf.SymbolicTensor;

/** A layer by the path of its weights, with dots for slashes. */
function named<L extends tf.layers.Layer>(layer: L, name: string): L {
  layer.name = name;
  return layer;
}

/** A block in the words of `tf.layers`. */
function blockOf(
  x: tf.SymbolicTensor,
  { path, first, filters, shortcut }: {
    readonly path: string;
    readonly first: tf.layers.Layer;
    readonly filters: number;
    readonly shortcut?: tf.layers.Layer;
  },
): tf.SymbolicTensor {
  const elu = (x: unknown) => activation({ activation: "elu" }).apply(symbolic(x));
  const second = named(conv2d({ filters, kernelSize: 3, padding: "same" }), `${path}.conv1`);
  const branch = second.apply(elu(named(first, `${path}.conv0`).apply(elu(x))));
  const past = shortcut === undefined ? x : named(shortcut, `${path}.shortcut`).apply(x);
  return symbolic(add().apply([symbolic(past), symbolic(branch)]));
}

/** Gives layers of `tf.layers` the weights of a network, by the names of both. */
function setWeights(model: tf.LayersModel, variables: ReadonlyMap<string, tf.Variable>): void {
  for (const layer of model.layers) {
    if (layer.weights.length === 0) continue;
    const path = layer.name.replaceAll(".", "/");
    layer.setWeights(["kernel", "bias"].map((name) => variables.get(`${path}/${name}`)!));
  }
}

Deno.test("residualConv() is a model of tf.layers", (t) => {
  const network = residualConv({ channels: [2, 3], blocks: 2, activation: "elu" });
  const input = [6, 5, 2];
  return inPlace(network, { input, heads: { out: [2] } }, async ({ run, variables }) => {
    move(variables);
    const x = tf.input({ shape: input });
    const convolution = (filters: number, kernelSize: number, strides: number) =>
      conv2d({ filters, kernelSize, strides, padding: "same" });
    let sum = symbolic(named(convolution(2, 3, 1), "conv").apply(x));
    for (const [i, filters] of [2, 3].entries()) {
      const size = { first: convolution(filters, 3, 2), shortcut: convolution(filters, 2, 2) };
      sum = blockOf(sum, { path: `stage${i}.block0`, filters, ...size });
      sum = blockOf(sum, { path: `stage${i}.block1`, filters, first: convolution(filters, 3, 1) });
    }
    const last = flatten().apply(activation({ activation: "elu" }).apply(sum));
    const out = named(dense({ units: 2 }), "out").apply(last);
    const model = tf.model({ inputs: x, outputs: symbolic(out) });
    setWeights(model, variables);
    const noise = (): Tensor => normalNoise(seed(2), [3, ...input]);
    const expected = tf.tidy(() => (model.predict(noise()) as Tensor).dataSync());
    model.dispose();
    await onEachBackend(t, () => {
      assertClose(run(noise(), AT_REST).out, expected, { absolute: 1e-4, relative: 1e-4 });
    });
  });
});

Deno.test("residualDeconv() is a model of tf.layers", (t) => {
  const network = residualDeconv({ channels: [3, 2], blocks: 2, hidden: [4], activation: "elu" });
  const heads = { a: [8, 4, 2], b: [8, 4] };
  return inPlace(network, { input: [3], heads }, async ({ run, variables }) => {
    move(variables);
    const same = { padding: "same" } as const;
    const x = tf.input({ shape: [3] });
    const hidden = named(dense({ units: 4, activation: "elu" }), "hidden0").apply(x);
    const start = named(dense({ units: 2 * 1 * 3 }), "smallest").apply(hidden);
    let sum = symbolic(reshape({ targetShape: [2, 1, 3] }).apply(start));
    for (const i of [0, 1]) {
      const filters = 2, size = { filters, strides: 2, ...same };
      sum = blockOf(sum, {
        path: `stage${i}.block0`,
        filters,
        first: conv2dTranspose({ ...size, kernelSize: 3 }),
        shortcut: conv2dTranspose({ ...size, kernelSize: 2 }),
      });
      const first = conv2d({ filters, kernelSize: 3, ...same });
      sum = blockOf(sum, { path: `stage${i}.block1`, filters, first });
    }
    const largest = activation({ activation: "elu" }).apply(sum);
    const outputs = Object.entries({ a: 2, b: 1 }).map(([name, filters]) =>
      symbolic(named(conv2d({ filters, kernelSize: 3, ...same }), name).apply(largest))
    );
    const model = tf.model({ inputs: x, outputs });
    setWeights(model, variables);
    const noise = (): Tensor => normalNoise(seed(2), [3, 3]);
    const expected = tf.tidy(() =>
      (model.predict(noise()) as Tensor[]).map((output) => output.dataSync())
    );
    model.dispose();
    await onEachBackend(t, () => {
      const { a, b } = run(noise(), AT_REST);
      assert.deepEqual([a.shape, b.shape], [[3, 8, 4, 2], [3, 8, 4]]);
      [a, b].forEach((output, i) =>
        assertClose(output, expected[i]!, { absolute: 1e-4, relative: 1e-4 })
      );
    });
  });
});

Deno.test("residual blocks start as their shortcuts", () => {
  const network = residualConv({ channels: [2, 2], stride: 1, blocks: 3, activation: "elu" });
  return inPlace(
    network,
    { input: [3, 3, 1], heads: { out: [1] } },
    ({ run, variables }) =>
      tf.tidy(() => {
        for (const [path, variable] of variables) {
          if (path.endsWith("conv1/kernel")) {
            assert(variable.dataSync().every((w) => w === 0), path);
          }
        }
        const x = normalNoise(seed(0), [2, 3, 3, 1]);
        const kernel = variables.get("conv/kernel") as tf.Tensor4D;
        const features = tf.elu(tf.conv2d(x as tf.Tensor4D, kernel, 1, "same")).reshape([2, -1]);
        const expected = tf.matMul(features as tf.Tensor2D, variables.get("out/kernel")!);
        assertClose(run(x, AT_REST).out, expected, { absolute: 1e-5 });
      }),
  );
});

Deno.test("residual networks put the condition beside features and latents", async () => {
  const condition = [2];
  await inPlace(
    residualConv({ channels: [1] }),
    { input: [3, 3], heads: { out: [] }, condition },
    ({ run, variables }) => {
      assert.deepEqual(shapesOf(variables)["out/kernel"], [2 * 2 + 2, 1]);
      const missing = /Cannot run network 'residualConv' as there must be a condition/;
      assert.throws(() => run(tf.ones([2, 3, 3]), AT_REST), missing);
    },
  );
  await inPlace(
    residualDeconv({ channels: [1] }),
    { input: [3], heads: { out: [3, 3] }, condition },
    ({ run, variables }) => {
      assert.deepEqual(shapesOf(variables)["smallest/kernel"], [3 + 2, 2 * 2]);
      const missing = /Cannot run network 'residualDeconv' as there must be a condition/;
      assert.throws(() => run(tf.ones([2, 3]), AT_REST), missing);
    },
  );
});

Deno.test("residual networks can be made again from their options", () => {
  const options = { blocks: 1, kernelSize: 3, stride: 2, hidden: [], activation: "relu" } as const;
  assert.deepEqual(residualConv().options, { channels: [32, 64], ...options });
  assert.deepEqual(residualDeconv().options, { channels: [64, 32], ...options });
  for (const network of [residualConv, residualDeconv]) {
    const given = { channels: [2], blocks: 3, kernelSize: 5, stride: 3, hidden: [7] };
    const { kind, name, options } = network({ ...given, activation: "elu" });
    assert.deepEqual([kind, name], ["network", network.name]);
    assert.deepEqual(options, { ...given, activation: "elu" });
  }
});

Deno.test("residual networks refuse options of which there is no network", () => {
  for (const network of [residualConv, residualDeconv]) {
    const refuses = (options: networks.ResidualConvOptions, message: string): void =>
      assert.throws(() => network(options), {
        name: "RangeError",
        message: `Cannot build network as ${message}`,
      });
    const integer = "must be a positive integer: current value is";
    refuses({ blocks: 0 }, `'blocks' ${integer} 0`);
    refuses({ blocks: 1.5 }, `'blocks' ${integer} 1.5`);
    refuses({ channels: [] }, "'channels' must have at least one entry: current value is []");
    refuses({ stride: -1 }, `'stride' ${integer} -1`);
  }
});

Deno.test("residual networks refuse what is no picture", async () => {
  await assert.rejects(inPlace(residualConv(), { input: [784], heads: { mean: [2] } }), {
    name: "TypeError",
    message: "Cannot build network 'residualConv' as 'input' must be a picture [H, W, C] or " +
      "[H, W]: current value is [784]",
  });
  await assert.rejects(inPlace(residualDeconv(), { input: [2], heads: { logits: [784] } }), {
    name: "TypeError",
    message: "Cannot build network 'residualDeconv' as head 'logits' must be a picture " +
      "[H, W, C] or [H, W]: current value is [784]",
  });
});

onBackends(
  "residual networks train, and come back from a folder",
  () =>
    inFolder(async (folder) => {
      const before = tf.memory().numTensors;
      const model = vae({
        ...tinyParts,
        data: [5, 6],
        encoder: residualConv({ channels: [4, 6], activation: "elu" }),
        decoder: residualDeconv({ channels: [6, 4], activation: "elu" }),
        likelihood: likelihoods.bernoulli(),
        divergence: divergences.kl(),
      });
      // The left or the right half is on.
      const halves = Array.from({ length: 32 }, (_, row) =>
        Array.from({ length: 5 }, () =>
          Array.from({ length: 6 }, (_, j) =>
            Number(j < 3 === (row % 2 === 0)))));
      const data = dataset(halves, { support: "binary" });
      const { history } = await fit(model, data, { epochs: 8, batchSize: 16, learningRate: 0.02 });
      const objectives = history.map(({ training }) =>
        training.objective
      );
      assert(objectives.at(-1)! > objectives[0]! + 5, objectives.join());
      await save(model, folder);
      const same = await load(folder);
      assert.equal(same.summary(), model.summary());
      tf.tidy(() => {
        const [one, other] = [model, same].map((each) => each.sample(2, { seed: 1, mean: true }));
        assertClose(other!, one!, {});
      });
      model.dispose();
      same.dispose();
      assert.equal(tf.memory().numTensors, before, "the number of tensors");
    }),
);
