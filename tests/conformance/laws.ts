/**
 * The laws of plugins of ours, on the backend in use.
 *
 * @module
 */
import type { BackendName } from "../../core/backend/use_backend.ts";
import { tf } from "../../core/deps.ts";
import { checkLaws, type Law } from "../laws/mod.ts";
import { held } from "../plugins/laws.ts";

/** Plugins that stand for all others where time is short: every axis, and every kind of arithmetic. */
const SHORT = [
  "distributions.normal",
  "distributions.gamma",
  "distributions.poisson",
  "posteriors.diagonalNormal",
  "priors.flow",
  "flows.affineCoupling",
  "likelihoods.bernoulli",
  "likelihoods.negativeBinomial",
  "divergences.betaKl",
  "objectives.iwae",
  "networks.conv",
  "networks.mlp",
];

/** How the laws fared. */
export interface Lawfulness {
  /** How many laws were kept, of all plugins together. */
  readonly kept: number;
  /** What those that were broken say. */
  readonly broken: readonly string[];
  /** How many the time was too short for. */
  readonly unchecked: number;
  /** Laws that were left out, each with its reason. */
  readonly skipped: Readonly<Record<string, string>>;
  /** Tensors more than before. */
  readonly left: number;
}

/** What is checked. */
export interface LawChoice {
  readonly short: boolean;
  /** Only plugins whose names have this word. */
  readonly only: string;
  /** The cases of each law; laws that draw many samples have a fifth of them. */
  readonly cases: number;
  /** The backend whose numbers are to be those of cpu, where there are two. */
  readonly backend: BackendName;
  /** Laws that are left out, each with its reason. */
  readonly skip: Readonly<Record<string, string>>;
}

/** Milliseconds for one case, on a GPU that is software. */
const TIME_LIMIT = 120_000;

/** Milliseconds that the laws of a leg have in the short form. */
const SHORT_TIME = 10_000;

/** Checks the laws. Those that change the backend come last, as they do not ask for threads. */
export async function checkHeld(
  { short, only, cases, backend, skip }: LawChoice,
): Promise<Lawfulness> {
  const before = tf.memory().numTensors;
  const plugins = (short ? SHORT : Object.keys(held)).filter((name) => name.includes(only));
  const backends: BackendName[] | undefined = backend === "cpu" ? undefined : ["cpu", backend];
  const options = { cases, timeLimit: TIME_LIMIT, ...(backends && { backends }) };
  const all = plugins.flatMap((name) =>
    held[name]!(options).filter((law) => !(law.name in skip)).map((law) => ({ name, law }))
  );
  const comparing = ({ law }: { law: Law }): boolean => law.name === "backends";
  const end = performance.now() + (short ? SHORT_TIME : Infinity);
  let kept = 0, unchecked = 0;
  const broken: string[] = [];
  for (
    const { name, law } of [...all.filter((each) => !comparing(each)), ...all.filter(comparing)]
  ) {
    if (performance.now() > end) {
      unchecked++;
      continue;
    }
    const [report] = await checkLaws([law]);
    if (report!.outcome === "kept") kept++;
    if (report!.outcome === "broken") broken.push(`${name}: ${report!.reason}`);
  }
  return { kept, broken, unchecked, skipped: skip, left: tf.memory().numTensors - before };
}
