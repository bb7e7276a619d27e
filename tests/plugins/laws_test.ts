import assert from "node:assert/strict";
import { parseArgs } from "node:util";
import * as elbo from "../../mod.ts";
import { testLaws } from "../laws/mod.ts";
import { held } from "./laws.ts";

// Fewer cases than the laws have unless told, as there are many plugins; `deno task laws:full` asks for
// more. Threads are those of the backend.
const { values } = parseArgs({
  args: Deno.args,
  options: { cases: { type: "string", default: "20" }, threads: { type: "string" } },
});
await elbo.useBackend({
  backend: "wasm",
  ...(values.threads === undefined ? {} : { threads: Number(values.threads) }),
});
// An endless loop is ended all the same; a machine that has other things to do is no fault of a plugin.
const options = { cases: Number(values.cases), timeLimit: 30_000 };

for (const [plugin, laws] of Object.entries(held)) {
  testLaws(`${plugin} keeps its laws`, laws(options));
}

Deno.test("every plugin is held to its laws", () => {
  const { distributions, divergences, flows, likelihoods, networks, objectives, posteriors } = elbo;
  const { priors, schedules } = elbo;
  const axes = {
    divergences,
    flows,
    likelihoods,
    networks,
    objectives,
    posteriors,
    priors,
    schedules,
  };
  const named = Object.entries(axes).flatMap(([axis, plugins]) =>
    Object.entries(plugins).map(([name, plugin]) =>
      typeof plugin === "function" ? `${axis}.${name}` : name
    )
  );
  const families = Object.keys(distributions).filter((name) => name.endsWith("Family"));
  named.push(...families.map((name) => `distributions.${name.replace("Family", "")}`));
  const names = Object.keys(held).flatMap((name) => name.split(", "));
  for (const plugin of named) assert(names.includes(plugin), `${plugin} is missing`);
});
