/**
 * Files from a disk.
 *
 * @module
 */
import { outOfRange } from "../errors.ts";
import { inBrowser } from "../in_browser.ts";

/** What the system says of a file, in our words. */
function refusal(action: string, requirement: string, error: unknown): Error {
  const { code, message } = error as { code?: string; message?: string };
  if ((error as Error).name === "NotCapable") return error as Error; // Deno says what to allow.
  const current = code === "ENOENT" ? "missing" : message ?? code;
  return Object.assign(outOfRange(action, requirement, current), { cause: error });
}

/**
 * Reads a file.
 *
 * @param action The attempted action, for errors.
 * @param path The path of the file.
 * @param maxBytes The size from which on it is not even opened.
 * @throws {RangeError} If it cannot be read, or is larger.
 */
export async function readWhole(
  action: string,
  path: string,
  maxBytes: number = Infinity,
): Promise<Uint8Array<ArrayBuffer>> {
  const { readFile, stat } = await import("node:fs/promises");
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new Error("no file"); // Some devices never end.
    if (found.size <= maxBytes) return new Uint8Array(await readFile(path));
  } catch (error) {
    const { code } = error as { code?: string };
    const requirement = code === "ENOENT" ? "exist" : "be a file that can be read";
    throw refusal(action, `'${path}' must ${requirement}`, error);
  }
  throw tooLarge(action, path, maxBytes);
}

/**
 * The names in a folder; none where there is no folder.
 *
 * @throws {RangeError} If it is none, or cannot be read.
 */
export async function namesIn(action: string, folder: string): Promise<readonly string[]> {
  if (inBrowser) {
    throw outOfRange(action, "there must be a disk, which a browser has not", folder);
  }
  const { readdir } = await import("node:fs/promises");
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return [];
    throw refusal(action, `'${folder}' must be a folder that can be read`, error);
  }
}

/** Says that something is larger than it may be. */
export function tooLarge(action: string, what: string, maxBytes: number): RangeError {
  const requirement = `'${what}' must have at most ${maxBytes} bytes ('maxBytes')`;
  return outOfRange(action, requirement, "more");
}
