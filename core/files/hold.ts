/**
 * Folders that one program at a time writes to.
 *
 * They are held by a lock of the operating system, which ends with the program, however that ends;
 * nothing is written. Where there is none (in Node, on Windows) nobody is kept out.
 *
 * @module
 */
import { outOfRange } from "../errors.ts";

/** What is used of Deno. */
interface Locks {
  readonly open: (path: string) => Promise<{
    readonly tryLock: (exclusive: boolean) => Promise<boolean>;
    readonly close: () => void;
  }>;
}

/**
 * Holds a folder that is there.
 *
 * @returns What lets it go.
 * @throws {RangeError} If another program, or another part of this one, holds it.
 */
export async function hold(action: string, folder: string): Promise<() => void> {
  const { Deno: locks } = globalThis as { readonly Deno?: Locks };
  let file: Awaited<ReturnType<Locks["open"]>> | undefined, held = true;
  try {
    file = await locks?.open(folder);
    if (file !== undefined) held = await file.tryLock(true);
  } catch {
    // Windows opens no folders, and some disks know no locks.
  }
  if (held) return () => file?.close();
  file?.close();
  throw outOfRange(action, `no other run may go on in '${folder}'`, "one does");
}
