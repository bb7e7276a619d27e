/**
 * Files that are there whole or not at all, whatever happens while they are written: under another
 * name first, brought to the disk, and renamed.
 *
 * @module
 */
import { outOfRange } from "../errors.ts";

/** Files by their names. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** What ends the name of a file or folder that is not whole yet. */
export const PARTIAL = ".part";

const POSSIBLE = "it must be possible to write there";

/** What the operating system says, in our words; by the code of its error. */
const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "its disk must have room",
  EDQUOT: "its disk must have room",
  EFBIG: "its disk must have room",
  ENOTDIR: "its folder must be one",
  EEXIST: "its folder must be one",
};

const codeOf = (error: unknown): string | undefined => (error as { code?: string })?.code;

/** An error of the operating system, in our words. */
export function refusal(path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === undefined) return error; // Deno says what to allow.
  const reason = REASONS[code] ?? POSSIBLE;
  return Object.assign(outOfRange(`write '${path}'`, reason, code), { cause: error });
}

/**
 * Makes a folder if need be.
 *
 * @throws {RangeError} If it cannot be made.
 */
export async function makeFolder(path: string): Promise<void> {
  const { mkdir } = await import("node:fs/promises");
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw refusal(path, error);
  }
}

/** The folder that a path lies in. */
export async function parentOf(path: string): Promise<string> {
  const { dirname } = await import("node:path");
  return dirname(path);
}

/** Brings the names in a folder to the disk, where the system can. */
async function syncFolder(path: string): Promise<void> {
  const { open } = await import("node:fs/promises");
  let folder: Awaited<ReturnType<typeof open>> | undefined;
  try {
    folder = await open(path, "r");
    await folder.sync();
  } catch {
    // Windows opens no folders.
  } finally {
    await folder?.close();
  }
}

/** Writes a file and brings it to the disk. */
async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const { open } = await import("node:fs/promises");
  const file = await open(path, "w");
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Does the writing; where it fails, nothing of it is left, and the error says why. */
async function orNothing(path: string, write: (partial: string) => Promise<void>): Promise<void> {
  const { mkdir, rename, rm } = await import("node:fs/promises");
  const partial = path + PARTIAL;
  try {
    await mkdir(await parentOf(path), { recursive: true });
    await rm(partial, { recursive: true, force: true });
    await write(partial);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => {});
    throw refusal(path, error);
  }
  await syncFolder(await parentOf(path));
}

/**
 * Writes a file, in the place of one that is there. Its folder is made if need be.
 *
 * @throws {RangeError} If the disk has no room, or nothing may be written there.
 */
export function writeFile(path: string, bytes: Uint8Array): Promise<void> {
  return orNothing(path, (partial) => writeSynced(partial, bytes));
}

/** Puts bytes into a file, after those that it has or from some place on. */
export type Put = (bytes: Uint8Array, at?: number) => Promise<void>;

/**
 * Writes a file piece by piece, in the place of one that is there. Its folder is made if need be.
 *
 * @throws {RangeError} If the disk has no room, or nothing may be written there.
 */
export async function writePieces<T>(path: string, write: (put: Put) => Promise<T>): Promise<T> {
  const { open } = await import("node:fs/promises");
  let result: T;
  await orNothing(path, async (partial) => {
    const file = await open(partial, "w");
    let end = 0;
    try {
      result = await write(async (bytes, at = end) => {
        for (let from = 0; from < bytes.length;) {
          const { bytesWritten } = await file.write(bytes, from, bytes.length - from, at + from);
          from += bytesWritten;
        }
        end = Math.max(end, at + bytes.length);
      });
      await file.sync();
    } finally {
      await file.close();
    }
  });
  return result!;
}

/**
 * Writes a new folder of files.
 *
 * @throws {RangeError} If the disk has no room, or nothing may be written there.
 */
export function writeFolder(path: string, files: Files): Promise<void> {
  return orNothing(path, async (partial) => {
    const { mkdir } = await import("node:fs/promises");
    await mkdir(partial);
    for (const [name, bytes] of files) await writeSynced(`${partial}/${name}`, bytes);
    await syncFolder(partial);
  });
}

/**
 * Writes files into a folder, beside what else is there; all of them lie on the disk under other
 * names before the first takes its place. The folder is made if need be.
 *
 * @throws {RangeError} If the disk has no room, or nothing may be written there.
 */
export async function writeFiles(folder: string, files: Files): Promise<void> {
  const { mkdir, rename, rm } = await import("node:fs/promises");
  const paths = Array.from(files, ([name, bytes]) => [`${folder}/${name}`, bytes] as const);
  let current = folder;
  try {
    await mkdir(folder, { recursive: true });
    for (const [path, bytes] of paths) {
      current = path;
      await writeSynced(path + PARTIAL, bytes);
    }
    for (const [path] of paths) await rename(path + PARTIAL, path);
  } catch (error) {
    for (const [path] of paths) await rm(path + PARTIAL, { force: true }).catch(() => {});
    throw refusal(current, error);
  }
  await syncFolder(folder);
}
