/**
 * Weights of PyTorch in a model of Elbo, and the other way round.
 *
 *     deno run --allow-read --allow-write=out examples/pytorch.ts
 *
 * `examples/pytorch/vae.py` has the same convolutional VAE in PyTorch. It wrote the weights that are
 * read here, and what they make of five pictures; the largest differences are on the last line, which
 * is one JSON object. Then the model is trained a little and written for PyTorch, where
 *
 *     python3 examples/pytorch/vae.py check out/pytorch
 *
 * compares in its turn.
 *
 * @module
 */
// deno-lint-ignore-file no-console -- an example is there to be read
import { parseArgs } from "node:util";
import {
  dataset,
  divergences,
  fit,
  likelihoods,
  loadParameters,
  networks,
  type ParameterLayout,
  posteriors,
  priors,
  readSafetensors,
  saveParameters,
  type StoredTensor,
  useBackend,
  vae,
  writeSafetensors,
} from "../mod.ts";
import { tf } from "../core/tf.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    from: { type: "string", default: "examples/pytorch" },
    out: { type: "string", default: "out/pytorch" },
  },
});
await useBackend({ backend: "cpu" });

// Kernels of 4 with stride 2 pad a picture by 1 on each side, here and there.
const convolutions = { kernelSize: 4, stride: 2 } as const;
const model = vae({
  data: [8, 8, 1],
  latent: 2,
  encoder: networks.conv({ channels: [3, 4], ...convolutions }),
  decoder: networks.deconv({ channels: [4, 3], ...convolutions }),
  posterior: posteriors.diagonalNormal(),
  prior: priors.standardNormal(),
  likelihood: likelihoods.bernoulli(),
  divergence: divergences.kl(),
});

/** What the layers are called there, and which pictures lie flat between two of them. */
const layout: ParameterLayout = {
  layout: "pytorch",
  names: {
    "encoder/conv0": "encoder.0",
    "encoder/conv1": "encoder.2",
    "encoder/mean": { name: "to_mean", inputs: [4, 2, 2] },
    "encoder/rawScale": { name: "to_raw_scale", inputs: [4, 2, 2] },
    "decoder/hidden0": { name: "from_latent", outputs: [4, 2, 2] },
    "decoder/deconv0": "decoder.2",
    "decoder/logits": "decoder.4",
  },
};
await loadParameters(model, `${values.from}/state_dict.safetensors`, layout);
const { tensors } = await readSafetensors(`${values.from}/answers.safetensors`);

/** What the model makes of the pictures, by the names that PyTorch's answers have. */
function answers(): Readonly<Record<string, StoredTensor>> {
  return tf.tidy(() => {
    const { shape, values } = tensors.get("x")!;
    const x = tf.tensor(values, [...shape]), { mean, scale } = model.encode(x);
    const reconstruction = model.reconstruct(x);
    return Object.fromEntries(
      Object.entries({ x, mean, scale, reconstruction }).map(([name, tensor]) => [
        name,
        { shape: tensor.shape, values: tensor.dataSync<"float32">() },
      ]),
    );
  });
}

const differences = Object.entries(answers()).map(([name, { values }]) => {
  const wanted = tensors.get(name)!.values;
  return [name, Math.max(...values.map((value, i) => Math.abs(value - wanted[i]!)))] as const;
});

const { shape, values: pictures } = tensors.get("x")!;
const data = dataset(pictures, { shape: shape.slice(1), support: "binary" });
await fit(model, data, { epochs: 50, learningRate: 0.01 });
await saveParameters(model, `${values.out}/state_dict.safetensors`, layout);
await writeSafetensors(`${values.out}/answers.safetensors`, answers());
model.dispose();
console.log(JSON.stringify(Object.fromEntries(differences)));
