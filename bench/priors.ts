/**
 * Trains the same small model of binary digits with every prior and some posteriors, and with one to
 * fifty importance samples.
 *
 *     deno task bench:priors --data DATA
 *
 * --data DATA              the folder that holds binarized-mnist/
 * --steps 2000             training steps of each model, of 128 digits
 * --rows 1000              test digits, spread over the file, which is sorted by class
 * --importance-samples 200 for log p(x) of each of these
 * --seed 0                 another seed
 * --only vampPrior         only rows with this in their name
 *
 * All networks have one layer of 300 units, and 16 latents. A VampPrior opposite an inverse
 * autoregressive flow is left out, as a step of it takes seconds. The last line is one JSON object.
 *
 * @module
 */
import {
  type Distribution,
  divergences,
  flows,
  type Heads,
  likelihoods,
  networks,
  objectives,
  type Posterior,
  posteriors,
  type Prior,
  priors,
  type Reparameterized,
  type Vae,
  vae,
} from "../mod.ts";
import { pathOf, readPictures } from "./data/files.ts";
import { budgetOf, readFlags, report, score, start, type StudyRow } from "./study.ts";

const flags = readFlags({
  data: "data",
  steps: 2000,
  rows: 1000,
  "importance-samples": 200,
  seed: 0,
  only: "",
});
const budget = budgetOf(flags);

const file = (part: string) =>
  pathOf(flags.data, `binarized-mnist/binarized-${part}-images-idx3-ubyte.gz`);
const binary = { support: "binary" } as const;
const digits = await readPictures(await file("train"), Infinity, binary);
const test = await readPictures(await file("test"), flags.rows, binary);
await start();

/** Pseudo-inputs start as digits; those for training are in no order. */
const { x: someDigits } = digits.rows(Array.from({ length: 100 }, (_, row) => row));

const somePriors = {
  standardNormal: priors.standardNormal(),
  diagonalNormal: priors.diagonalNormal(),
  laplace: priors.laplace(),
  mixtureOfNormals: priors.mixtureOfNormals({ components: 50 }),
  vampPrior: priors.vampPrior({ pseudoInputs: someDigits }),
  realNvp: priors.flow({ flow: flows.realNvp({ layers: 4 }) }),
  maskedAutoregressive: priors.flow({ flow: flows.maskedAutoregressive({ layers: 4 }) }),
} as const;

const network = networks.mlp({ hidden: [300] });
const parts = {
  data: [28, 28],
  latent: 16,
  encoder: network,
  decoder: network,
  likelihood: likelihoods.bernoulli(),
} as const;

/** A posterior on real numbers, opposite any prior. */
function modelOf<H extends Heads>(
  posterior: Posterior<H, Reparameterized & { readonly domain: "real" }>,
  prior: Prior<Distribution>,
): Vae<"binary"> {
  return vae({ ...parts, posterior, prior, divergence: divergences.kl() });
}

const rows: StudyRow[] = [];
async function add(prior: string, posterior: string, samples: number, make: () => Vae<"binary">) {
  const name = `${prior}, ${posterior}, ${samples}`;
  if (!name.includes(flags.only)) return;
  const results = await score(name, make(), digits, test, budget);
  rows.push({ prior, posterior, samples, ...results });
}
const { diagonalNormal, fullCovarianceNormal, inverseAutoregressiveFlow } = posteriors;
for (const [name, prior] of Object.entries(somePriors)) {
  await add(name, "diagonalNormal", 1, () => modelOf(diagonalNormal(), prior));
  await add(name, "fullCovarianceNormal", 1, () => modelOf(fullCovarianceNormal(), prior));
  // Every draw would be inverted, latent by latent, for each pseudo-input: seconds for a step.
  if (name === "vampPrior") continue;
  await add(
    name,
    "inverseAutoregressiveFlow",
    1,
    () => modelOf(inverseAutoregressiveFlow({ layers: 2 }), prior),
  );
}
for (const samples of [5, 50]) {
  await add("standardNormal", "diagonalNormal", samples, () =>
    vae({
      ...parts,
      posterior: diagonalNormal(),
      prior: priors.standardNormal(),
      objective: objectives.iwae({ samples }),
    }));
}
someDigits.dispose();
report(`${flags.rows} binary digits, nats per digit after ${flags.steps} steps`, rows);
