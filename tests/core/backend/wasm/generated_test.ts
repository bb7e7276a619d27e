import assert from "node:assert/strict";
import { generateModules } from "../../../../core/backend/wasm/build.ts";

const GENERATED = new URL("../../../../core/backend/wasm/generated/", import.meta.url);

Deno.test("generated/ holds what its sources compile to: run `deno task kernels`", async () => {
  const modules = await generateModules();
  const files = Array.from(Deno.readDirSync(GENERATED), ({ name }) => name);
  assert.deepEqual(files.toSorted(), [...modules.keys()].toSorted());
  for (const [name, text] of modules) {
    // Not deepEqual, whose message would hold both.
    assert(await Deno.readTextFile(new URL(name, GENERATED)) === text, `${name} is out of date`);
  }
});
