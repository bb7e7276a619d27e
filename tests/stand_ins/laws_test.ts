import { useBackend } from "../../mod.ts";
import { testLaws } from "../laws/mod.ts";
import { held } from "./laws.ts";

await useBackend({ backend: "wasm" });

for (const [plugin, laws] of Object.entries(held)) {
  testLaws(`${plugin}, a stand-in, keeps its laws`, laws({}));
}
