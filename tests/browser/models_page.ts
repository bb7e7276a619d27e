/**
 * What runs in the page: models are saved and loaded, and whether they are the same goes to the
 * console.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { integrityOf } from "../../core/files/integrity.ts";
import { indexedDb, load, presets, save, toBlob, useBackend, type Vae } from "../../mod.ts";

/** All parameters of a model as text. */
async function textOf(model: Vae): Promise<string> {
  const values = [...model.parameters].map(async ([path, value]) => [path, ...await value.data()]);
  return JSON.stringify(await Promise.all(values));
}

try {
  await useBackend({ backend: "cpu" });
  const model = presets.vae({ data: [6], latent: 2, hidden: [4], seed: 7 });
  const wanted = await textOf(model);
  const isSame = async (loaded: Vae) => await textOf(loaded) === wanted;
  await save(model, indexedDb("a model"));
  const blob = await toBlob(model);
  await fetch("/file", { method: "POST", body: blob });
  const integrity = await integrityOf(new Uint8Array(await blob.arrayBuffer()), "sha384");
  const refused = await load("/file", { integrity: integrity.replace(/.$/, "A") })
    .then(() => "", String);
  const same = {
    database: await isSame(await load(indexedDb("a model"))),
    blob: await isSame(await load(blob)),
    web: await isSame(await load("/file", { integrity })),
    url: await isSame(await load(new URL("/file", location.href), { maxBytes: blob.size })),
    refused: /'\/file' must have the hash/.test(refused),
  };
  console.log(JSON.stringify({ same }));
} catch (error) {
  console.log(JSON.stringify({ failure: String((error as Error).stack ?? error) }));
}
