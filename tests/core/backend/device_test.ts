import assert from "node:assert/strict";
import { requireDevice } from "../../../core/backend/device.ts";
import { tf } from "../../../core/deps.ts";
import {
  type Callback,
  DeviceLostError,
  evaluate,
  fit,
  type FitOptions,
  load,
  newestCheckpoint,
  resume,
  save,
  useBackend,
  type Vae,
} from "../../../mod.ts";
import { type Losable, type Loss, useLosable } from "../../helpers/losable.ts";
import { valuesOf } from "../../helpers/parameters.ts";
import { inFolder } from "../../helpers/run.ts";
import { tinyData, tinyModel } from "../../helpers/tiny.ts";

const OPTIONS: FitOptions<"binary"> = { epochs: 6, batchSize: 16, seed: 3 };

/** Loses a device after a step. */
function losing(device: Losable, after: number, loss: Loss): Callback {
  const step: Callback["step"] = ({ step }) => void (step === after && device.lose(loss));
  return { kind: "callback", name: "losing", step };
}

/** The loss that something ends in. */
async function lossOf(run: Promise<unknown>): Promise<DeviceLostError> {
  const error = await run.then(() => undefined, (error) => error);
  assert(error instanceof DeviceLostError, String(error));
  return error;
}

Deno.test("a run whose device is lost ends, and goes on elsewhere as if nothing was", async () => {
  await useBackend({ backend: "cpu" });
  const data = tinyData(), straight = tinyModel();
  const { history } = await fit(straight, data, OPTIONS);
  const wanted = valuesOf(straight);
  straight.dispose();
  await inFolder(async (out) => {
    const folder = `${out}/run`;
    const device = await useLosable(), before = tf.memory().numTensors;
    const model = tinyModel();
    const error = await lossOf(fit(model, data, {
      ...OPTIONS,
      checkpoints: { folder, everySteps: 5, keepBest: false },
      callbacks: [losing(device, 13, { said: true, answers: 0 })],
    }));
    const newest = `${folder}/step-00000010`;
    assert.deepEqual([error.backend, error.step, error.checkpoint], ["losable", 15, newest]);
    assert.equal(
      error.message,
      "Cannot go on training as the GPU must stay: current value is lost, on losable, " +
        `after step 15 (resume goes on from '${newest}', on any backend)`,
    );
    assert.equal(await newestCheckpoint(folder), newest);
    model.dispose();
    assert.equal(tf.memory().numTensors, before);

    const next = await useLosable();
    const callbacks = [losing(next, 17, { said: true, answers: 0 })];
    const again = await lossOf(resume(folder, data, { callbacks }));
    assert.equal(again.checkpoint, `${folder}/step-00000015`);
    assert.equal(tf.memory().numTensors, before, "its model was let go");

    await useBackend({ backend: "cpu" });
    const run = await resume(folder, data);
    assert.deepEqual(run.history, history);
    assert.deepEqual(valuesOf(run.model), wanted);
    run.model.dispose();
  });
});

Deno.test("what a lost device answers is never taken for parameters", async () => {
  await inFolder(async (out) => {
    for (const answers of [0, 1, NaN]) {
      const folder = `${out}/run ${answers}`;
      const device = await useLosable(), model = tinyModel(), told: string[] = [];
      const kept: Record<number, unknown> = {};
      const error = await lossOf(fit(model, tinyData(), {
        ...OPTIONS,
        checkpoints: { folder, everySteps: 5 },
        rollback: { attempts: 3 },
        callbacks: [
          {
            kind: "callback",
            name: "watch",
            step: ({ step }) => void (kept[step] = valuesOf(model)),
            rollback: ({ reason }) => void told.push(reason),
          },
          losing(device, 12, { said: false, answers }),
        ],
      }));
      assert.deepEqual(told, [], "a lost device is no reason to go back");
      assert.equal(error.checkpoint, `${folder}/step-00000010`);
      assert.equal(await newestCheckpoint(folder), error.checkpoint);
      await lossOf(save(model, `${out}/model`));
      await useBackend({ backend: "cpu" });
      await assert.rejects(load(`${out}/model`), /must/);
      const loaded = await load(error.checkpoint!);
      assert.deepEqual(valuesOf(loaded), kept[10]);
      loaded.dispose();
      model.dispose();
    }
  });
});

Deno.test("a device that is lost before its numbers come keeps nobody waiting", async () => {
  const device = await useLosable(), model = tinyModel();
  device.lose({ said: false });
  const run = lossOf(fit(model, tinyData(), OPTIONS));
  const evaluation = lossOf(evaluate(model, tinyData(), { seed: 1 }));
  setTimeout(() => device.lose({ said: true }), 20);
  assert.match((await run).message, /^Cannot go on training as the GPU must stay: .*is gone\)$/);
  assert.match((await evaluation).message, /^Cannot evaluate as the GPU must stay/);
  model.dispose();
});

Deno.test("what lay on a lost device can be let go, and is not to be had elsewhere", async () => {
  await useBackend({ backend: "cpu" });
  const before = tf.memory().numTensors;
  const device = await useLosable(), model: Vae<"binary"> = tinyModel();
  device.lose({ said: true, answers: 0 });
  assert.throws(() => valuesOf(model), DeviceLostError);
  await useBackend({ backend: "cpu" });
  assert.throws(() => tf.tidy(() => model.sample(1, { seed: 1 })), DeviceLostError);
  await lossOf(save(model, "out/never"));
  model.dispose();
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("what somebody aborts is no lost device", async () => {
  await useLosable({ of: "webgpu" });
  const model = tinyModel();
  const aborted: Callback = {
    kind: "callback",
    name: "aborted",
    step: () => AbortSignal.abort().throwIfAborted(),
  };
  const run = fit(model, tinyData(), { ...OPTIONS, callbacks: [aborted] });
  await assert.rejects(run, { name: "AbortError" });
  const { history } = await fit(model, tinyData(), OPTIONS);
  assert.equal(history.length, 6, "its device still computes");
  model.dispose();
});

Deno.test("a read that the device aborts is a loss, whether it says so or not", async () => {
  for (const said of [true, false]) {
    const device = await useLosable({ of: "webgpu" }), model = tinyModel();
    const callbacks = [losing(device, 12, { said })];
    await lossOf(fit(model, tinyData(), { ...OPTIONS, callbacks }));
    model.dispose();
  }
});

Deno.test("a device whose floats have 16 bits is asked nothing that they cannot hold", async () => {
  await useLosable({ halfFloats: true });
  for (let i = 0; i < 2 ** 11 + 2; i++) await requireDevice();
});
