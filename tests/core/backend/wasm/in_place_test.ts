import assert from "node:assert/strict";
import { tf } from "../../../../core/deps.ts";
import type { WasmBackend } from "../../../../core/backend/wasm/backend.ts";
import { adam } from "../../../../core/operations/adam.ts";
import { inShape } from "../../../../core/operations/in_shape.ts";
import { takeSnapshot } from "../../../../core/scope.ts";
import type { Optimizer, Tensor, Variable } from "../../../../core/types.ts";
import { useBackend } from "../../../../mod.ts";
import { assertAlike, numbers } from "../../../helpers/holds_to_definition.ts";

await useBackend({ backend: "wasm" });

/** One step, which moves every parameter by the learning rate. */
function step(optimizer: Optimizer, ...parameters: readonly Variable[]): void {
  tf.tidy(() =>
    optimizer.applyGradients(
      parameters.map((variable) => ({ name: variable.name, tensor: tf.onesLike(variable) })),
    )
  );
}

/** Sees that a step changes a variable, and nothing of what others hold. */
function leavesAlone(variable: Variable, others: readonly Tensor[], optimizer: Optimizer): void {
  const before = others.map((other) => [...other.dataSync()]), value = [...variable.dataSync()];
  step(optimizer, variable);
  assert.notDeepEqual([...variable.dataSync()], value, "the step did nothing");
  assert.deepEqual(others.map((other) => [...other.dataSync()]), before);
}

Deno.test("a step in place changes no tensor that somebody else holds", () => {
  const before = tf.memory();
  const source = tf.tensor2d([[1, 2], [3, 4]]);
  const variable = tf.variable(source) as unknown as Variable;
  const optimizer = adam({ learningRate: 0.1 });
  leavesAlone(variable, [source], optimizer);
  for (let turn = 0; turn < 2; turn++) {
    const held = tf.tidy(() => [
      tf.clone(variable),
      tf.reshape(variable, [4]),
      inShape(variable, [4, 1]),
      tf.expandDims(variable),
    ]);
    leavesAlone(variable, held, optimizer);
    const other = tf.variable(held[0]!);
    // One that was made of another, and is changed beside it.
    leavesAlone(other as Variable, [...held, variable], optimizer);
    tf.dispose([...held, other]);
  }
  // Nobody else is left: from here on it stays where it is.
  const dataId = variable.dataId;
  step(optimizer, variable);
  assert.equal(variable.dataId, dataId, "no copy is made that nobody needs");
  tf.dispose([source, variable]);
  optimizer.dispose();
  const { numTensors, numDataBuffers } = tf.memory();
  assert.deepEqual([numTensors, numDataBuffers], [before.numTensors, before.numDataBuffers]);
});

Deno.test("a step in place leaves snapshots and what gradients have saved", () => {
  const variable = tf.variable(tf.tensor1d([1, 2, 3])) as unknown as Variable;
  const optimizer = adam({ learningRate: 0.1 });
  const snapshot = takeSnapshot(new Map([["x", variable]]));
  for (let i = 0; i < 3; i++) step(optimizer, variable);
  assert.notDeepEqual([...variable.dataSync()], [1, 2, 3]);
  snapshot.restore();
  assert.deepEqual([...variable.dataSync()], [1, 2, 3]);
  step(optimizer, variable);
  snapshot.restore();
  assert.deepEqual([...variable.dataSync()], [1, 2, 3], "it can be restored again");
  snapshot.dispose();
  tf.dispose(variable);
  optimizer.dispose();
});

Deno.test("a step in place leaves moments that were saved, and those made of them", async () => {
  const variable = tf.variable(tf.tensor1d([1, 2, 3])) as unknown as Variable;
  const optimizer = adam({ learningRate: 0.1 }), copy = adam({ learningRate: 0.1 });
  step(optimizer, variable);
  const weights = await optimizer.getWeights();
  const saved = weights.map(({ tensor }) => tf.clone(tensor));
  const values = saved.map((tensor) => [...tensor.dataSync()]);
  await copy.setWeights(weights);
  step(optimizer, variable);
  assert.deepEqual(saved.map((tensor) => [...tensor.dataSync()]), values);
  const copied = async () =>
    (await copy.getWeights()).slice(1).map(({ tensor }) => [...tensor.dataSync()]);
  assert.deepEqual(await copied(), values.slice(1));
  step(copy, variable);
  assert.notDeepEqual(await copied(), values.slice(1));
  tf.dispose([...saved, variable, weights[0]!.tensor]);
  optimizer.dispose();
  copy.dispose();
});

Deno.test("stock kernels that keep packed weights see those after a step in place", () => {
  const kernel = tf.variable(tf.tensor(numbers(1, 12), [3, 4])) as Variable;
  const filter = tf.variable(tf.tensor(numbers(2, 3 * 3 * 2 * 4), [3, 3, 2, 4])) as Variable;
  const taps = tf.variable(tf.tensor(numbers(5, 3 * 3 * 2), [3, 3, 2, 1])) as Variable;
  const bias = tf.variable(tf.tensor1d(numbers(3, 4))) as unknown as Variable;
  const parameters = [kernel, filter, taps, bias];
  const x = tf.tensor2d(numbers(4, 6), [2, 3]);
  const pictures = tf.tensor4d(numbers(6, 50), [1, 5, 5, 2]);
  // Ours hand these on to the stock kernels, as they do every activation but linear and relu.
  const calls = {
    "matMul elu": ([kernel, , , bias]: readonly Tensor[]) =>
      tf.fused.matMul({ a: x, b: kernel as tf.Tensor2D, bias: bias!, activation: "elu" }),
    "matMul relu6": ([kernel, , , bias]: readonly Tensor[]) =>
      tf.fused.matMul({ a: x, b: kernel as tf.Tensor2D, bias: bias!, activation: "relu6" }),
    "conv2d relu6": ([, filter, , bias]: readonly Tensor[]) =>
      tf.fused.conv2d({
        x: pictures,
        filter: filter as tf.Tensor4D,
        strides: 1,
        pad: "same",
        bias: bias!,
        activation: "relu6",
      }),
    "conv2d elu": ([, filter]: readonly Tensor[]) =>
      tf.fused.conv2d({
        x: pictures,
        filter: filter as tf.Tensor4D,
        strides: 1,
        pad: "valid",
        activation: "elu",
      }),
    "conv2d prelu": ([, filter, , bias]: readonly Tensor[]) =>
      tf.fused.conv2d({
        x: pictures,
        filter: filter as tf.Tensor4D,
        strides: 1,
        pad: "same",
        bias: bias!,
        activation: "prelu",
        preluActivationWeights: tf.fill([4], 0.1),
      }),
    "depthwise relu6": ([, , taps]: readonly Tensor[]) =>
      tf.fused.depthwiseConv2d({
        x: pictures,
        filter: taps as tf.Tensor4D,
        strides: 1,
        pad: "same",
        activation: "relu6",
      }),
  };
  const optimizer = adam({ learningRate: 0.3 });
  for (let turn = 0; turn < 4; turn++) {
    tf.tidy(() => {
      // With fresh numbers, as nothing can have been kept of them.
      const fresh = parameters.map((variable) =>
        tf.tensor(variable.dataSync().slice(), variable.shape)
      );
      for (const [name, call] of Object.entries(calls)) {
        const what = `${name} after ${turn} steps`;
        assertAlike(call(parameters).dataSync(), call(fresh).dataSync(), { what });
      }
    });
    // The bias alone every other time, as it is packed beside the weights.
    step(optimizer, ...(turn % 2 === 0 ? parameters : [bias]));
  }
  tf.dispose([...parameters, x, pictures]);
  optimizer.dispose();
});

Deno.test("a step in place changes no tensor that shares its data on another backend", async () => {
  await tf.setBackend("cpu");
  const variable = tf.variable(tf.tensor1d([1, 2, 3])) as unknown as Variable;
  const held = tf.clone(variable), optimizer = adam({ learningRate: 0.1 });
  await tf.setBackend("wasm");
  step(optimizer, variable);
  assert.deepEqual([...held.dataSync()], [1, 2, 3]);
  assert.notDeepEqual([...variable.dataSync()], [1, 2, 3]);
  tf.dispose([variable, held]);
  optimizer.dispose();
});

Deno.test("a step in place leaves what a gradient on its way back needs", () => {
  const variable = tf.variable(tf.tensor1d([1, 2, 3])) as unknown as Variable;
  const optimizer = adam({ learningRate: 0.1 });
  const gradient = tf.tidy(() =>
    tf.grad((x) => {
      const square = tf.sum(tf.mul(tf.mul(x, variable), variable)); // Its gradient reads the values.
      step(optimizer, variable);
      return square;
    })(tf.tensor1d([1, 1, 1]))
  );
  assertAlike(gradient.dataSync(), [1, 4, 9]);
  tf.dispose([variable, gradient]);
  optimizer.dispose();
});

Deno.test("useBackend() called again and again takes no more of the heap", async () => {
  const multiply = () => tf.tidy(() => void tf.matMul(tf.ones([256, 256]), tf.ones([256, 256])));
  const { wasm } = tf.backend() as WasmBackend;
  let held = 0;
  const { _malloc, _free } = wasm;
  const counting = wasm as { -readonly [name in keyof typeof wasm]: (typeof wasm)[name] };
  counting._malloc = (bytes) => (held++, _malloc(bytes));
  counting._free = (address) => (held--, _free(address));
  try {
    const heldAfter: number[] = [];
    for (let turn = 0; turn < 3; turn++) {
      for (const threads of [1, 2]) {
        await useBackend({ backend: "wasm", threads });
        multiply();
      }
      heldAfter.push(held);
    }
    assert.equal(heldAfter[2], heldAfter[0]);
  } finally {
    counting._malloc = _malloc;
    counting._free = _free;
  }
});
