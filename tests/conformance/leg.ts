/**
 * Everything on one backend: a leg of the suite. It runs in a program or a page of its own, and what
 * it finds is JSON.
 *
 * @module
 */
import { type BackendName, useBackend } from "../../core/backend/use_backend.ts";
import { tf } from "../../core/deps.ts";
import { checkHeld, type Lawfulness } from "./laws.ts";
import { drawNoise, type Noise } from "./noise.ts";
import { operationErrors } from "./operations.ts";
import { type Losses, runNames, runOf } from "./runs.ts";

/** What a leg is asked for. */
export interface Leg {
  readonly backend: BackendName;
  /** How many threads wasm has. */
  readonly threads?: number | undefined;
  /** Whether it is the short form. */
  readonly short: boolean;
  /** Only plugins whose names have this word are held to their laws. */
  readonly only: string;
  /** The cases of each law. */
  readonly cases: number;
  /** Where a browser finds the files of wasm. */
  readonly wasmPath?: string | undefined;
}

/** What a leg finds. */
export interface Findings {
  /** What runs, in a few words. */
  readonly summary: string;
  readonly noise: Noise;
  /** The errors of operations; none on cpu, which has the definitions. */
  readonly operations?: Readonly<Record<string, number>>;
  /** What every run came to, or why it ended. */
  readonly runs: Readonly<Record<string, Losses | string>>;
  readonly laws: Lawfulness;
  /** Seconds for noise and operations, runs, and laws. */
  readonly seconds: readonly number[];
}

/** Laws that read many draws, many times. */
const MANY_READS = [
  "goodness of fit",
  "independence",
  "joint goodness of fit",
  "joint normalization",
  "moments",
  "reparameterization",
];

/** What cannot run, or need not, by backend and place. */
function skippedLaws(backend: BackendName): Record<string, string> {
  if (backend === "cpu") return { backends: "the others are compared with cpu" };
  if (backend === "webgpu" && "Deno" in globalThis) {
    return Object.fromEntries(MANY_READS.map((law) => [law, "every read begins it anew in Deno"]));
  }
  return {};
}

/** Runs a leg; says why the backend is absent if it is. */
export async function runLeg(leg: Leg): Promise<Findings | { readonly absent: string }> {
  const { backend, threads, short, only, cases, wasmPath } = leg;
  const onBackend = () =>
    useBackend({
      backend,
      ...(threads !== undefined && { threads }),
      ...(wasmPath !== undefined && { wasmPath }),
    });
  let summary: string;
  try {
    const report = await onBackend();
    summary = report.summary;
    if (threads !== undefined && report.wasm?.threads !== threads) return { absent: summary };
  } catch (error) {
    return { absent: (error as Error).message };
  }
  // Small tensors, too, are to be computed with on the device.
  if (backend === "webgl") tf.env().set("WEBGL_CPU_FORWARD", false);
  if (backend === "webgpu") tf.env().set("WEBGPU_CPU_FORWARD", false);
  const seconds: number[] = [];
  let start = performance.now();
  const lap = (): void => {
    seconds.push(Math.round((performance.now() - start) / 100) / 10);
    start = performance.now();
  };
  const noise = await drawNoise();
  const operations = backend === "cpu"
    ? undefined
    : await operationErrors(short, () => useBackend({ backend: "cpu" }), onBackend);
  lap();
  const runs: Record<string, Losses | string> = {};
  for (const name of runNames(short)) {
    try {
      runs[name] = await runOf(name);
    } catch (error) {
      runs[name] = String((error as Error).stack ?? error);
    }
  }
  lap();
  const laws = await checkHeld({ short, only, cases, backend, skip: skippedLaws(backend) });
  lap();
  return { summary, noise, ...(operations && { operations }), runs, laws, seconds };
}
