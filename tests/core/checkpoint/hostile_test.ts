import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { decodeSafetensors, encodeSafetensors } from "../../../core/safetensors.ts";
import type { Json } from "../../../core/types.ts";
import { load, type Vae } from "../../../mod.ts";
import { toBlob, useBackend } from "../../../mod.ts";
import { smallModels } from "../../helpers/small_models.ts";

await useBackend({ backend: "cpu" });

/** The single file of a model, as its parts. */
async function partsOf(model: Vae) {
  const blob = await toBlob(model);
  model.dispose();
  const { tensors, metadata } = decodeSafetensors(new Uint8Array(await blob.arrayBuffer()));
  return { tensors: new Map(tensors), description: metadata.elbo! };
}

/** Loads what a description and weights make; throws if that takes long or leaves a tensor. */
async function open(
  description: string,
  tensors: Awaited<ReturnType<typeof partsOf>>["tensors"],
): Promise<void> {
  const bytes = encodeSafetensors(tensors, { elbo: description });
  const before = tf.memory().numTensors, started = performance.now();
  try {
    (await load(bytes)).dispose();
  } finally {
    assert(performance.now() - started < 2000, "it takes long");
    assert.equal(tf.memory().numTensors, before, "the number of tensors");
  }
}

/** A JSON value with one place changed, named by a path such as `latent.0`. */
function changed(text: string, path: string, value: Json): string {
  const json = JSON.parse(text), names = path.split(".");
  const last = names.pop()!;
  const place = names.reduce((place, name) => place[name], json);
  assert(last in place, path);
  place[last] = value;
  return JSON.stringify(json);
}

const BILLION = 1e9;

/** For each model, numbers that would make something huge. */
const huge: readonly (readonly [model: string, path: string, message: RegExp])[] = [
  ["betaTcVae", "latent.0", /'encoder\/mean\/kernel' must have shape \[4, 1000000000\]/],
  ["betaTcVae", "data.0", /'encoder\/hidden0\/kernel' must have shape \[1000000000, 4\]/],
  ["betaTcVae", "parts.encoder.options.hidden.0", /must have shape \[6, 1000000000\]/],
  ["conditional", "condition.0", /must have shape \[1000000006, 4\]/],
  ["convolutions", "data.0", /'encoder\/mean\/kernel' must have shape/],
  ["convolutions", "parts.encoder.options.kernelSize", /must have shape \[1000000000, 1000000000/],
  ["convolutions", "parts.likelihood.options.components", /must have shape/],
  [
    "flows",
    "parts.prior.options.flow.options.flows.0.options.layers",
    /coupling2.* must have shape/,
  ],
  ["flows", "parts.prior.options.flow.options.flows.1.options.hidden.0", /must have shape/],
  ["flows", "parts.posterior.options.layers", /layer1.* must have shape/],
  ["flows", "parts.posterior.options.context", /'encoder\/context\/kernel' must have shape/],
  ["gumbelVae", "latent.1", /'encoder\/logits\/kernel' must have shape/],
  [
    "hierarchical",
    "parts.prior.options.latent",
    /'prior\/encoder\/mean\/kernel' must have shape/,
  ],
  [
    "layers",
    "parts.encoder.options.model.config.layers.0.config.units",
    /its weights must be among the \d+ numbers that are stored: current value is \[6, 1000000000\]/,
  ],
  ["lowRank", "parts.posterior.options.rank", /'encoder\/factor\/kernel' must have shape/],
  ["lowRank", "parts.prior.options.components", /must have shape \[1000000000/],
  ["residual", "parts.encoder.options.blocks", /block1.* must have shape/],
  ["tabularVae", "parts.likelihood.options.job.options.categories", /must have shape/],
  ["vampVae", "parts.prior.options.components", /'prior\/pseudoInputs' must have shape/],
];
for (const [name, path, message] of huge) {
  Deno.test(`load() refuses a billion at ${path} of ${name}, before anything is made of it`, async () => {
    const { tensors, description } = await partsOf(smallModels[name]!());
    await open(description, tensors);
    await assert.rejects(open(changed(description, path, BILLION), tensors), {
      name: "RangeError",
      message,
    });
  });
}

Deno.test("load() does not run what a file describes", async () => {
  const { tensors, description } = await partsOf(smallModels.iwae!());
  await open(changed(description, "parts.objective.options.samples", BILLION), tensors);
});

/** Plugins within plugins. */
const nested = (times: number): string =>
  '{"$plugin":"symlog","kind":"network","options":{"network":'.repeat(times) + "0" +
  "}}".repeat(times);

/** Files that describe a model, changed as text. */
const texts: Readonly<Record<string, readonly [(text: string) => string, RegExp]>> = {
  "nothing": [() => "", /'elbo' in 'bytes' must be JSON/],
  "10,000 plugins within each other": [
    (text) => text.replace('{"$plugin":"mlp"', `{"other":${nested(10_000)},"$plugin":"mlp"`),
    /the lists and records of 'elbo' in 'bytes' must lie at most 100 deep/,
  ],
  "a million open lists": [() => "[".repeat(1_000_000), /must lie at most 100 deep/],
  "a name twice": [
    (text) => text.replace('"latent":', '"latent":[1],"latent":'),
    /the names in each record of 'elbo' in 'bytes' must be unique: current value is 'latent'/,
  ],
  "a prototype": [
    (text) => text.replace('"parts":{', '"parts":{"__proto__":{"polluted":true},'),
    /no name in 'elbo' in 'bytes' may be '__proto__'/,
  ],
  "a prototype that hides": [
    (text) => text.replace('"parts":{', '"parts":{"\\u005f_proto__":{"polluted":true},'),
    /no name in 'elbo' in 'bytes' may be '__proto__'/,
  ],
  "a description beyond 16 MiB": [
    (text) => text + " ".repeat(2 ** 24),
    /must have at most 16777216 bytes/,
  ],
  "a plugin that everything inherits": [
    (text) => text.replace('"$plugin":"mlp"', '"$plugin":"hasOwnProperty"'),
    /network 'hasOwnProperty' must be passed as \{ plugins: \[hasOwnProperty\] \}/,
  ],
  "a kind that everything inherits": [
    (text) => text.replace('"kind":"network"', '"kind":"constructor"'),
    /constructor 'mlp' must be passed as/,
  ],
  "a plugin without a name": [
    (text) => text.replace('"$plugin":"mlp"', '"$plugin":{"toString":0}'),
    /every plugin must have a kind and a name/,
  ],
  "a plugin in the place of another": [
    (text) =>
      text.replace(
        '{"$plugin":"standardNormal","kind":"prior"',
        '{"$plugin":"mlp","kind":"network"',
      ),
    /'prior' must be a prior plugin/,
  ],
  "options that are none": [
    (text) => text.replace(/"options":\{"hidden":\[4\].*?\}/, '"options":null'),
    /its plugins must take the options in its file|must have shape/,
  ],
  "a shape that is none": [
    (text) => text.replace('"data":[6]', '"data":"6"'),
    /'data' must be a list of sizes/,
  ],
  "progress that is none": [
    (text) => text.replace('"step":0', '"step":-1'),
    /must have 'parts' and 'progress'/,
  ],
};
for (const [what, [change, message]] of Object.entries(texts)) {
  Deno.test(`load() refuses ${what} at once`, async () => {
    const { tensors, description } = await partsOf(smallModels.betaTcVae!());
    const text = change(description);
    assert.notEqual(text, description);
    await assert.rejects(open(text, tensors), (error: Error) => {
      assert.match(error.message, message);
      return error instanceof RangeError || error instanceof TypeError;
    });
    assert(!("polluted" in {}));
  });
}

Deno.test("load() refuses parameters that are not finite, and so does save()", async () => {
  const { tensors, description } = await partsOf(smallModels.betaTcVae!());
  for (const value of [NaN, Infinity, -Infinity]) {
    const bias = { shape: [4], values: Float32Array.of(0, 0, value, 0) };
    await assert.rejects(open(description, new Map(tensors).set("encoder/hidden0/bias", bias)), {
      name: "RangeError",
      message: "Cannot load model as every value of 'encoder/hidden0/bias' must be finite: " +
        `current value is ${value}`,
    });
  }
  const model = smallModels.betaTcVae!();
  const bias = model.parameters.get("encoder/hidden0/bias")!;
  tf.tidy(() => bias.assign(tf.fill([4], NaN)));
  await assert.rejects(
    toBlob(model),
    /Cannot save as every value of 'encoder\/hidden0\/bias' must/,
  );
  model.dispose();
});
