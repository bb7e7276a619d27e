/**
 * What the studies on real data share: a model is trained for some steps, scored, and let go.
 *
 * @module
 */
// deno-lint-ignore-file no-console -- a study is there to be read
import { parseArgs } from "node:util";
import {
  type Accepted,
  type Dataset,
  evaluate,
  fit,
  type Support,
  useBackend,
  type Vae,
} from "../mod.ts";
import { hush, say } from "./progress.ts";
import { rounded } from "./statistics.ts";
import { type Cell, table } from "./table.ts";

/** What a study is told on the command line; by its default a flag is a number or a word. */
type Flags<D> = { readonly [flag in keyof D]: D[flag] extends number ? number : string };

/** The flags of a study, from the command line or by default. */
export function readFlags<D extends { readonly [flag: string]: number | string }>(
  defaults: D,
): Flags<D> {
  const entries = Object.entries(defaults);
  const options = entries.map(([flag, value]) =>
    [flag, { type: "string", default: String(value) }] as const
  );
  const { values } = parseArgs({ options: Object.fromEntries(options) });
  const flags = entries.map(([flag, value]) => {
    const said = values[flag];
    return [flag, typeof value === "number" ? Number(said) : said] as const;
  });
  return Object.fromEntries(flags) as Flags<D>; // Each is of the kind that its default is.
}

/** How every model of a study is trained and scored. */
export interface Budget {
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** Importance samples for log p(x) of each datum. */
  readonly importanceSamples: number;
  readonly seed: number;
}

/** The budget that the flags of a study leave. */
export function budgetOf(
  flags: { readonly steps: number; readonly "importance-samples": number; readonly seed: number },
): Budget {
  const { steps, "importance-samples": importanceSamples, seed } = flags;
  return { steps, batchSize: 128, learningRate: 1e-3, importanceSamples, seed };
}

/** How a model did, in nats per datum. */
export interface Score {
  readonly elbo: number;
  readonly logLikelihood: number;
  readonly standardError: number;
  readonly divergence: number;
  /** Of the training alone. */
  readonly seconds: number;
}

/** Starts the fastest backend that there is, and says which. */
export async function start(): Promise<void> {
  console.log((await useBackend()).summary);
}

/** Trains a model, says how it does on other data, and lets it go. */
export async function score<S extends Support>(
  name: string,
  model: Vae<S>,
  data: Dataset<NoInfer<Accepted<S>>>,
  test: Dataset<NoInfer<Accepted<S>>>,
  { importanceSamples, ...options }: Budget,
): Promise<Score> {
  say(name);
  const begun = performance.now();
  await fit(model, data, options);
  const seconds = (performance.now() - begun) / 1000;
  const { bound, terms, logLikelihood } = await evaluate(model, test, {
    seed: options.seed,
    importanceSamples,
  });
  model.dispose();
  hush();
  const [, ...divergences] = terms;
  return {
    elbo: bound!.nats,
    logLikelihood: logLikelihood!.nats,
    standardError: logLikelihood!.standardError,
    divergence: divergences.reduce((sum, { nats }) => sum + nats, 0),
    seconds,
  };
}

/** A row of a study: what was varied, in words, and what came of it, in numbers. */
export type StudyRow = { readonly [column: string]: Cell };

/** Prints the rows as a table, and on the last line as JSON. */
export function report(title: string, rows: readonly StudyRow[], others: object = {}): void {
  const columns = Object.keys(rows[0]!);
  console.log(`\n${title}`);
  console.log(table(columns, rows.map((row) => columns.map((column) => row[column] ?? null))));
  const plain = rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, cell]) =>
        [name, typeof cell === "number" ? rounded(cell) : cell] as const
      ),
    )
  );
  console.log(JSON.stringify({ rows: plain, ...others }));
}
