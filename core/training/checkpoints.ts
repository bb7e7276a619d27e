/**
 * The checkpoints of a run: folders `step-00001200`, written whole or not at all, of which the newest
 * and the best are kept.
 *
 * @module
 */
import { outOfRange, wrongType } from "../errors.ts";
import { hold } from "../files/hold.ts";
import { namesIn, readWhole } from "../files/read.ts";
import { type Files, makeFolder, PARTIAL, writeFolder } from "../files/write.ts";
import type { Vae } from "../model.ts";
import type { CheckpointOptions } from "./options.ts";
import { filesOf, readSound, type RunFacts } from "./run_files.ts";
import { CHECKPOINT } from "./run_json.ts";
import type { Keeper } from "./saved.ts";

/** The name of a checkpoint that is not whole, or about to be removed. */
const LEFT = new RegExp(`^step-[-\\d]+${PARTIAL.replace(".", "\\.")}$`);

/** A whole checkpoint. */
export interface Checkpoint {
  readonly name: string;
  readonly path: string;
  readonly files: Files;
  /** Its older ones by name, in the order of their steps. */
  readonly older: readonly string[];
  /** The newer ones, each with what is wrong with it. */
  readonly passedOver: readonly string[];
}

/** The names of the checkpoints among some names, in the order of their steps. */
function checkpointsAmong(names: readonly string[]): readonly string[] {
  const places = names.flatMap((name) => {
    const found = CHECKPOINT.exec(name);
    return found === null ? [] : [{ name, step: Number(found[1]), turn: Number(found[2] ?? 1) }];
  });
  return places.sort((a, b) => a.step - b.step || a.turn - b.turn).map(({ name }) => name);
}

/**
 * The newest checkpoint in a folder that is whole, if there is one; else what is wrong with each.
 *
 * @param action The attempted action, for errors.
 * @param folder The folder of the run.
 * @throws {RangeError} If the folder cannot be read.
 * @throws {TypeError} If it is no path.
 */
export async function findNewest(
  action: string,
  folder: string,
): Promise<Checkpoint | readonly string[]> {
  if (typeof folder !== "string") {
    throw wrongType(action, "the folder of the run must be a path", folder);
  }
  const names = checkpointsAmong(await namesIn(action, folder));
  const passedOver: string[] = [];
  for (let i = names.length - 1; i >= 0; i--) {
    const name = names[i]!, path = `${folder}/${name}`;
    const found = await readSound((file) => readWhole("read a checkpoint", `${path}/${file}`));
    if (typeof found !== "string") {
      return { name, path, files: found, older: names.slice(0, i), passedOver };
    }
    passedOver.push(`${path}: ${found}`);
  }
  return passedOver;
}

/**
 * The newest checkpoint of a run that is whole: what `resume` goes on from. In Deno this needs
 * `--allow-read` of the folder.
 *
 * @param folder The folder of the run.
 * @returns The path of the checkpoint, or nothing where there is none.
 * @throws {RangeError} If the folder cannot be read.
 * @throws {TypeError} If it is no path.
 *
 * @example
 * ```ts
 * import { newestCheckpoint } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(await newestCheckpoint("no such folder"), undefined);
 * ```
 */
export async function newestCheckpoint(folder: string): Promise<string | undefined> {
  const found = await findNewest("find a checkpoint", folder);
  return "path" in found ? found.path : undefined;
}

/**
 * Makes the folder of a new run if need be, and holds it.
 *
 * @returns What lets it go.
 * @throws {RangeError} If it holds another run, or nothing may be written there.
 */
export async function openFolder(folder: string): Promise<() => void> {
  await namesIn("fit", folder);
  await makeFolder(folder);
  const letGo = await hold("fit", folder);
  try {
    const [first] = checkpointsAmong(await namesIn("fit", folder));
    if (first === undefined) return letGo;
    const requirement = `'${folder}' must hold no other run (resume that, or take another folder)`;
    throw outOfRange("fit", requirement, first);
  } catch (error) {
    letGo();
    throw error;
  }
}

/** Removes a checkpoint, so that none is ever there by halves under its own name. */
async function remove(folder: string, name: string): Promise<void> {
  const { rename, rm } = await import("node:fs/promises");
  const path = `${folder}/${name}`, left = name.endsWith(PARTIAL) ? path : path + PARTIAL;
  if (left !== path) {
    await rm(left, { recursive: true, force: true });
    await rename(path, left);
  }
  await rm(left, { recursive: true, force: true });
}

/** What a keeper knows of the run when it begins. */
interface Known {
  /** The checkpoints that are there, in the order of their steps. */
  readonly names?: readonly string[];
  /** The best of them. */
  readonly best?: string | undefined;
}

/**
 * Keeps a run in a folder.
 *
 * @param model Its model.
 * @param options The folder, how often, and how many are kept.
 * @param facts What is to be kept beside its state.
 * @param known What is there already.
 */
export function keepIn(
  model: Vae,
  { folder, everySteps, keep = 3, keepBest = true }: CheckpointOptions,
  facts: Omit<RunFacts, "best" | "checkpoints">,
  known: Known = {},
): Keeper {
  let written = [...known.names ?? []];
  let { best } = known;
  const pathOf = (name: string): string => `${folder}/${name}`;
  return {
    everySteps,
    keepBest,
    keep: async (saved, isBest) => {
      const base = `step-${String(saved.state.step).padStart(8, "0")}`;
      const present = new Set(await namesIn("write a checkpoint", folder));
      let name = base;
      for (let turn = 2; present.has(name); turn++) name = `${base}-${turn}`;
      const next = isBest ? name : best;
      const checkpoints = { everySteps, keep, keepBest };
      await writeFolder(
        pathOf(name),
        await filesOf(model, saved, { ...facts, best: next, checkpoints }),
      );
      best = next;
      written = [...written, name].slice(-keep);
      for (const other of await namesIn("write a checkpoint", folder)) {
        const isKept = written.includes(other) || other === best;
        if (isKept || !(CHECKPOINT.test(other) || LEFT.test(other))) continue;
        await remove(folder, other).catch(() => {}); // The next one tries again.
      }
    },
    paths: () => {
      const newest = written.at(-1);
      if (newest === undefined) return undefined;
      return { newest: pathOf(newest), ...(best !== undefined && { best: pathOf(best) }) };
    },
  };
}
