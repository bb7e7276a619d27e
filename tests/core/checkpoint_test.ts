import assert from "node:assert/strict";
import { tf } from "../../core/deps.ts";
import { integrityOf } from "../../core/files/integrity.ts";
import { decodeSafetensors, encodeSafetensors } from "../../core/safetensors.ts";
import {
  distributions,
  divergences,
  fit,
  type Json,
  likelihoods,
  load,
  narrow,
  networks,
  type Prior,
  save,
  schedules,
  type Vae,
  vae,
} from "../../mod.ts";
import { inFolder } from "../helpers/run.ts";
import { tinyData, tinyModel, tinyParts } from "../helpers/tiny.ts";

/** What tells two models apart: their summary, and how they see some data. */
function look(model: Vae): unknown {
  const batch = tinyData().rows([0, 1, 2]);
  const nats = tf.tidy(() => model.elbo(batch, { seed: 1 }).bound!.nats.arraySync());
  tf.dispose(Object.values(batch));
  return [model.summary(), nats];
}

Deno.test("load() gives back what save() was given", () =>
  inFolder(async (folder) => {
    const relu = tf.sequential({
      layers: [tf.layers.dense({ inputShape: [6], units: 5, activation: "relu" })],
    });
    const beta = schedules.linear({ from: 0, to: 1, steps: 10 });
    const closedForms = [divergences.normalStandardNormal];
    const models = [
      tinyModel(),
      vae({ ...tinyParts, likelihood: likelihoods.normal(), divergence: divergences.kl() }),
      vae({
        ...tinyParts,
        encoder: networks.layers({ model: relu }),
        divergence: divergences.betaKl({ beta, divergence: divergences.kl({ closedForms }) }),
      }),
    ];
    for (const model of models) {
      await fit(model as Vae<"binary">, tinyData(), { steps: 3, batchSize: 32 });
      await save(model, folder);
      const same = await load(folder);
      assert.deepEqual(look(same), look(model));
      same.dispose();
      model.dispose();
    }
    relu.dispose();
  }));

/** A prior that Elbo does not have. */
function shifted({ by }: { readonly by: number }): Prior<distributions.Normal> {
  return {
    kind: "prior",
    name: "shifted",
    options: { by },
    build: ({ latent }) => () => {
      const mean = tf.fill([1, ...latent], by);
      return distributions.normal({ mean, scale: tf.onesLike(mean) });
    },
  };
}

Deno.test("load() takes outside plugins, and names a missing one with what to pass", () =>
  inFolder(async (folder) => {
    const parts = { ...tinyParts, prior: shifted({ by: 2 }) };
    const model = vae({ ...parts, divergence: divergences.kl() });
    await save(model, folder);
    await assert.rejects(
      load(folder),
      /Cannot load model as prior 'shifted' must be passed as \{ plugins: \[shifted\] \}: current value is \[\]/,
    );
    const same = await load(folder, { plugins: [shifted] });
    assert.deepEqual(look(same), look(model));
    same.dispose();
    model.dispose();
  }));

Deno.test("narrow() gives a loaded model the type of its support, and refuses another", () =>
  inFolder(async (folder) => {
    const model = tinyModel();
    await save(model, folder);
    const loaded = await load(folder);
    const binary = narrow(loaded, "binary");
    await fit(binary, tinyData(), { steps: 1, batchSize: 8 });
    assert.throws(
      () => narrow(loaded, "real"),
      /Cannot narrow model as its likelihood must have support 'real': current value is 'binary'/,
    );
    loaded.dispose();
    model.dispose();
  }));

/** A file of eight bytes of values under some header. */
function header(entries: unknown): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(entries));
  const bytes = new Uint8Array(8 + json.length + 8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

Deno.test("load() refuses damaged files, and leaves no tensor behind", () =>
  inFolder(async (folder) => {
    const model = tinyModel();
    await save(model, folder);
    model.dispose();
    const before = tf.memory().numTensors;
    const good = await Deno.readTextFile(`${folder}/model.json`);
    const weights = await Deno.readFile(`${folder}/parameters.safetensors`);
    const json: Readonly<Record<string, RegExp>> = {
      "{": /model.json' must be JSON: current value is '\{'/,
      null: /must say format 'elbo' and version 1/,
      [good.replace('"version": 1', '"version": 9')]: /version 1: current value is \[elbo, 9\]/,
      [good.replace('"mlp"', '"no such"')]: /network 'no such' must be passed as/,
      [good.replace('"mlp"', '"constructor"')]: /network 'constructor' must be passed as/,
    };
    for (const [text, message] of Object.entries(json)) {
      await Deno.writeTextFile(`${folder}/model.json`, text);
      await assert.rejects(load(folder), message);
    }
    // Parameters that were put there by another program, and not meant to be those that were saved.
    const { integrity: _, ...others } = JSON.parse(good);
    await Deno.writeTextFile(`${folder}/model.json`, JSON.stringify(others));
    const files: readonly (readonly [Uint8Array<ArrayBuffer>, RegExp])[] = [
      [header({ a: null }), /'a' must be one of F64, F32, .*: current value is undefined/],
      [
        header({ a: { dtype: "F32", shape: [1], data_offsets: 3 } }),
        /'a' must have as many bytes as its shape says/,
      ],
      [
        header({ a: { dtype: "F32", shape: [1], data_offsets: [0.5, 4.5] } }),
        /'a' must have as many bytes as its shape says/,
      ],
      [
        weights.slice(0, 5),
        /'out\/.*\/parameters.safetensors' as it must have at least 8 bytes: current value is 5/,
      ],
      [weights.slice(0, 40), /its header must end within 40 bytes/],
      [weights.slice(0, -4), /its tensors must fill the \d+ bytes behind the header/],
      [encodeSafetensors(new Map()), /'encoder\/hidden0\/kernel' must have shape \[6, 8\]/],
      [
        encodeSafetensors(
          new Map(decodeSafetensors(weights).tensors)
            .set("x", { shape: [1], values: new Float32Array(1) }),
        ),
        /every name must be one of the model's: current value is 'x'/,
      ],
    ];
    for (const [bytes, message] of files) {
      await Deno.writeFile(`${folder}/parameters.safetensors`, bytes);
      await assert.rejects(load(folder), message);
    }
    assert.equal(tf.memory().numTensors, before);
  }));

Deno.test("load() refuses a folder that holds half of one model and half of another", () =>
  inFolder(async (folder) => {
    const one = tinyModel({ seed: 1 }), other = tinyModel({ seed: 2 });
    await save(one, folder);
    await save(other, `${folder}/other`);
    const path = `${folder}/parameters.safetensors`;
    const before = tf.memory().numTensors;
    // As a power cut leaves it that comes between the two.
    await Deno.copyFile(`${folder}/other/parameters.safetensors`, path);
    await assert.rejects(load(folder), {
      name: "RangeError",
      message: `Cannot load model as '${path}' must be the file that 'model.json' was saved with ` +
        `(its 'integrity'): current value is '${await integrityOf(await Deno.readFile(path))}'`,
    });
    assert.equal(tf.memory().numTensors, before);
    await Deno.copyFile(`${folder}/other/model.json`, `${folder}/model.json`);
    const whole = await load(folder);
    assert.deepEqual(look(whole), look(other));
    const json = JSON.parse(await Deno.readTextFile(`${folder}/model.json`));
    for (const integrity of [7, null, "", "sha256-"]) {
      const text = JSON.stringify({ ...json, integrity });
      await Deno.writeTextFile(`${folder}/model.json`, text);
      await assert.rejects(load(folder), /must be the file that 'model.json' was saved with/);
    }
    for (const model of [one, other, whole]) model.dispose();
  }));

Deno.test("save() refuses a disposed model", async () => {
  const model = tinyModel();
  model.dispose();
  await assert.rejects(save(model, "nowhere"), /Cannot save as the model must not be disposed/);
});

Deno.test("load() tells plugins of one name apart by their kind", () =>
  inFolder(async (folder) => {
    /** A prior that bears the name of a likelihood. */
    const normal = (): Prior<distributions.Normal> => ({
      ...shifted({ by: 1 }),
      name: "normal",
      options: {},
    });
    const parts = { ...tinyParts, prior: normal(), likelihood: likelihoods.normal() };
    const model = vae({ ...parts, divergence: divergences.kl() });
    await save(model, folder);
    const same = await load(folder, { plugins: [normal] });
    assert.deepEqual(look(same), look(model));
    same.dispose();
    model.dispose();
    await assert.rejects(
      load(folder),
      /prior 'normal' must be passed as \{ plugins: \[normal\] \}/,
    );
  }));

Deno.test("load() knows how far the training came", () =>
  inFolder(async (folder) => {
    const model = tinyModel();
    await fit(model, tinyData(), { steps: 5, batchSize: 8 });
    await save(model, folder);
    const same = await load(folder);
    assert.deepEqual(same.progress, model.progress);
    assert.equal(same.progress.step, 4);
    same.dispose();
    model.dispose();
  }));

Deno.test("load() says which file is missing", async () => {
  await assert.rejects(load("no such folder"), {
    name: "RangeError",
    message:
      "Cannot load model as 'no such folder/model.json' must exist: current value is 'missing'",
  });
});

Deno.test("save() refuses options that a file cannot hold", async () => {
  const beta = { ...schedules.constant({ value: 1 }), options: { value: Infinity } };
  const model = vae({ ...tinyParts, divergence: divergences.betaKl({ beta }) });
  await assert.rejects(save(model, "out/never"), {
    message: "Cannot save as every option must be what JSON can hold: current value is Infinity",
  });
  model.dispose();
});

Deno.test("save() refuses what load() would not read", async () => {
  const deep = (times: number): Json => times === 0 ? 0 : [deep(times - 1)];
  const refused = [[{ deep: deep(100) }, /must lie at most 100 deep/], [
    JSON.parse('{ "__proto__": 1 }'),
    /no name in its description may be '__proto__'/,
  ]] as const;
  for (const [options, message] of refused) {
    const prior = { ...tinyParts.prior, options };
    const model = vae({ ...tinyParts, prior, divergence: divergences.kl() });
    await assert.rejects(save(model, "out/never"), { name: "RangeError", message });
    model.dispose();
  }
});
