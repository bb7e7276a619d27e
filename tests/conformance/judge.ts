/**
 * What the findings of a leg come to, beside those of cpu.
 *
 * @module
 */
import type { Findings } from "./leg.ts";
import type { Noise } from "./noise.ts";
import { TOLERANCES } from "./tolerances.ts";

/** A row of the table. */
export interface Verdict {
  /** What was compared. */
  readonly check: string;
  /** The largest disagreement, or how many laws were kept. */
  readonly seen: string;
  /** What may not be. */
  readonly wrong: readonly string[];
}

/** A share of the gamma draws that may be anything. */
const BRINK = 1 / 500;

const shown = (value: number): string => value === 0 ? "0" : value.toExponential(1);

/** Differences by position, each over 1 + the size of the expected number; of NaN they are infinite. */
function differences(seen: readonly number[], expected: readonly number[], scaled: boolean) {
  return expected.map((value, i) => {
    const difference = Math.abs(seen[i]! - value) / (scaled ? 1 + Math.abs(value) : 1);
    return difference >= 0 ? difference : Infinity;
  });
}

const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);

/** A number that has to stay within its tolerance. */
function within(check: string, name: keyof typeof TOLERANCES, seen: number): Verdict {
  const { most, measure } = TOLERANCES[name];
  const wrong = seen <= most ? [] : [`${check}: ${shown(seen)} is more than ${most} (${measure})`];
  return { check, seen: shown(seen), wrong };
}

function judgeNoise(seen: Noise, expected: Noise): Verdict[] {
  const differ = (name: string): number =>
    expected[name]!.filter((value, i) => seen[name]![i] !== value).length;
  const gamma = differences(seen.gamma!, expected.gamma!, true).sort((a, b) => b - a);
  return [
    within("uniform, permutation", "words", differ("uniform") + differ("permutation")),
    within("normal noise", "normal", largest(differences(seen.normal!, expected.normal!, false))),
    within("gamma draws", "gamma", gamma[Math.floor(BRINK * gamma.length)]!),
    within("Poisson draws", "poisson", differ("Poisson") / expected.Poisson!.length),
  ];
}

function judgeOperations({ operations = {} }: Findings): Verdict {
  const [name, error] = Object.entries(operations)
    .reduce((worst, each) => each[1] > worst[1] ? each : worst, ["none", 0]);
  const { wrong, ...verdict } = within("operations", "operations", error);
  return { ...verdict, wrong: wrong.map((each) => `${name}: ${each}`) };
}

function judgeRuns(seen: Findings, expected: Findings): Verdict[] {
  return Object.entries(expected.runs).flatMap(([name, wanted]): Verdict[] => {
    const found = seen.runs[name];
    if (typeof wanted === "string") return [{ check: name, seen: "ended", wrong: [wanted] }];
    if (typeof found !== "object") {
      return [{ check: name, seen: "ended", wrong: [`${name}: ${found ?? "it was not run"}`] }];
    }
    const losses = largest(differences(found.steps, wanted.steps, true));
    const used = largest(
      differences([found.bound, ...found.used], [wanted.bound, ...wanted.used], true),
    );
    const drawn = differences(found.drawn, wanted.drawn, true);
    const aside = drawn.filter((difference) => !(difference <= TOLERANCES.used.most)).length;
    const each = [
      within(name, "losses", losses),
      within(`${name}, in use`, "used", used),
      within(`${name}, draws`, "drawn", aside / drawn.length),
    ];
    const learned = found.bound > found.steps[0]!;
    const wrong = [
      ...each.flatMap(({ wrong }) => wrong),
      ...(learned ? [] : [`${name}: the ELBO has not risen`]),
      ...found.grown.flatMap((count, i) =>
        count === 0
          ? []
          : [`${name}: ${count} tensors are left ${i === 0 ? "by epochs" : "by all"}`]
      ),
    ];
    return [{ check: name, seen: shown(Math.max(losses, used)), wrong }];
  });
}

function judgeLaws({ laws }: Findings): Verdict {
  const { kept, broken, unchecked, left } = laws;
  const wrong = left === 0 ? broken : [...broken, `laws: ${left} tensors are left`];
  return { check: "laws", seen: `${kept} of ${kept + broken.length + unchecked}`, wrong };
}

/** Everything that is compared; cpu itself is held to its laws alone. */
export function judge(seen: Findings, cpu: Findings): readonly Verdict[] {
  if (!cpu.noise.Poisson?.length) throw new Error("Cannot compare as there is no noise of cpu");
  return [
    ...judgeNoise(seen.noise, cpu.noise),
    judgeOperations(seen),
    ...judgeRuns(seen, cpu),
    judgeLaws(seen),
  ];
}
