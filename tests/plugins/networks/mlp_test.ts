import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters, type Parameters } from "../../../core/scope.ts";
import type { Heads, Shape } from "../../../core/types.ts";
import { type Activation, type AnyNetwork, networks, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";
import { assertWithin, mean, moment, NORMAL_BOUND } from "../../helpers/statistics.ts";

const { mlp } = networks;

await useBackend({ backend: "cpu" });

interface Place<H extends Heads> {
  readonly input: Shape;
  readonly heads: H;
  readonly condition?: Shape;
  readonly seed?: number;
}

/** A network in its place, with the parameters that it asked for. */
function build<H extends Heads>(
  network: AnyNetwork,
  { input, heads, condition, seed: from = 0 }: Place<H>,
) {
  const shapes = { data: [1], latent: [1], support: "real", condition } as const;
  const parameters = openParameters(shapes, seed(from));
  return { run: network.build(parameters.scope, { input, heads }), parameters };
}

const shapesOf = ({ variables }: Parameters): Record<string, Shape> =>
  Object.fromEntries([...variables].map(([path, { shape }]) => [path, shape]));

const valuesOf = ({ variables }: Parameters): Record<string, unknown> =>
  Object.fromEntries([...variables].map(([path, variable]) => [path, variable.arraySync()]));

function dispose({ variables }: Parameters): void {
  for (const variable of variables.values()) variable.dispose();
}

Deno.test("mlp() answers [B, …head] for every head, whatever the shapes", () => {
  const heads = { mean: [3], grid: [2, 2], number: [] };
  const { run, parameters } = build(mlp({ hidden: [8, 5] }), { input: [2, 3], heads });
  assert.deepEqual(shapesOf(parameters), {
    "hidden0/kernel": [6, 8],
    "hidden0/bias": [8],
    "hidden1/kernel": [8, 5],
    "hidden1/bias": [5],
    "mean/kernel": [5, 3],
    "mean/bias": [3],
    "grid/kernel": [5, 4],
    "grid/bias": [4],
    "number/kernel": [5, 1],
    "number/bias": [1],
  });
  tf.tidy(() => {
    const outputs = run(tf.ones([4, 2, 3]), AT_REST);
    const shapes = Object.entries(outputs).map(([name, { shape }]) => [name, shape]);
    assert.deepEqual(Object.fromEntries(shapes), { mean: [4, 3], grid: [4, 2, 2], number: [4] });
  });
  dispose(parameters);
});

Deno.test("mlp() without hidden layers is one linear layer for every head", () => {
  const { run, parameters } = build(mlp({ hidden: [] }), { input: [2], heads: { mean: [1] } });
  assert.deepEqual(shapesOf(parameters), { "mean/kernel": [2, 1], "mean/bias": [1] });
  const [kernel, bias] = [...parameters.variables.values()];
  tf.tidy(() => {
    kernel!.assign(tf.tensor2d([[2], [-3]]));
    bias!.assign(tf.tensor1d([0.5]));
    assertClose(run(tf.tensor2d([[1, 1], [0, 2]]), AT_REST).mean, [-0.5, -5.5], {});
  });
  dispose(parameters);
});

Deno.test("mlp() is activation(x·W + b), layer by layer", async (t) => {
  const functions: Record<Activation, (x: number) => number> = {
    linear: (x) => x,
    relu: (x) => Math.max(x, 0),
    tanh: Math.tanh,
    softplus: (x) => Math.log1p(Math.exp(x)),
    elu: (x) => x > 0 ? x : Math.expm1(x),
    silu: (x) => x / (1 + Math.exp(-x)),
  };
  const x = [[1, -2, 0.5], [3, 0, -1]];
  for (const [activation, f] of Object.entries(functions) as [Activation, typeof Math.exp][]) {
    const place = { input: [3], heads: { out: [2] }, seed: 7 };
    const { run, parameters } = build(mlp({ hidden: [4, 4], activation }), place);
    const layer = (rows: number[][], name: string, f: (x: number) => number): number[][] => {
      const kernel = parameters.variables.get(`${name}/kernel`)!.arraySync() as number[][];
      const bias = parameters.variables.get(`${name}/bias`)!.arraySync() as number[];
      const unit = (row: number[], j: number): number =>
        row.reduce((sum, value, i) => sum + value * kernel[i]![j]!, bias[j]!);
      return rows.map((row) => bias.map((_, j) => f(unit(row, j))));
    };
    for (const [name, variable] of parameters.variables) {
      // Biases start at zero, where one could not see them.
      if (name.endsWith("bias")) tf.tidy(() => variable.assign(tf.fill(variable.shape, 0.25)));
    }
    const hidden = layer(layer(x, "hidden0", f), "hidden1", f);
    const expected = layer(hidden, "out", (x) => x).flat();
    await onEachBackend(t, () => {
      assertClose(run(tf.tensor2d(x), AT_REST).out, expected, { absolute: 1e-5 });
    });
    dispose(parameters);
  }
});

Deno.test("mlp() puts the condition beside the input", () => {
  const place = { input: [2, 2], heads: { out: [1] }, condition: [3, 1] };
  const { run, parameters } = build(mlp({ hidden: [5] }), place);
  assert.deepEqual(shapesOf(parameters)["hidden0/kernel"], [7, 5]);
  tf.tidy(() => {
    parameters.variables.get("hidden0/kernel")!.assign(
      tf.tensor2d([0, 0, 0, 1, 0, 10, 100], [7, 1])
        .mul(tf.ones([1, 5])),
    );
    parameters.variables.get("out/kernel")!.assign(tf.fill([5, 1], 0.2));
    const x = tf.tensor3d([[[9, 9], [9, 1]], [[9, 9], [9, 2]]]);
    const condition = tf.tensor3d([[[9], [3], [4]], [[9], [5], [6]]]);
    assertClose(run(x, { ...AT_REST, condition }).out, [431, 652], { relative: 1e-6 });
  });
  dispose(parameters);
});

Deno.test("mlp() starts the same from the same seed, and otherwise from another", () => {
  const place = { input: [6], heads: { a: [6], b: [6] } };
  const start = (from: number): Record<string, unknown> => {
    const { parameters } = build(mlp({ hidden: [6] }), { ...place, seed: from });
    const values = valuesOf(parameters);
    dispose(parameters);
    return values;
  };
  assert.deepEqual(start(1), start(1));
  const kernels = [start(1), start(2)].flatMap((values) =>
    ["hidden0/kernel", "a/kernel", "b/kernel"].map((path) => JSON.stringify(values[path]))
  );
  assert.equal(new Set(kernels).size, kernels.length);
});

Deno.test("mlp() starts with Glorot's uniform kernels and biases of zero", () => {
  const { parameters } = build(mlp({ hidden: [200] }), { input: [100], heads: { out: [1] } });
  const kernel = [...parameters.variables.get("hidden0/kernel")!.dataSync()], n = kernel.length;
  const bias = parameters.variables.get("hidden0/bias")!.dataSync();
  dispose(parameters);
  const limit = Math.sqrt(6 / 300), variance = limit ** 2 / 3;
  assert.deepEqual([...bias], Array(200).fill(0));
  assert(kernel.every((weight) => Math.abs(weight) < limit));
  assertWithin(NORMAL_BOUND, mean(kernel) * Math.sqrt(n / variance), "mean");
  // The variance of x² is 4/5 of E[x²]² where x is uniform around 0.
  assertWithin(NORMAL_BOUND, (moment(kernel, 2) / variance - 1) * Math.sqrt(n / 0.8), "variance");
});

Deno.test("mlp() can be made again from its options, 400 relu units unless told", () => {
  assert.deepEqual(mlp().options, { hidden: [400], activation: "relu" });
  const { kind, name, options } = mlp({ hidden: [3, 2], activation: "tanh" });
  assert.deepEqual([kind, name], ["network", "mlp"]);
  assert.deepEqual(options, { hidden: [3, 2], activation: "tanh" });
});

Deno.test("mlp() refuses widths that are not positive integers", () => {
  for (const width of [0, -1, 1.5, NaN]) {
    assert.throws(() => mlp({ hidden: [8, width] }), {
      name: "RangeError",
      message: "Cannot build network as 'hidden' must be a positive integer: " +
        `current value is ${width}`,
    });
  }
});

Deno.test("mlp() refuses unknown activations", () => {
  for (const activation of ["swish", "toString"]) {
    assert.throws(() => mlp({ activation: activation as Activation }), {
      name: "RangeError",
      message: "Cannot build network as 'activation' must be one of linear, relu, tanh, " +
        `softplus, elu, silu: current value is '${activation}'`,
    });
  }
});
