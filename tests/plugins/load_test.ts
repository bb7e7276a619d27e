import assert from "node:assert/strict";
import * as elbo from "../../mod.ts";
import { inFolder } from "../helpers/run.ts";
import { tinyModel } from "../helpers/tiny.ts";

await elbo.useBackend({ backend: "cpu" });

/** The kinds of plugins by the axes on which they are offered. */
const KINDS = {
  divergences: "divergence",
  flows: "flow",
  likelihoods: "likelihood",
  networks: "network",
  objectives: "objective",
  posteriors: "posterior",
  priors: "prior",
  schedules: "schedule",
} as const;

/** Every plugin that is offered, as a file would name it. */
function offered(): readonly { readonly kind: string; readonly name: string }[] {
  return Object.entries(KINDS).flatMap(([axis, kind]) =>
    Object.entries(elbo[axis as keyof typeof KINDS]).map(([name, plugin]) =>
      typeof plugin === "function" ? { kind, name } : { kind: "closed form", name }
    )
  );
}

Deno.test("load() knows every plugin", () =>
  inFolder(async (folder) => {
    const model = tinyModel(), path = `${folder}/model.json`;
    await elbo.save(model, folder);
    model.dispose();
    const file = JSON.parse(await Deno.readTextFile(path));
    const plugins = offered();
    assert(plugins.length > 50, `${plugins.length}`);
    for (const { kind, name } of [...plugins, { kind: "prior", name: "unheardOf" }]) {
      // Whatever else is wrong with it, a plugin that is known is not asked for.
      const parts = { ...file.parts, other: { $plugin: name, kind, options: {} } };
      await Deno.writeTextFile(path, JSON.stringify({ ...file, parts }));
      const error = await elbo.load(folder).then((loaded) => loaded.dispose(), String);
      const unknown = /must be passed as/.test(error ?? "");
      assert.equal(unknown, name === "unheardOf", `${kind} '${name}': ${error}`);
    }
  }));
