import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import {
  collect,
  dataset,
  evaluate,
  fit,
  fitStandardization,
  likelihoods,
  load,
  presets,
  save,
  sources,
  standardize,
  stream,
  toBlob,
  unstandardize,
  useBackend,
} from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { bytesOf } from "../../helpers/file_bytes.ts";
import { batchesOf, valuesOf } from "../../helpers/files.ts";
import { inFolder } from "../../helpers/run.ts";

await useBackend({ backend: "cpu" });

const upTo = (size: number): number[] => Array.from({ length: size }, (_, i) => i);

Deno.test("fitStandardization() finds mean and standard deviation of every entry", async () => {
  const rows = upTo(2500).map((i) => [i % 5, 100 - (i % 2), 7]);
  const { mean, scale } = await fitStandardization(dataset(rows, { support: "real" }));
  assert.deepEqual(mean, [2, 99.5, 7]);
  assertClose(scale, [Math.sqrt(2), 0.5, 1], { absolute: 1e-12 }); // A constant is left as wide as it is.
});

Deno.test("fitStandardization() is stable where the mean is far from 0, and on streams", async () => {
  // 16,777,200 … 16,777,210: squares of these would be lost even in double precision.
  const values = upTo(11_000).map((i) => [2 ** 24 - 16 + i % 11]);
  const memory = await fitStandardization(dataset(values, { support: "real" }));
  assert.equal(memory.mean[0], 2 ** 24 - 11);
  // Their deviation is that float32 can barely tell them from a constant.
  assertClose(memory.scale, [Math.sqrt(10)], { absolute: 1e-9 });
  const streamed = await stream(sources.from(() => values, { shape: [1] }));
  assert.deepEqual(await fitStandardization(streamed), memory);
});

Deno.test("standardize() changes real columns alone, and passes over what is missing", async () => {
  const text = "age,height,kind,size\n3,1,b,10\n5,3,a,NA\n7,NA,b,30\n";
  const source = sources.csv(bytesOf(text), {
    columns: { age: "count", height: "real", kind: ["a", "b"], size: "real" },
    missing: ["NA"],
  });
  const memory = await collect(source), streamed = await stream(source);
  const standardization = await fitStandardization(memory);
  assert.deepEqual(standardization, { mean: [0, 2, 0, 20], scale: [1, 1, 1, 10] });
  assert.deepEqual(await fitStandardization(streamed), standardization);
  const same = standardize(memory, standardization);
  const support: { age: "count"; height: "real"; kind: "category"; size: "real" } = same.support;
  assert.deepEqual(support, memory.support);
  const x = [[3, -1, 1, -1], [5, 1, 0, NaN], [7, NaN, 1, 1]];
  assert.deepEqual(valuesOf(same.rows([0, 1, 2])).x, x);
  const [batch] = await batchesOf(standardize(streamed, standardization), { size: 3 });
  assert.deepEqual(batch!.x, x);
  // The codes of classes are as they were, and so are their counts.
  assert.deepEqual([memory.categories, same.categories], [{ kind: 2 }, { kind: 2 }]);
  assert.deepEqual(standardize(streamed, standardization).categories, { kind: 2 });
});

Deno.test("standardize() leaves other supports alone, and a column without a value", async () => {
  const counts = dataset([[1, 5], [3, 9]], { support: "count" });
  const identity = { mean: [0, 0], scale: [1, 1] };
  assert.deepEqual(await fitStandardization(counts), identity);
  const { x } = valuesOf(standardize(counts, { mean: [1, 1], scale: [2, 2] }).rows([0]));
  assert.deepEqual(x, [[1, 5]]);
  const empty = dataset([[1, 0], [3, 0]], { support: "real", mask: [[1, 0], [1, 0]] });
  assert.deepEqual(await fitStandardization(empty), { mean: [2, 0], scale: [1, 1] });
});

Deno.test("unstandardize() undoes standardize() on tensors of any number of axes", () => {
  const standardization = { mean: [1, 2, 3, 4, 5, 6], scale: [1, 2, 3, 4, 5, 6] };
  const tensors = tf.memory().numTensors;
  for (const shape of [[6], [2, 3], [5, 6], [5, 2, 3], [4, 5, 2, 3]]) {
    const values = tf.tidy(() => tf.reshape(tf.range(0, shape.reduce((a, b) => a * b)), shape));
    const there = standardize(values, standardization);
    const back = unstandardize(there, standardization);
    assert.deepEqual(back.shape, shape);
    assertClose(back.dataSync(), values.dataSync(), { absolute: 1e-5 });
    tf.dispose([values, there, back]);
  }
  assert.equal(tf.memory().numTensors, tensors);
});

Deno.test("standardize() and unstandardize() refuse what does not fit", () => {
  const data = dataset([[1, 2]], { support: "real" });
  for (
    const [mean, scale] of [[[1], [1, 1]], [[1, NaN], [1, 1]], [[1, 1], [1]], [[1, 1], [0, 1]]]
  ) {
    const wrong = { mean: mean!, scale: scale! };
    assert.throws(
      () => standardize(data, wrong),
      /of the standardization must be 2 (finite|positive)/,
    );
  }
  const values = tf.zeros([2, 5]);
  const one = { mean: [1, 2, 3], scale: [1, 1, 1] };
  assert.throws(() => unstandardize(values, one), {
    name: "TypeError",
    message: "Cannot unstandardize as the last axes must have 3 entries: current value is [2, 5]",
  });
  assert.throws(() => standardize(values, one), /Cannot standardize as the last axes must have 3/);
  values.dispose();
});

Deno.test("a model keeps its standardization, and is saved with it", () =>
  inFolder(async (folder) => {
    const standardization = { mean: [0.1, -2.5e10], scale: [1 / 3, 4e-10] };
    const columns = { a: likelihoods.normal(), b: likelihoods.normal() };
    const model = presets.tabularVae({ columns, latent: 1, hidden: [2], standardization });
    assert.deepEqual(model.standardization, standardization);
    await save(model, folder);
    const blob = await toBlob(model);
    model.dispose();
    for (const source of [folder, blob]) {
      const same = await load(source);
      assert.deepEqual(same.standardization, standardization);
      same.dispose();
    }
    const path = `${folder}/model.json`, file = JSON.parse(await Deno.readTextFile(path));
    for (const wrong of [null, 5, { mean: [0, 0] }, { mean: [0, 0], scale: [1, -1] }]) {
      await Deno.writeTextFile(path, JSON.stringify({ ...file, standardization: wrong }));
      await assert.rejects(
        load(folder),
        /of the standardization must be 2 (finite|positive) numbers/,
      );
    }
    delete file.standardization;
    await Deno.writeTextFile(path, JSON.stringify(file));
    const plain = await load(folder);
    assert.equal(plain.standardization, undefined);
    plain.dispose();
  }));

Deno.test("a model without a likelihood for its standardization is refused", () => {
  const columns = { a: likelihoods.normal() };
  const standardization = { mean: [0, 0], scale: [1, 1] };
  assert.throws(() => presets.tabularVae({ columns, latent: 1, standardization }), {
    name: "TypeError",
    message: "Cannot compose model as 'mean' of the standardization must be 1 finite numbers: " +
      "current value is [0, 0]",
  });
});

Deno.test("a model that has a standardization refuses data that are not standardized by it", async () => {
  const raw = dataset([[1, 5], [3, 4], [2, 2]], { support: "real" });
  const standardization = await fitStandardization(raw);
  const data = standardize(raw, standardization);
  const model = presets.sigmaVae({ data: [2], latent: 1, hidden: [2], standardization });
  const refusal = /the data must be standardized as those of the model are: 'standardize\(data, /;
  await assert.rejects(fit(model, raw, { steps: 1 }), refusal);
  const others = standardize(raw, { mean: [0, 0], scale: [1, 1] });
  await assert.rejects(evaluate(model, others, { seed: 1 }), refusal);
  await fit(model, data.subset([2, 1]), { steps: 1 });
  await evaluate(model, data.mapped("real", () => {}), { seed: 1 });
  assert.throws(() => standardize(data, standardization), /must not be standardized already/);
  model.dispose();
});
