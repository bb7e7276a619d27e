/**
 * Uses of the compositions that must compile, as a user writes them: without a type argument anywhere.
 *
 * Nothing here is ever called; `deno check` is the test.
 *
 * @module
 */
import {
  allRows,
  binarize,
  collect,
  type Dataset,
  dataset,
  divergences,
  fit,
  fitStandardization,
  imputations,
  load,
  logLikelihoods,
  narrow,
  objectives,
  priors,
  sources,
  split,
  standardize,
  stream,
  type Tensor,
  type Vae,
} from "../../mod.ts";
import {
  counts,
  flowsAndImportanceWeights,
  latentsOnTheSphere,
  posteriorsAsPrior,
  table,
  warmUp,
} from "./compositions.ts";
import type { Same, Sure } from "./inferred.ts";
import * as standIns from "./stand_ins.ts";

/** The posterior and the likelihood are known by their families. */
export function whatCodesKnow(x: Tensor): readonly (number | Tensor)[] {
  const flow = flowsAndImportanceWeights().encode(x);
  const sphere = latentsOnTheSphere().encode(x);
  const code = warmUp().encode(x);
  const picture = warmUp().decode(code.mean);
  const { kind } = table().decode(code.mean).blocks;
  return [flow.base.scale, sphere.scale, code.scale, picture.logits, kind.probabilities];
}

/** Data inside the support of the likelihood, though it be narrower. */
export async function fitting(
  { binary, unit, count, real }: {
    readonly binary: Dataset<"binary">;
    readonly unit: Dataset<"unit">;
    readonly count: Dataset<"count">;
    readonly real: Dataset<"real">;
  },
): Promise<void> {
  await fit(warmUp(), binary, { epochs: 1, validation: binary });
  await fit(posteriorsAsPrior(), binary);
  await fit(posteriorsAsPrior(), unit, { validation: real });
  await fit(flowsAndImportanceWeights(), real);
  await fit(counts(), count, { validation: binary });
  const people = dataset([[31, 2]], { support: { age: "count", kind: "category" } });
  await fit(table(), people);
}

/** A model from a file may be for data of any support, until `narrow` has looked. */
export function narrowing(model: Awaited<ReturnType<typeof load>>) {
  return {
    leaf: narrow(model, "real"),
    columns: narrow(model, { age: "real", kind: "category" }),
  };
}

/** The supports that were asked for, not widened to strings. */
export type Narrowed = Sure<
  Same<ReturnType<typeof narrowing>, {
    leaf: Vae<"real">;
    columns: Vae<{ readonly age: "real"; readonly kind: "category" }>;
  }>
>;

/** Every factory can be handed to `load`, the generic ones and the wrappers too. */
export async function loading(real: Dataset<"real">): Promise<void> {
  const { modelPrior, vampPrior } = priors;
  const { missing } = standIns, { freeBits } = divergences, { iwae } = objectives;
  const plugins = [missing, freeBits, iwae, modelPrior, vampPrior, divergences.normalNormal];
  const model = await load("model", { plugins });
  await fit(narrow(model, "real"), real);
}

/** A table's own data go into every use of it. */
export async function usingATable(model: ReturnType<typeof table>): Promise<number> {
  const people = dataset([[31, 4]], { support: { age: "count", kind: "category" } });
  let sum = 0;
  for await (const { values, standardErrors } of logLikelihoods(model, people, { seed: 1 })) {
    sum += values[0]! - standardErrors[0]!;
  }
  return sum + (await allRows(imputations(model, people, { seed: 1 }))).size;
}

/** What a source reads has the support that it was said to have, or that of its columns. */
export async function trainingOnSources(model: ReturnType<typeof table>): Promise<void> {
  const grey = await stream(sources.idx("digits"), { support: "unit", scale: 1 / 255 });
  const { train } = split(binarize(grey, { seed: 1 }), { train: 0.9 }, { seed: 2 });
  await fit(warmUp(), train);
  const columns = { age: "count", kind: ["cat", "dog"] } as const;
  await fit(model, await collect(sources.csv("animals.csv", { columns })));
  const stored = await stream(sources.parquet("animals.parquet", { columns }));
  await fit(model, standardize(stored, await fitStandardization(stored)));
}
