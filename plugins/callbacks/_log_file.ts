/**
 * A file that a callback adds to, and that a resumed run goes on with where its checkpoint was taken:
 * what was added after that is cut off, as it is going to be added again.
 *
 * @module
 */
import { appendFile } from "../../core/files/append.ts";

/** A log on the disk. */
export interface LogFile {
  /** Its length in bytes: what a checkpoint has to keep of it. */
  readonly length: number;
  /** Starts a new log, which takes the place of an old one with its first entry. */
  readonly begin: () => Promise<void>;
  /** Goes on with the first so many bytes of it, or with what is left of them. */
  readonly goOn: (length: number) => Promise<void>;
  /** Adds an entry, and brings it to the disk. */
  readonly append: (entry: Uint8Array) => Promise<void>;
}

const NOTHING = new Uint8Array();

/** Opens the log at a path. */
export function logFile(path: string): LogFile {
  let length = 0;
  return {
    get length() {
      return length;
    },
    begin: async () => {
      length = 0;
      await appendFile(path, Infinity, NOTHING); // A path that cannot be written to is told of now.
    },
    goOn: async (bytes) => {
      length = bytes === 0 ? 0 : await appendFile(path, bytes, NOTHING);
    },
    append: async (entry) => {
      length = await appendFile(path, length, entry);
    },
  };
}
