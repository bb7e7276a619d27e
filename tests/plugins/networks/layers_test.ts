import assert from "node:assert/strict";
import { AT_REST, type Context } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters } from "../../../core/scope.ts";
import type { Heads, Outputs, Shape, Tensor, Variable } from "../../../core/types.ts";
import { type AnyNetwork, divergences, fit, networks, useBackend, vae } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { tinyData, tinyParts } from "../../helpers/tiny.ts";

const { layers } = networks;

await useBackend({ backend: "cpu" });

const ACTION = "Cannot build network 'layers' as";

const dense = (units: number, name?: string, inputShape?: number[]): tf.layers.Layer =>
  tf.layers.dense({ units, ...(name && { name }), ...(inputShape && { inputShape }) });

/** Inputs of some sizes, put side by side, to one output of a size for every name. */
function functional(inputs: readonly number[], outputs: Readonly<Record<string, number>>) {
  const symbols = inputs.map((size) => tf.input({ shape: [size] }));
  const whole = symbols.length === 1 ? symbols[0]! : tf.layers.concatenate().apply(symbols);
  const heads = Object.entries(outputs).map(([name, size]) => dense(size, name).apply(whole));
  return tf.model({ inputs: symbols, outputs: heads as tf.SymbolicTensor[] });
}

/** Builds a network in its place, checks it inside `tf.tidy`, and lets go of its parameters. */
function inPlace<H extends Heads>(
  network: AnyNetwork,
  place: { readonly input: Shape; readonly heads: H; readonly condition?: Shape },
  check: (
    run: (x: Tensor, context: Context) => Outputs<H>,
    variables: readonly [string, Variable][],
  ) => void = () => {},
): void {
  const { condition } = place;
  const shapes = { data: [1], latent: [1], support: "real", condition } as const;
  const { scope, variables } = openParameters(shapes, seed(0));
  try {
    const run = network.build(scope, place);
    tf.tidy(() => check(run, [...variables]));
  } finally {
    tf.dispose([...variables.values()]);
  }
}

/** Whether nothing is left of what `f` makes. */
async function assertTidy(f: () => void | Promise<void>): Promise<void> {
  const before = tf.memory().numTensors;
  await f();
  assert.equal(tf.memory().numTensors, before, "the number of tensors");
}

Deno.test("layers() takes output layers that bear the names of the heads", () => {
  const model = functional([4], { rawScale: 2, unused: 7, mean: 3 });
  const place = { input: [4], heads: { mean: [3], rawScale: [2] } };
  inPlace(layers({ model }), place, (run, variables) => {
    assert.equal(variables.length, 6);
    const x = tf.linspace(-1, 1, 8).reshape([2, 4]), { mean, rawScale } = run(x, AT_REST);
    const [expectedRawScale, , expectedMean] = model.predict(x) as Tensor[];
    assert.deepEqual(mean.arraySync(), expectedMean!.arraySync());
    assert.deepEqual(rawScale.arraySync(), expectedRawScale!.arraySync());
  });
  model.dispose();
});

Deno.test("layers() puts a linear layer for every head on the only output of a model", () => {
  const reshape = tf.layers.reshape({ inputShape: [4], targetShape: [2, 2] });
  const model = tf.sequential({ layers: [reshape] });
  inPlace(layers({ model }), { input: [4], heads: { a: [3], b: [] } }, (run, variables) => {
    assert.deepEqual(variables.map(([name, { shape }]) => [name, shape]), [
      ["a/kernel", [4, 3]],
      ["a/bias", [3]],
      ["b/kernel", [4, 1]],
      ["b/bias", [1]],
    ]);
    const x = tf.linspace(-1, 1, 8).reshape([2, 4]), { a, b } = run(x, AT_REST);
    assert.deepEqual([a.shape, b.shape], [[2, 3], [2]]);
    assertClose(a, tf.matMul(x, variables[0]![1]), { absolute: 1e-6 });
  });
  model.dispose();
});

Deno.test("layers() gives the condition to the second input", () => {
  const model = functional([4, 2], { mean: 3 });
  inPlace(layers({ model }), { input: [4], heads: { mean: [3] }, condition: [2] }, (run) => {
    const x = tf.ones([2, 4]), condition = tf.tensor2d([[1, 2], [3, 4]]);
    const expected = model.predict([x, condition]) as Tensor;
    assert.deepEqual(run(x, { ...AT_REST, condition }).mean.arraySync(), expected.arraySync());
  });
  model.dispose();
});

Deno.test("layers() copies the weights, and leaves the model as it was", async () => {
  await assertTidy(() => {
    const model = functional([4], { mean: 3 }), network = layers({ model });
    const place = { input: [4], heads: { mean: [3] } };
    const kernel = () => model.getWeights()[0]!.arraySync(), before = kernel();
    inPlace(network, place, (_, [first]) => {
      assert.deepEqual(first![1].arraySync(), before);
      inPlace(network, place, (_, [second]) => {
        first![1].assign(tf.ones([4, 3]));
        assert.deepEqual([kernel(), second![1].arraySync()], [before, before]);
      });
    });
    assert.deepEqual(kernel(), before);
    model.dispose();
  });
});

Deno.test("layers() keeps frozen layers frozen", () => {
  const model = tf.sequential({ layers: [dense(5, undefined, [4])] });
  model.layers[0]!.trainable = false;
  inPlace(layers({ model }), { input: [4], heads: { out: [2] } }, (_, variables) => {
    const trainable = variables.map(([, variable]) => variable.trainable);
    assert.deepEqual(trainable, [false, false, true, true]);
  });
  model.dispose();
});

Deno.test("layers() tells the layers whether it is training", () => {
  const dropout = tf.layers.dropout({ rate: 0.5, inputShape: [200], name: "out" });
  const model = tf.sequential({ layers: [dropout] });
  inPlace(layers({ model }), { input: [200], heads: { out: [200] } }, (run) => {
    const zeros = (training: boolean): number => {
      const { out } = run(tf.ones([1, 200]), { ...AT_REST, training });
      return out.equal(0).sum().dataSync()[0]!;
    };
    assert.equal(zeros(false), 0);
    assert(zeros(true) > 0);
  });
  model.dispose();
});

Deno.test("layers() can be made again from its options, which JSON can hold", () => {
  for (
    const model of [functional([4], { out: 3 }), tf.sequential({ layers: [dense(3, "out", [4])] })]
  ) {
    const { kind, name, options } = layers({ model });
    assert.deepEqual([kind, name], ["network", "layers"]);
    const kept: networks.LayersOptions = JSON.parse(JSON.stringify(options));
    const again = layers(kept);
    assert.deepEqual(again.options, options);
    for (let time = 0; time < 2; time++) {
      inPlace(again, { input: [4], heads: { out: [3] } }, (run, variables) => {
        assert.equal(variables.length, 2);
        assert.deepEqual(run(tf.ones([2, 4]), AT_REST).out.shape, [2, 3]);
      });
    }
    model.dispose();
  }
});

Deno.test("layers() refuses inputs of the wrong shape, and lets go of what it made", async () => {
  const refuses = (inputs: number[], condition: Shape | undefined, message: string): void => {
    const model = functional(inputs, { mean: 3 });
    const place = { input: [4], heads: { mean: [3] }, ...(condition && { condition }) };
    const expected = { name: "TypeError", message: `${ACTION} ${message}` };
    assert.throws(() => inPlace(layers({ model }), place), expected);
    model.dispose();
  };
  await assertTidy(() => {
    refuses([5], undefined, "input 0 must have shape [4]: current value is [5]");
    refuses([4, 2], undefined, "input 1 must have shape [none]: current value is [2]");
    refuses([4, 2], [3], "input 1 must have shape [3]: current value is [2]");
  });
});

Deno.test("layers() refuses several outputs that are not all the heads", () => {
  const model = functional([4], { mean: 3, other: 2 });
  const place = { input: [4], heads: { mean: [3], rawScale: [3] } };
  assert.throws(() => inPlace(layers({ model }), place), {
    name: "TypeError",
    message: `${ACTION} it must have one output, or an output layer named mean, rawScale: ` +
      "current value is [mean, other]",
  });
  model.dispose();
});

Deno.test("layers() refuses what is no model", () => {
  const place = { input: [4], heads: { mean: [3] } };
  const refused = /^TypeError: Cannot build network 'layers' as 'model' must be a tf\.LayersModel/;
  for (const model of [{ className: "Perceptron", config: {} }, {}, undefined]) {
    assert.throws(() => inPlace(layers({ model: model as networks.Topology }), place), refused);
  }
});

Deno.test("layers() trains as the encoder and the decoder of a small model", async () => {
  await assertTidy(async () => {
    const encoder = functional([6], { mean: 2, rawScale: 2 });
    const decoder = tf.sequential({ layers: [dense(8, undefined, [2]), dense(6, "logits")] });
    const weights = () => [encoder, decoder].flatMap((each) => each.getWeights());
    const values = () => weights().map((weight) => weight.arraySync()), before = values();
    const plugins = { encoder: layers({ model: encoder }), decoder: layers({ model: decoder }) };
    const model = vae({ ...tinyParts, ...plugins, divergence: divergences.kl() });
    const options = { epochs: 8, batchSize: 16, learningRate: 0.02 };
    const { history } = await fit(model, tinyData(), options);
    const objectives = history.map(({ training }) => training.objective);
    assert(objectives.at(-1)! > objectives[0]! + 0.5, objectives.join());
    assert.deepEqual(values(), before);
    for (const each of [model, encoder, decoder]) each.dispose();
  });
});
