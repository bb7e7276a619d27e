/**
 * Files that grow piece by piece, and can be cut back to where they were.
 *
 * @module
 */
import { parentOf, refusal } from "./write.ts";

/**
 * Puts bytes behind the first `length` bytes of a file, cuts off what stood there, and brings them to
 * the disk. A file that is shorter goes on where it ends; one that is missing is made.
 *
 * @returns The length of the file.
 * @throws {RangeError} If the disk has no room, or nothing may be written there.
 */
export async function appendFile(path: string, length: number, bytes: Uint8Array): Promise<number> {
  const { mkdir, open, truncate } = await import("node:fs/promises");
  try {
    await mkdir(await parentOf(path), { recursive: true });
    const file = await open(path, "a");
    try {
      const { size } = await file.stat();
      // By its path, as Windows cuts no file that is open for appending.
      if (size > length) await truncate(path, length);
      await file.writeFile(bytes);
      await file.sync();
      return Math.min(size, length) + bytes.length;
    } finally {
      await file.close();
    }
  } catch (error) {
    throw refusal(path, error);
  }
}
