/**
 * What is left when a device is lost.
 *
 * @module
 */
import { tf } from "../../../../../core/deps.ts";
import {
  type BackendName,
  DeviceLostError,
  evaluate,
  fit,
  load,
  toBlob,
  useBackend,
  type Vae,
} from "../../../../../mod.ts";
import { afterStep, BATCH, CASES } from "./models.ts";

/** What was found. */
export interface Losses {
  /** What is so after the device was lost. */
  readonly lost: Readonly<Record<string, boolean>>;
  /** Milliseconds from the loss of the device to the end of each run. */
  readonly ends: Readonly<Record<string, number>>;
  /** The message in which a run ended. */
  readonly message: string;
}

/** Has the backend in use lose its device. */
export function loseDevice(): void {
  const { gpgpu, device } = tf.backend() as unknown as {
    readonly gpgpu?: { readonly gl: { getExtension(name: string): { loseContext(): void } } };
    readonly device?: { destroy(): void };
  };
  gpgpu?.gl.getExtension("WEBGL_lose_context").loseContext();
  device?.destroy();
}

/** All parameters of a model. */
export async function valuesOf(model: Vae): Promise<string> {
  const values: unknown[] = [];
  for (const [path, variable] of model.parameters) values.push([path, ...await variable.data()]);
  return JSON.stringify(values);
}

/** What something throws, sooner or later; nothing if it does not. */
async function errorOf(run: () => unknown): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
}

const isLoss = (error: unknown): error is DeviceLostError => error instanceof DeviceLostError;

/** Loses the device in a run, in an evaluation and while numbers are on their way. */
export async function lose(backend: BackendName, home: BackendName): Promise<Losses> {
  const so: Record<string, boolean> = {}, ends: Record<string, number> = {};
  const losses = async () => {
    const [model, data] = CASES.bernoulli();
    const { history } = await fit(model, data, { steps: 12, batchSize: BATCH });
    model.dispose();
    return JSON.stringify(history);
  };
  const before = await losses();

  const tensors = tf.memory().numTensors;
  const [model, data] = CASES.bernoulli();
  let kept: Blob | undefined, values = "", lostAt = 0;
  const watch = afterStep(async ({ step }) => {
    if (step === 10) {
      values = await valuesOf(model);
      kept = await toBlob(model);
    }
    if (step !== 15) return;
    loseDevice();
    lostAt = performance.now();
  });
  const error = await errorOf(() =>
    fit(model, data, { epochs: 2000, batchSize: BATCH, callbacks: [watch] })
  );
  ends.fit = performance.now() - lostAt;
  so.fit = isLoss(error) && error.backend === backend && error.step! >= 15;
  const message = String(error);
  so.parameters = isLoss(await errorOf(() => valuesOf(model)));
  so.save = isLoss(await errorOf(() => toBlob(model)));
  so.use = isLoss(
    await errorOf(() => tf.tidy(() => model.sample(200, { seed: 1 }).dataSync())),
  );
  const evaluation = await errorOf(() => evaluate(model, data, { seed: 1 }));
  so.evaluate = isLoss(evaluation) &&
    /^Cannot evaluate as the GPU must stay/.test(evaluation.message);
  so.again = isLoss(await errorOf(() => fit(model, data, { epochs: 1 })));

  await useBackend({ backend: home });
  so.elsewhere = isLoss(await errorOf(() => valuesOf(model)));
  so.usedElsewhere = isLoss(
    await errorOf(() => tf.tidy(() => model.sample(200, { seed: 1 }).dataSync())),
  );
  model.dispose();
  so.disposed = tf.memory().numTensors === tensors;
  const loaded = await load(kept!) as Vae;
  so.kept = await valuesOf(loaded) === values;
  const { history } = await fit(loaded, data, { steps: 5, batchSize: BATCH });
  so.goesOn = Number.isFinite(history[0]!.training.objective);
  loaded.dispose();

  // The backend once more, on another device.
  await useBackend({ backend });
  so.starts = tf.getBackend() === backend && await losses() === before;

  const [second] = CASES.bernoulli();
  const evaluating = errorOf(() => evaluate(second, data, { seed: 1, batchSize: 1 }));
  await new Promise((resolve) => setTimeout(resolve, 20));
  loseDevice();
  const when = performance.now();
  so.whileEvaluating = isLoss(await evaluating);
  ends.evaluate = performance.now() - when;
  second.dispose();

  await useBackend({ backend });
  const sum = tf.add(tf.ones([2000]), 1);
  const reading = errorOf(() => sum.data());
  loseDevice();
  const then = performance.now();
  const found = await reading; // What was computed before may still arrive.
  so.whileReading = isLoss(found) || found === undefined;
  ends.read = performance.now() - then;
  sum.dispose();
  await useBackend({ backend: home });
  return { lost: so, ends, message };
}
