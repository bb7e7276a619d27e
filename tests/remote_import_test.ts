import assert from "node:assert/strict";
import { outputOf, runDeno } from "./helpers/run.ts";
import { serveRepository } from "../examples/helpers/serve.ts";

/** Runs a program that lies alone in an empty folder, with no deno.json in or above it. */
async function runAlone(program: string, port: number): Promise<Readonly<Record<string, unknown>>> {
  const folder = await Deno.makeTempDir();
  try {
    const text = program.replaceAll("localhost:8000", `localhost:${port}`);
    await Deno.writeTextFile(`${folder}/main.ts`, text);
    const permissions = [`--allow-import=localhost:${port}`, "--allow-read"];
    return (await runDeno(["run", ...permissions, "main.ts"], folder)).json;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function withServer(run: (port: number) => Promise<void>): Promise<void> {
  const server = serveRepository(0);
  try {
    await run(server.addr.port);
  } finally {
    await server.shutdown();
  }
}

Deno.test("mod.ts can be imported by URL, and trains on wasm", () =>
  withServer(async (port) => {
    const { backend, losses } = await runAlone(
      `
      import * as elbo from "http://localhost:8000/mod.ts";
      const { backend } = await elbo.useBackend({ backend: "wasm" });
      const model = elbo.vae({
        data: [4],
        latent: 1,
        encoder: elbo.networks.mlp({ hidden: [16] }),
        decoder: elbo.networks.mlp({ hidden: [16] }),
        posterior: elbo.posteriors.diagonalNormal(),
        prior: elbo.priors.standardNormal(),
        likelihood: elbo.likelihoods.bernoulli(),
        divergence: elbo.divergences.kl(),
      });
      const rows = Array.from({ length: 50 }, (_, i) => i % 5 ? [0, 0, 1, 1] : [1, 1, 0, 0]);
      const data = elbo.dataset(rows, { support: "binary" });
      const { history } = await elbo.fit(model, data, { steps: 50, batchSize: 5, learningRate: 0.02 });
      const losses = history.map(({ training }) => -training.objective);
      console.log(JSON.stringify({ backend, losses }));`,
      port,
    );
    assert.equal(backend, "wasm");
    const falling = losses as number[];
    assert.equal(falling.length, 5);
    assert(falling[4]! < falling[0]! - 0.3, `${falling}`);
  }));

Deno.test("the laws can be imported by URL, and judge a plugin", () =>
  withServer(async (port) => {
    const { kept, broken } = await runAlone(
      `
      import { priors, useBackend } from "http://localhost:8000/mod.ts";
      import { tf } from "http://localhost:8000/core/tf.ts";
      import { checkLaws, priorLaws } from "http://localhost:8000/tests/laws/mod.ts";
      await useBackend({ backend: "cpu" });
      const sound = priors.standardNormal();
      const doubled = {
        ...sound,
        build: (scope) => (context) => {
          const p = sound.build(scope)(context);
          const logDensities = (value) => tf.mul(p.logDensities(value), 2);
          return Object.assign(p, { logDensities });
        },
      };
      const outcomes = async (prior, outcome) =>
        (await checkLaws(priorLaws(prior, { cases: 5 })))
          .filter((report) => report.outcome === outcome).map(({ name }) => name);
      const kept = await outcomes(sound, "kept"), broken = await outcomes(doubled, "broken");
      console.log(JSON.stringify({ kept, broken }));`,
      port,
    );
    assert.equal((kept as string[]).length, 16);
    assert((broken as string[]).includes("normalization"), String(broken));
  }));

Deno.test("a copy of the sources has sound types under a project's own compiler options", async () => {
  const folder = await Deno.makeTempDir();
  try {
    // What comes by URL is not checked; a copy is, and as a rule without our stricter options.
    const imports = ["mod.ts", "tests/laws/mod.ts"].map((path) =>
      `import "${Deno.cwd()}/${path}";`
    );
    await Deno.writeTextFile(`${folder}/main.ts`, imports.join("\n"));
    await outputOf(["check", "--quiet", "main.ts"], folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("quickstart.ts runs as it stands, from a server", () =>
  withServer(async (port) => {
    const { elbo } = await runAlone(await Deno.readTextFile("examples/quickstart.ts"), port);
    // Eight pictures, equally often: log p(x) is −log 8 at best.
    assert((elbo as number) > -4.5 && (elbo as number) < -Math.log(8));
  }));

Deno.test("quickstart.ts is the first snippet of the README, and short", async () => {
  const quickstart = await Deno.readTextFile("examples/quickstart.ts");
  const [, snippet] = /```ts\n(.*?)```/s.exec(await Deno.readTextFile("README.md"))!;
  assert.equal(snippet, quickstart.split("\n").slice(1).join("\n"));
  assert(quickstart.trim().split("\n").length < 25);
});
