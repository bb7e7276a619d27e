import assert from "node:assert/strict";
import { tf } from "../../core/deps.ts";
import {
  type Accepted,
  type ArrayDataset,
  dataset,
  fit,
  likelihoods,
  load,
  presets,
  save,
  seed,
  type Support,
  uniformNoise,
  useBackend,
  type Vae,
} from "../../mod.ts";
import { assertClose } from "../helpers/assert_close.ts";
import { inFolder } from "../helpers/run.ts";
import { tinyData } from "../helpers/tiny.ts";
import { modelLaws, testLaws } from "../laws/mod.ts";

await useBackend({ backend: "cpu" });

const tiny = { data: [6], latent: 2, hidden: [8] };
const columns = {
  age: likelihoods.normal(),
  job: likelihoods.categorical({ categories: 3 }),
  children: likelihoods.poisson(),
};

/** Noise between 0 and 1 for 64 rows of some numbers. */
function noise(width: number): number[][] {
  return tf.tidy(() => uniformNoise(seed(3), [64, width]).arraySync() as number[][]);
}

/** Counts around 2 or around 20, from the left to the right. */
const counts = noise(6).map((row, i) =>
  row.map((u, j) => Math.floor((j < 3 === (i % 2 === 0) ? 4 : 40) * u))
);
/** Rows of a table in which one column says a lot of the others. */
const people = noise(3).map(([u, v, w]) => {
  const job = Math.floor(3 * u!);
  return [job - 1 + 0.2 * v!, job, Math.floor(2 * job * w!)];
});

const bits = tinyData(), count = dataset(counts, { support: "count" });
const reals = dataset(counts.map((row) => row.map((n) => n / 20)), { support: "real" });
const table = dataset(people, { support: { age: "real", job: "category", children: "count" } });

/** Trains for some steps, and comes back from a folder. */
function trains<S extends Support>(
  make: () => Vae<S>,
  data: ArrayDataset<Accepted<S>>,
): () => Promise<void> {
  return () =>
    inFolder(async (folder) => {
      const before = tf.memory().numTensors;
      const model = make(), options = { epochs: 12, batchSize: 16, learningRate: 0.02 };
      const { history } = await fit(model, data, options);
      const objectives = history.map(({ training }) => training.objective);
      assert(objectives.every(Number.isFinite), objectives.join());
      assert(objectives.at(-1)! > objectives[0]! + 0.3, objectives.join());
      await save(model, folder);
      const same = await load(folder);
      assert.equal(same.summary(), model.summary());
      tf.tidy(() => {
        const batch = data.rows([0, 1, 2, 3]);
        const [one, other] = [model, same].map((each) => each.elbo(batch, { seed: 1 }).bound!.nats);
        assert(one!.dataSync().every(Number.isFinite));
        assertClose(other!, one!, {});
      });
      model.dispose();
      same.dispose();
      assert.equal(tf.memory().numTensors, before, "the number of tensors");
    });
}

const { betaTcVae, betaVae, countVae, gumbelVae, infoVae, iwae } = presets;
const { sigmaVae, sphericalVae, tabularVae, vae, vampVae } = presets;

const trained: { readonly [preset: string]: () => Promise<void> } = {
  betaTcVae: trains(() => betaTcVae({ ...tiny, beta: 2 }), bits),
  betaVae: trains(() => betaVae({ ...tiny, beta: 0.5 }), bits),
  countVae: trains(() => countVae(tiny), count),
  gumbelVae: trains(() => gumbelVae({ ...tiny, categories: 3 }), bits),
  infoVae: trains(() => infoVae({ ...tiny, alpha: 0.5 }), bits),
  iwae: trains(() => iwae({ ...tiny, samples: 3 }), bits),
  sigmaVae: trains(() => sigmaVae(tiny), reals),
  "sigmaVae with a shared scale": trains(() => sigmaVae({ ...tiny, scale: "shared" }), reals),
  sphericalVae: trains(() => sphericalVae({ ...tiny, latent: 3 }), bits),
  tabularVae: trains(() => tabularVae({ columns, latent: 2, hidden: [8] }), table),
  vae: trains(() => vae(tiny), bits),
  vampVae: trains(() => vampVae({ ...tiny, components: 4 }), bits),
};
for (const [name, run] of Object.entries(trained)) {
  Deno.test(`presets.${name} trains, and comes back from a folder`, run);
}

Deno.test("every preset is trained", () => {
  for (const name of Object.keys(presets)) assert(name in trained, `${name} is missing`);
});

const held: { readonly [name: string]: () => Vae } = {
  sphericalVae: () => presets.sphericalVae({ ...tiny, latent: 3, hidden: [5] }),
  infoVae: () => presets.infoVae({ ...tiny, hidden: [5], condition: [2] }),
  countVae: () => presets.countVae({ ...tiny, hidden: [5] }),
  tabularVae: () => presets.tabularVae({ columns, latent: 2, hidden: [5] }),
};
for (const [name, make] of Object.entries(held)) {
  const options = name === "tabularVae" ? { categories: 3 } : {};
  testLaws(`presets.${name} keeps the laws of models`, modelLaws(make, { cases: 10, ...options }));
}

Deno.test("presets put widths, conditions and what their names promise where they belong", () => {
  const shapes = (model: Vae, ...paths: string[]) => {
    const found = paths.map((path) => model.parameters.get(path)?.shape);
    model.dispose();
    return found;
  };
  const given = { ...tiny, hidden: [8, 5], condition: [3] };
  assert.deepEqual(
    shapes(presets.vae(given), "encoder/hidden0/kernel", "decoder/hidden0/kernel"),
    [[6 + 3, 8], [2 + 3, 5]],
  );
  assert.deepEqual(
    shapes(presets.vampVae({ ...tiny, hidden: [7, 4] }), "encoder/hidden0/gate/kernel"),
    [[6, 7]],
  );
  const named = (model: Vae, part: string): unknown => {
    model.dispose();
    return model.spec.parts[part]!.options;
  };
  assert.equal((named(presets.betaVae(tiny), "divergence") as { beta: number }).beta, 4);
  assert.equal((named(presets.betaTcVae(tiny), "divergence") as { beta: number }).beta, 6);
  assert.equal((named(presets.iwae(tiny), "objective") as { samples: number }).samples, 5);
  assert.equal((named(presets.infoVae(tiny), "divergence") as { weight: number }).weight, 9);
  assert.deepEqual(named(presets.sigmaVae(tiny), "likelihood"), { scale: "optimal" });
});

Deno.test("tabularVae() and gumbelVae() say which of their own options is missing or too small", () => {
  assert.throws(
    () => presets.tabularVae({ ...tiny } as unknown as presets.TabularVaeOptions<never>),
    /^TypeError: Cannot build likelihood as there must be a likelihood for every column: current/,
  );
  assert.throws(
    () => presets.gumbelVae({ ...tiny, categories: 1 }),
    /C of at least 2: .* \[\d, 1\]/,
  );
});

Deno.test("infoVae() refuses weights that would be negative", () => {
  const refuses = (given: object, message: string): void =>
    assert.throws(() => presets.infoVae({ ...tiny, ...given }), {
      name: "RangeError",
      message: `Cannot compose model as ${message}`,
    });
  refuses({ alpha: 2 }, "'alpha' must be at most 1: current value is 2");
  refuses({ alpha: NaN }, "'alpha' must be a finite number: current value is NaN");
  refuses(
    { alpha: -1, lambda: 1 },
    "'lambda' must be a number of at least 2: current value is 1",
  );
});
