/**
 * A made-up table of people, with gaps and a few odd rows.
 *
 * @module
 */
import { normalNoise, seed as seedOf, uniformNoise } from "../../mod.ts";

/** What people are. */
export const OCCUPATIONS = ["pupil", "worker", "pensioner"] as const;

/** The youngest and the oldest of each occupation. */
const AGES = [[6, 18], [19, 64], [65, 90]] as const;

/** A person, of whom something may be missing in the table. */
export interface Person {
  readonly age: number;
  readonly height: number;
  /** The code of the occupation. */
  readonly occupation: number;
  /** Whether age, height and occupation are missing. */
  readonly missing: readonly [boolean, boolean, boolean];
}

/** A table of people as text, what is true of them, and who has the age of another occupation. */
export interface People {
  readonly text: string;
  readonly truth: readonly Person[];
  readonly isOdd: readonly boolean[];
}

/** Some people. The height follows from the age, and the age from the occupation. */
export function people(count: number, seed: number): People {
  const noise = seedOf(seed).split("people");
  const uniform = uniformNoise(noise.split("uniform"), [count, 6]);
  const normal = normalNoise(noise.split("normal"), [count]);
  const chances = uniform.arraySync() as number[][], errors = normal.arraySync() as number[];
  uniform.dispose();
  normal.dispose();
  const isOdd = chances.map(([, , odd]) => odd! < 0.02);
  const truth = chances.map(([which, where, , ...gaps], i): Person => {
    const occupation = which! < 0.3 ? 0 : which! < 0.8 ? 1 : 2;
    const [youngest, oldest] = AGES[isOdd[i] ? (occupation + 2) % 3 : occupation]!;
    const age = Math.round(youngest + where! * (oldest - youngest));
    const height = Math.round(Math.min(172, 90 + 4.8 * age) + 6 * errors[i]!);
    const empty = gaps.map((gap) => !isOdd[i] && gap < 0.3) as [boolean, boolean, boolean];
    // Of nobody everything is missing.
    const missing = empty.includes(false) ? empty : [false, true, true] as const;
    return { age, height, occupation, missing };
  });
  const lines = truth.map(({ age, height, occupation, missing }) =>
    [age, height, OCCUPATIONS[occupation]].map((cell, i) => missing[i] ? "" : cell).join()
  );
  return { text: `age,height,occupation\n${lines.join("\n")}\n`, truth, isOdd };
}
