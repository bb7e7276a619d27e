import assert from "node:assert/strict";
import {
  allRows,
  collect,
  dataset,
  embeddings,
  fit,
  fitStandardization,
  imputations,
  likelihoods,
  presets,
  sources,
  standardize,
  stream,
  unstandardize,
  useBackend,
  writeCsv,
  writeNpy,
} from "../../../mod.ts";
import { inFolder } from "../../helpers/run.ts";
import { tinyData, tinyModel } from "../../helpers/tiny.ts";

await useBackend({ backend: "wasm" });

Deno.test("embeddings in an npy file are data again, as they were", () =>
  inFolder(async (folder) => {
    const model = tinyModel(),
      path = `${folder}/latents.npy`,
      latents = embeddings(model, tinyData());
    await writeNpy(path, latents);
    const again = await collect(sources.npy(path));
    assert.deepEqual([again.size, again.shape], [64, [2]]);
    const { x } = again.rows(Array.from({ length: 64 }, (_, i) => i));
    assert.deepEqual(x.dataSync(), (await allRows(latents)).values);
    x.dispose();
    model.dispose();
  }));

Deno.test("a model is used on a stream as on data in memory", () =>
  inFolder(async (folder) => {
    const model = tinyModel(), path = `${folder}/bits.npy`, data = tinyData(100);
    const { x } = data.rows(Array.from({ length: 100 }, (_, i) => i));
    const values = x.dataSync<"float32">();
    x.dispose();
    await writeNpy(path, [{ size: 100, shape: [6], values }]);
    const streamed = await stream(sources.npy(path), { support: "binary" });
    for (const options of [{}, { seed: 1 }]) {
      const expected = await allRows(embeddings(model, data, options));
      const found = await allRows(embeddings(model, streamed, { ...options, batchSize: 48 }));
      found.values.forEach((value, i) => assert(Math.abs(value - expected.values[i]!) < 1e-6));
    }
    model.dispose();
  }));

Deno.test("a table with gaps goes through a model into a table without any, in its own units", () =>
  inFolder(async (folder) => {
    const people = Array.from({ length: 60 }, (_, i) => {
      const old = i % 2 === 0, age = old ? 70 + (i % 5) : 20 + (i % 5);
      return [i % 3 === 0 ? "" : age, i % 3 === 1 ? "" : old ? "retired" : "student"].join();
    });
    const table = new TextEncoder().encode(`age,job\n${people.join("\n")}\n`);
    const jobs = ["student", "retired"];
    const source = sources.csv(table, {
      columns: { age: "real", job: jobs } as const,
      missing: [""],
    });
    const raw = await collect(source), standardization = await fitStandardization(raw);
    const data = standardize(raw, standardization);
    const columns = { age: likelihoods.normal(), job: likelihoods.categorical({ categories: 2 }) };
    const model = presets.tabularVae({ columns, latent: 1, hidden: [16] });
    await fit(model, data, { epochs: 120, batchSize: 20, learningRate: 0.01 });

    const path = `${folder}/filled.csv`;
    const filled = unstandardize(imputations(model, data, { seed: 1 }), standardization);
    assert.deepEqual([filled.size, filled.shape, filled.columns], [60, [2], ["age", "job"]]);
    await writeCsv(path, filled, { words: { job: jobs } });
    const [names, ...lines] = (await Deno.readTextFile(path)).trim().split("\n");
    assert.equal(names, "age,job");
    let wrong = 0;
    lines.forEach((line, i) => {
      const [age, job] = line.split(","), old = i % 2 === 0;
      const expected = (old ? 70 : 20) + (i % 5);
      if (i % 3 !== 0) assert(Math.abs(Number(age) - expected) < 1e-3, "an observed age");
      wrong += Number(Math.abs(Number(age) - expected) > 10) + Number(job !== jobs[Number(old)]);
    });
    assert(wrong < 4, `${wrong} of 60 rows are wrong`);
    model.dispose();

    const draws = { ...filled, shape: [3, 2], columns: undefined };
    assert.deepEqual(unstandardize(draws, standardization).shape, [3, 2]);
    assert.throws(
      () => unstandardize({ ...filled, shape: [3] }, standardization),
      /Cannot unstandardize as the last axes must have 2 entries: current value is \[3\]/,
    );
  }));

Deno.test("unstandardize() undoes standardize() on rows", async () => {
  const rows = [[1, 10], [3, 30], [5, 20]], data = dataset(rows, { support: "real" });
  const standardization = await fitStandardization(data);
  const values = Float32Array.from(rows.flat());
  const standard = values.map((x, i) =>
    (x - standardization.mean[i % 2]!) / standardization.scale[i % 2]!
  );
  const chunk = { size: 3, shape: [2], values: standard };
  const given = {
    shape: [2],
    size: 3,
    async *[Symbol.asyncIterator]() {
      await Promise.resolve();
      yield chunk;
    },
  };
  const back = await allRows(unstandardize(given, standardization));
  back.values.forEach((x, i) => assert(Math.abs(x - values[i]!) < 1e-5));
});
