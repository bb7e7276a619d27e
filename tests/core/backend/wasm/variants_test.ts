import assert from "node:assert/strict";
import type { WasmBackend } from "../../../../core/backend/wasm/backend.ts";
import { hasRelaxedSimd } from "../../../../core/backend/wasm/load_kernels.ts";
import { heapOf } from "../../../../core/backend/wasm/shared_heap.ts";
import { tf } from "../../../../core/deps.ts";
import { fit, seed, useBackend } from "../../../../mod.ts";
import { assertAlike, onBoth } from "../../../helpers/holds_to_definition.ts";
import { assertClose } from "../../../helpers/assert_close.ts";
import { runScript } from "./run_script.ts";
import { equip, type Outcome, train, type Trained, trained } from "./training.ts";

const wordsOf = ({ parameters }: Outcome): Uint32Array => new Uint32Array(parameters.buffer);

/** Sees that two runs ended with the same bits. */
function assertSame(actual: Outcome, expected: Outcome, what: string): void {
  const [found, wanted] = [wordsOf(actual), wordsOf(expected)];
  assert.equal(found.length, wanted.length);
  const place = found.findIndex((word, i) => word !== wanted[i]);
  assert.equal(place, -1, `${what}: parameter ${place} differs`);
  assert.deepEqual(actual.objectives, expected.objectives);
}

/** The objective and its gradients by all parameters. */
function gradientsOf(
  model: ReturnType<Trained["model"]>,
  { data, batchSize }: Trained,
): Map<string, Float32Array> {
  const found = new Map<string, Float32Array>();
  tf.tidy(() => {
    const rows = data();
    const { x } = rows.rows(Array.from({ length: batchSize }, (_, i) => i));
    const variables = [...model.parameters.values()];
    const { value, grads } = tf.engine().gradients(
      () =>
        model.ledger({ x }, {
          seed: seed(3),
          training: true,
          progress: { step: 0, steps: 1, epoch: 0, datasetSize: rows.size },
        }).objective,
      variables,
      undefined,
      true,
    );
    found.set("the objective", value.dataSync<"float32">().slice());
    grads.forEach((gradient, i) =>
      found.set(variables[i]!.name, gradient!.dataSync<"float32">().slice())
    );
  });
  return found;
}

/** Holds the gradients of a model to those on cpu, to a share of the largest of all. */
async function assertGradients(some: Trained): Promise<void> {
  const model = some.model();
  const { cpu, wasm } = await onBoth(() => gradientsOf(model, some));
  model.dispose();
  const objective = cpu.get("the objective")!;
  assertAlike(wasm.get("the objective")!, objective, { what: "the objective" });
  cpu.delete("the objective");
  const least = Math.max(
    ...[...cpu.values()].map((some) =>
      some.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
    ),
  );
  for (const [what, expected] of cpu) assertAlike(wasm.get(what)!, expected, { what, least });
}

const relaxed = hasRelaxedSimd() ? [true, false] : [false];

for (const [name, some] of Object.entries(trained)) {
  Deno.test(`a ${name} model trains to the same bits on one thread and on two`, async () => {
    const outcomes: Outcome[] = [];
    for (const threads of [1, 2, 1]) {
      const { wasm } = await useBackend({ backend: "wasm", threads });
      assert.equal(wasm!.threads, threads, wasm!.threadsReason);
      await assertGradients(some);
      outcomes.push(await train(some));
    }
    assert(outcomes[0]!.parameters.every(Number.isFinite));
    assertSame(outcomes[1]!, outcomes[0]!, "two threads");
    assertSame(outcomes[2]!, outcomes[0]!, "one thread again");
  });

  Deno.test(`a ${name} model trains alike with and without relaxed SIMD`, async () => {
    await useBackend({ backend: "wasm", threads: 1 });
    const objectives: (readonly number[])[] = [];
    for (const relaxedSimd of relaxed) {
      const outcomes: Outcome[] = [];
      for (const threads of [1, 2]) {
        const started = await equip({ relaxedSimd, threads });
        await assertGradients(some);
        outcomes.push(await train(some));
        await started?.stop();
      }
      assertSame(outcomes[1]!, outcomes[0]!, `two threads, relaxed SIMD: ${relaxedSimd}`);
      objectives.push(outcomes[0]!.objectives);
    }
    // Rounding grows from step to step.
    for (const other of objectives) assertClose(other, objectives[0]!, { relative: 1e-4 });
  });
}

Deno.test("a heap that grows amid a step changes nothing, on one thread and on two", async () => {
  for (const threads of [1, 2]) {
    await useBackend({ backend: "wasm", threads });
    const expected = await train(trained.mlp, 2);
    assertSame(await whileGrowing(() => train(trained.mlp, 2)), expected, `${threads} threads`);
  }
});

/** Makes the heap grow again and again where kernels ask for the place of their answer. */
async function whileGrowing<T>(run: () => Promise<T>): Promise<T> {
  const backend = tf.backend() as WasmBackend & { makeOutput: WasmBackend["makeOutput"] };
  const { makeOutput, wasm } = backend, heap = heapOf(backend), held: number[] = [];
  const start = heap.buffer.byteLength;
  let calls = 0;
  backend.makeOutput = (shape, dtype) => {
    // 37 is odd, so that another kernel of the step is met every time.
    if (++calls % 37 === 0 && held.length < 8) {
      const size = heap.buffer.byteLength;
      while (heap.buffer.byteLength === size) held.push(wasm._malloc(size / 4));
    }
    return makeOutput.call(backend, shape, dtype);
  };
  try {
    return await run();
  } finally {
    backend.makeOutput = makeOutput;
    assert(heap.buffer.byteLength > start, "the heap did not grow");
    for (const address of held) wasm._free(address);
  }
}

Deno.test("a heap of its own that grows amid a step changes nothing", async () => {
  // A backend that runs already keeps its heap, which moves when it grows.
  const { code, output } = await runScript(
    `import { lazy, tf } from "${import.meta.resolve("../../../../core/deps.ts")}";
    import { heapOf } from "${import.meta.resolve("../../../../core/backend/wasm/shared_heap.ts")}";
    import { useBackend } from "${import.meta.resolve("../../../../mod.ts")}";
    import { train, trained } from "${import.meta.resolve("./training.ts")}";
    await lazy.wasm();
    await tf.setBackend("wasm");
    const { wasm } = await useBackend({ backend: "wasm", threads: 2 });
    const backend = tf.backend(), heap = heapOf(backend), buffer = heap.buffer;
    console.log(wasm.threads, /heap of its own/.test(wasm.threadsReason));
    const expected = await train(trained.tiny, 3);
    const { makeOutput } = backend;
    let calls = 0, grown = 0;
    backend.makeOutput = (...call) => {
      if (++calls % 37 === 0 && grown < 8) {
        const size = heap.buffer.byteLength;
        while (heap.buffer.byteLength === size) backend.wasm._malloc(size / 4);
        grown++;
      }
      return makeOutput.apply(backend, call);
    };
    const actual = await train(trained.tiny, 3);
    const same = actual.parameters.every((value, i) => Object.is(value, expected.parameters[i]));
    console.log(grown, buffer.byteLength, same);`,
    ["--allow-read"],
  );
  assert.deepEqual({ code, output }, { code: 0, output: "1 true\n8 0 true\n" });
});

Deno.test("500 steps leave no tensor, and the heap as large as it was", async () => {
  for (const name of ["tiny", "conv"] as const) {
    await useBackend({ backend: "wasm", threads: 2 });
    const { model, data, batchSize } = trained[name];
    const before = tf.memory().numTensors;
    const built = model(), rows = data(), heap = heapOf(tf.backend());
    const seen: unknown[] = [];
    await fit(built, rows, {
      steps: 600,
      batchSize,
      callbacks: [{
        kind: "callback",
        name: "looker",
        step: ({ step }) => {
          // Numbers of steps wait to be read until the next look at them, every 50 steps.
          if (step === 100 || step === 600) {
            seen.push([
              tf.memory().numTensors,
              tf.backend().numDataIds(),
              heap.buffer.byteLength,
            ]);
          }
        },
      }],
    });
    assert.deepEqual(seen[1], seen[0], name);
    built.dispose();
    assert.equal(tf.memory().numTensors, before, name);
  }
});

/** Why this system has no BLAS, if it has none. */
async function blasObstacle(): Promise<string | undefined> {
  const { output } = await runScript(
    `import { openBlas } from "${import.meta.resolve("../../../../core/backend/wasm/blas.ts")}";
    const blas = openBlas(new WebAssembly.Memory({ initial: 1 }));
    console.log(typeof blas === "string" ? blas : "");`,
    ["--allow-read", "--allow-ffi"],
  );
  return output.trim() || undefined;
}

const noBlas = await blasObstacle();

Deno.test({
  name: "models train alike with the system's BLAS, on one thread and on two" +
    (noBlas === undefined ? "" : ` (skipped: ${noBlas})`),
  ignore: noBlas !== undefined,
  async fn() {
    await useBackend({ backend: "wasm", threads: 1 });
    // `useBackend` takes the faster one, which may be either.
    const { code, output } = await runScript(
      `import { useBackend } from "${import.meta.resolve("../../../../mod.ts")}";
      import { equip, train, trained } from "${import.meta.resolve("./training.ts")}";
      await useBackend({ backend: "wasm", threads: 1 });
      const all = [];
      for (const threads of [1, 2]) {
        await equip({ blas: true, threads });
        for (const some of Object.values(trained)) all.push((await train(some)).objectives);
      }
      console.log(JSON.stringify(all));
      Deno.exit(); // The library is never closed.`,
      ["--allow-read", "--allow-ffi"],
    );
    assert.equal(code, 0, output);
    const objectives = JSON.parse(output) as number[][];
    const models = Object.values(trained);
    assert.equal(objectives.length, 2 * models.length);
    for (const [i, some] of models.entries()) {
      const expected = (await train(some)).objectives;
      assertClose(objectives[i]!, expected, { relative: 1e-4 });
      assertClose(objectives[models.length + i]!, expected, { relative: 1e-4 });
    }
  },
});
