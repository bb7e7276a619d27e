import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import {
  divergences,
  likelihoods,
  loadParameters,
  networks,
  type ParameterLayout,
  presets,
  readSafetensors,
  saveParameters,
  useBackend,
  type Vae,
  vae,
  writeSafetensors,
} from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { inFolder } from "../../helpers/run.ts";
import { tinyParts } from "../../helpers/tiny.ts";

await useBackend({ backend: "cpu" });

/** The convolutional VAE that `examples/pytorch/vae.py` has in PyTorch. */
function convolutional(seed: number): Vae {
  const options = { kernelSize: 4, stride: 2 } as const;
  return vae({
    ...tinyParts,
    seed,
    data: [8, 8, 1],
    encoder: networks.conv({ channels: [3, 4], ...options }),
    decoder: networks.deconv({ channels: [4, 3], ...options }),
    likelihood: likelihoods.bernoulli(),
    divergence: divergences.kl(),
  });
}

const layout: ParameterLayout = {
  layout: "pytorch",
  names: {
    "encoder/conv0": "encoder.0",
    "encoder/conv1": "encoder.2",
    "encoder/mean": { name: "to_mean", inputs: [4, 2, 2] },
    "encoder/rawScale": { name: "to_raw_scale", inputs: [4, 2, 2] },
    "decoder/hidden0": { name: "from_latent", outputs: [4, 2, 2] },
    "decoder/deconv0/kernel": "decoder.2.weight",
    "decoder/deconv0/bias": "decoder.2.bias",
    "decoder/logits": "decoder.4",
  },
};

/** What PyTorch and the reference implementation of safetensors wrote. */
const WRITTEN = "examples/pytorch";

Deno.test("loadParameters() reads a state dict of PyTorch, and the model answers as there", async () => {
  const model = convolutional(1);
  await loadParameters(model, `${WRITTEN}/state_dict.safetensors`, layout);
  const { tensors } = await readSafetensors(`${WRITTEN}/answers.safetensors`);
  tf.tidy(() => {
    const wanted = (name: string) => {
      const { shape, values } = tensors.get(name)!;
      return tf.tensor(values, [...shape]);
    };
    const { mean, scale } = model.encode(wanted("x")) as unknown as Record<string, tf.Tensor>;
    const close = { absolute: 2e-6, relative: 1e-5 };
    assertClose(mean!, wanted("mean"), close);
    assertClose(scale!, wanted("scale"), close);
    assertClose(model.reconstruct(wanted("x")), wanted("reconstruction"), close);
  });
  model.dispose();
});

Deno.test("saveParameters() writes a state dict of PyTorch, byte by byte", () =>
  inFolder(async (folder) => {
    const model = convolutional(1), path = `${folder}/state_dict.safetensors`;
    await loadParameters(model, `${WRITTEN}/state_dict.safetensors`, layout);
    await saveParameters(model, path, layout);
    assert.deepEqual(
      await Deno.readFile(path),
      await Deno.readFile(`${WRITTEN}/state_dict.safetensors`),
    );
    model.dispose();
  }));

/** The names and shapes that the parameters of a model have in a file. */
async function written(model: Vae, path: string, layout: ParameterLayout) {
  await saveParameters(model, path, layout);
  const { tensors } = await readSafetensors(path);
  return Object.fromEntries(Array.from(tensors, ([name, { shape }]) => [name, shape]));
}

Deno.test("parameters have the names of their layers, or others", () =>
  inFolder(async (folder) => {
    const model = presets.vae({ data: [4], latent: 2, hidden: [3] }), path = `${folder}/a`;
    const here = await written(model, path, {});
    assert.deepEqual(here["encoder/hidden0/kernel"], [4, 3]);
    assert.deepEqual(Object.keys(here), [...model.parameters.keys()].sort());
    const there = await written(model, path, { layout: "pytorch" });
    assert.deepEqual(there["encoder.hidden0.weight"], [3, 4]);
    assert.deepEqual(there["encoder.hidden0.bias"], [3]);
    const names = { encoder: "net.q", "encoder/mean": "mu", "encoder/mean/bias": "b" };
    const renamed = await written(model, path, { layout: "pytorch", names });
    assert.deepEqual(renamed["net.q.hidden0.weight"], [3, 4]);
    assert.deepEqual([renamed["mu.weight"], renamed.b], [[2, 3], [2]]);
    model.dispose();
  }));

Deno.test("loadParameters() refuses what does not fit, and changes nothing", () =>
  inFolder(async (folder) => {
    const model = presets.vae({ data: [4], latent: 2, hidden: [3] });
    const path = `${folder}/parameters.safetensors`;
    await saveParameters(model, path);
    const { tensors } = await readSafetensors(path);
    const all = Object.fromEntries(tensors), bias = tensors.get("encoder/mean/bias")!;
    const { "encoder/mean/bias": _, ...rest } = all;
    const filled = (value: number) => ({ ...bias, values: bias.values.map(() => value) });
    const files = [
      [rest, /'encoder\/mean\/bias' must have shape \[2\]: current value is 'missing'/],
      [
        { ...all, "encoder/mean/bias": { shape: [1, 2], values: bias.values } },
        /'encoder\/mean\/bias' must have shape \[2\]: current value is \[1, 2\]/,
      ],
      [{ ...all, other: bias }, /every name must be one of the model's: current value is 'other'/],
      [
        { ...all, "encoder/mean/bias": filled(Infinity) },
        /every value of 'encoder\/mean\/bias' must be finite: current value is Infinity/,
      ],
    ] as const;
    for (const [file, message] of files) {
      await writeSafetensors(path, file);
      await assert.rejects(loadParameters(model, path), { name: "RangeError", message });
    }
    const names = { "encoder/mean": { name: "mean", inputs: [2, 2, 2] } };
    await assert.rejects(
      loadParameters(model, path, { layout: "pytorch", names }),
      /'inputs' of 'encoder\/mean\/kernel' must be a picture \[C, H, W\] of 3 elements/,
    );

    await writeSafetensors(path, { "encoder/mean/bias": filled(5), other: bias });
    await assert.rejects(loadParameters(model, path), /must be one of the model's/);
    await loadParameters(model, path, { partial: true });
    const [changed] = await model.parameters.get("encoder/mean/bias")!.data();
    assert.equal(changed, 5);
    const kernel = await model.parameters.get("encoder/mean/kernel")!.data();
    assert.deepEqual(kernel, tensors.get("encoder/mean/kernel")!.values);

    model.dispose();
    await assert.rejects(loadParameters(model, path), /the model must not be disposed/);
    await assert.rejects(saveParameters(model, path), /the model must not be disposed/);
  }));

Deno.test("names of nothing in the model, of two parameters, or of an unknown layout are refused", () =>
  inFolder(async (folder) => {
    const model = presets.vae({ data: [4], latent: 2, hidden: [3] }), path = `${folder}/a`;
    const refusals = [
      [{ names: { "encoder/hiden0": "a" } }, /every key of 'names' must be .*'encoder\/hiden0'/],
      [{ names: { "encoder/hid": "a" } }, /every key of 'names' must be .*'encoder\/hid'/],
      [
        { names: { "encoder/mean": "a", "encoder/rawScale": "a" } },
        /every name in the file must be unique: current value is 'a\//,
      ],
      [{ layout: "keras" as "elbo" }, /'layout' must be 'elbo' or 'pytorch': .*'keras'/],
    ] as const;
    for (const [layout, message] of refusals) {
      await assert.rejects(saveParameters(model, path, layout), { name: "RangeError", message });
    }
    model.dispose();
  }));
