import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { adam, type AdamOptions, applyGradients } from "../../../core/operations/adam.ts";
import type { Optimizer, Shape, Tensor, Variable } from "../../../core/types.ts";
import { sizeOf } from "../../../core/types.ts";
import { useBackend } from "../../../mod.ts";
import { fc } from "../../deps.ts";
import { assertAlike, numbers, onBoth } from "../../helpers/holds_to_definition.ts";

await useBackend({ backend: "wasm" });

type BackendName = "cpu" | "wasm";

const SHAPES = [[7, 5], [5], [], [33, 17], [1, 1, 3, 2]] as const;

/** Parameters under names that are used nowhere else. */
let made = 0;
function parametersOf(shapes: readonly Shape[]): Variable[] {
  const name = `adam test ${made++}`;
  return shapes.map((shape, i) =>
    tf.tidy(() =>
      tf.variable(tf.tensor(numbers(i + 1, sizeOf(shape)), [...shape]), true, `${name}/${i}`)
    )
  );
}

/** What a step is given, as far as there is a gradient: large ones, small ones and zeros. */
function gradientOf(shape: Shape, step: number, i: number): Tensor {
  const scale = [1, 1e-6, 1e3, 1e-2, 30][i % 5]!;
  const values = numbers(100 * step + i, sizeOf(shape), -scale, scale);
  return tf.tensor(values.map((value, k) => k % 7 === 3 ? 0 : value), [...shape]);
}

/** Steps from … to − 1. */
function take(
  optimizer: Optimizer,
  parameters: readonly Variable[],
  [from, to]: readonly [number, number],
  isMissing: (step: number, i: number) => boolean = () => false,
): void {
  for (let step = from; step < to; step++) {
    tf.tidy(() =>
      optimizer.applyGradients(parameters.map((variable, i) => ({
        name: variable.name,
        // As `minimize` has it where no gradient passes.
        tensor: isMissing(step, i)
          ? null as unknown as Tensor
          : gradientOf(variable.shape, step, i),
      })))
    );
  }
}

const valuesOf = (parameters: readonly Variable[]): number[] =>
  parameters.flatMap((variable) => [...variable.dataSync()]);

/**
 * Steps are as long as the rate whatever the gradient, so that numbers are held to what the parameters
 * have moved by. TensorFlow.js keeps the powers of β₁ and β₂ in float32: 1 − 0.999ᵗ has 1e-4 of an
 * error at first, of which a step has half.
 */
const TOLERANCE = 1e-4;

/** Runs some steps of Adam and answers how far the parameters have moved. */
function run(
  make: () => Optimizer,
  steps: number,
  isMissing?: (step: number, i: number) => boolean,
): number[] {
  const before = tf.memory().numTensors;
  const parameters = parametersOf(SHAPES), optimizer = make();
  const start = valuesOf(parameters);
  take(optimizer, parameters, [0, steps], isMissing);
  const moved = valuesOf(parameters).map((value, i) => value - start[i]!);
  optimizer.dispose();
  tf.dispose(parameters);
  assert.equal(tf.memory().numTensors, before);
  return moved;
}

Deno.test("adam() on wasm steps as TensorFlow.js's own on cpu", async () => {
  const decay = fc.constantFrom(0, 0.5, 0.9, 0.999);
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        learningRate: fc.constantFrom(1e-4, 1e-3, 0.1),
        beta1: decay,
        beta2: decay,
        epsilon: fc.constantFrom(1e-8, 1e-7, 1e-3),
      }),
      fc.nat(3),
      async ({ learningRate, beta1, beta2, epsilon }, missing) => {
        const isMissing = (step: number, i: number) => missing > 0 && (step + i) % 4 < missing;
        await tf.setBackend("cpu");
        const expected = run(
          () => tf.train.adam(learningRate, beta1, beta2, epsilon),
          50,
          isMissing,
        );
        await tf.setBackend("wasm");
        const options = { learningRate, beta1, beta2, epsilon };
        assertAlike(run(() => adam(options), 50, isMissing), expected, { tolerance: TOLERANCE });
      },
    ),
    { numRuns: 12, seed: 1 },
  );
});

Deno.test("adam() on wasm updates parameters that threads share, and none of no size", async () => {
  const shapes = [[301, 211], [0, 3], [2]];
  const { cpu, wasm } = await onBoth(() => {
    const parameters = parametersOf(shapes), optimizer = adam();
    take(optimizer, parameters, [0, 2]);
    const values = valuesOf(parameters);
    optimizer.dispose();
    tf.dispose(parameters);
    return values;
  });
  assertAlike(wasm, cpu);
});

/** Steps on one backend after the other; the optimizer is saved and restored where `anew`. */
async function takeOn(legs: readonly (readonly [BackendName, number])[], anew: boolean) {
  await tf.setBackend("cpu");
  const before = tf.memory().numTensors;
  const parameters = parametersOf(SHAPES), start = valuesOf(parameters);
  let optimizer = adam({ learningRate: 0.01 }), step = 0;
  for (const [backend, steps] of legs) {
    await tf.setBackend(backend);
    if (anew && step > 0) {
      const saved = optimizer, weights = await saved.getWeights();
      optimizer = adam({ learningRate: 0.01 });
      await optimizer.setWeights(weights);
      saved.dispose();
      weights[0]!.tensor.dispose(); // The number of steps; the others are the moments themselves.
    }
    take(optimizer, parameters, [step, step += steps]);
  }
  const iterations = optimizer.iterations;
  const moved = valuesOf(parameters).map((value, i) => value - start[i]!);
  optimizer.dispose();
  tf.dispose(parameters);
  return { moved, iterations, left: tf.memory().numTensors - before };
}

for (const anew of [false, true]) {
  const how = anew ? "saved on one backend and restored on another" : "that changes the backend";
  Deno.test(`adam() ${how} goes on where it was`, async () => {
    const expected = await takeOn([["cpu", 12]], false);
    for (
      const legs of [
        [["wasm", 12]],
        [["wasm", 5], ["cpu", 7]],
        [["cpu", 5], ["wasm", 7]],
        [["wasm", 3], ["cpu", 4], ["wasm", 5]],
        [["cpu", 1], ["wasm", 1], ["cpu", 10]],
        [["wasm", 4], ["wasm", 8]],
      ] as const
    ) {
      const { moved, iterations } = await takeOn(legs, anew);
      assert.equal(iterations, 12);
      assertAlike(moved, expected.moved, { tolerance: TOLERANCE, what: `parameters of ${legs}` });
    }
  });
}

Deno.test("adam() lets go of its moments", async () => {
  for (const backend of ["cpu", "wasm"] as const) {
    assert.equal((await takeOn([[backend, 3]], false)).left, 0, backend);
  }
});

Deno.test("adam() saves what TensorFlow.js's own restores, and the other way round", async () => {
  const kinds = [() => adam({ learningRate: 0.01 }), () => tf.train.adam(0.01)];
  const results: number[][] = [];
  for (const [first, second] of [[0, 1], [1, 0]] as const) {
    await tf.setBackend("wasm");
    const parameters = parametersOf(SHAPES);
    const one = kinds[first]!(), other = kinds[second]!();
    take(one, parameters, [0, 4]);
    await other.setWeights(await one.getWeights());
    take(other, parameters, [4, 8]);
    results.push(valuesOf(parameters));
    one.dispose();
    other.dispose();
    tf.dispose(parameters);
  }
  assertAlike(results[0]!, results[1]!, { tolerance: TOLERANCE });
});

Deno.test("adam() refuses what is out of range", () => {
  const wrong: AdamOptions[] = [
    ...[0, -1, NaN, Infinity].flatMap((value) => [{ learningRate: value }, { epsilon: value }]),
    ...[-0.1, 1, 1.5, NaN, Infinity].flatMap((value) => [{ beta1: value }, { beta2: value }]),
  ];
  for (const options of wrong) {
    const [name, value] = Object.entries(options)[0]!;
    assert.throws(() => adam(options), {
      name: "RangeError",
      message: new RegExp(
        `^Cannot build optimizer as '${name}' must be .*: current value is ${value}$`,
      ),
    });
  }
  adam({ beta1: 0, beta2: 0 }).dispose();
});

Deno.test("applyGradients() reports a parameter that was not finite before the step", async () => {
  await tf.setBackend("wasm");
  const sizes = [1, 3, 4, 5, 64, 30_001];
  const optimizer = adam(), parameters = parametersOf(sizes.map((size) => [size]));
  const probesOf = (values: readonly (ArrayLike<number>)[]): boolean[] =>
    tf.tidy(() => {
      parameters.forEach((variable, i) => variable.assign(tf.tensor1d(Array.from(values[i]!))));
      const gradients = parameters.map((variable) => [variable.name, tf.onesLike(variable)]);
      const probes = applyGradients(optimizer, Object.fromEntries(gradients));
      return [...probes!.dataSync()].map((probe) => Number.isFinite(probe));
    });
  const sound = sizes.map((size) => numbers(size, size));
  assert.deepEqual(probesOf(sound), sizes.map(() => true));
  // The largest number is finite, and so are many of them.
  assert.deepEqual(probesOf(sizes.map((size) => Array(size).fill(3.4e38))), sizes.map(() => true));
  for (const bad of [NaN, Infinity, -Infinity]) {
    for (const [i, size] of sizes.entries()) {
      for (const place of new Set([0, size >> 1, size - 1])) {
        const values = sound.map((some) => some.slice());
        values[i]![place] = bad;
        assert.deepEqual(probesOf(values), sizes.map((_, k) => k !== i), `${bad} at ${place}`);
      }
    }
  }
  // What the step itself makes is for the next one to report.
  parameters.forEach((variable) => tf.tidy(() => variable.assign(tf.onesLike(variable))));
  tf.tidy(() => {
    const gradients = parameters.map((variable) => [
      variable.name,
      tf.fill(variable.shape, NaN),
    ]);
    const probes = () => applyGradients(optimizer, Object.fromEntries(gradients))!.dataSync();
    assert(probes().every(Number.isFinite));
    assert(!probes().some(Number.isFinite));
  });
  optimizer.dispose();
  tf.dispose(parameters);
});

Deno.test("applyGradients() probes nothing where the backend has no kernel", async () => {
  await tf.setBackend("cpu");
  const optimizer = adam(), [x] = parametersOf([[3]]);
  const probes = tf.tidy(() =>
    applyGradients(optimizer, [{ name: x!.name, tensor: tf.ones([3]) }])
  );
  assert.equal(probes, undefined);
  optimizer.dispose();
  x!.dispose();
});

Deno.test("minimize() by adam() leaves no tensor behind, within a scope or without", async () => {
  for (const backend of ["cpu", "wasm"]) {
    await tf.setBackend(backend);
    const optimizer = adam(), [x] = parametersOf([[3]]);
    optimizer.minimize(() => tf.sum(x!) as tf.Scalar);
    const before = tf.memory().numTensors;
    for (let step = 0; step < 3; step++) optimizer.minimize(() => tf.sum(x!) as tf.Scalar);
    assert.equal(tf.memory().numTensors, before, backend);
    optimizer.dispose();
    x!.dispose();
  }
});
