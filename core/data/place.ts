/**
 * Where data lie, and how their bytes are read: a file, a URL, a `Blob`, or bytes in memory; packed
 * by gzip or not.
 *
 * @module
 */
import { outOfRange, wrongType } from "../errors.ts";
import { nameOf } from "../files/name.ts";
import { inBrowser } from "../in_browser.ts";

/**
 * Where data lie: the path of a file (in Deno with `--allow-read`, and in Node), a URL (in Deno with
 * `--allow-net`; also a string that begins with `http`, and any string in a browser), a `Blob` or
 * `File`, or bytes.
 */
export type Place = string | URL | Blob | ArrayBuffer | Uint8Array;

/** Reads bytes, one after the other or from wherever it is told. */
export interface ByteReader {
  /** Fills an array as far as there are bytes, and says how many there were. */
  readonly fill: (target: Uint8Array<ArrayBuffer>) => Promise<number>;
  /** Goes to a position. Backwards only where the file is seekable. */
  readonly seek: (position: number) => Promise<void>;
  /** Lets go of the file. */
  readonly close: () => Promise<void>;
}

/** A file, wherever it lies. */
export interface ByteFile {
  /** What it is called in errors. */
  readonly name: string;
  /** The number of its bytes once they are unpacked, where that is known. */
  readonly size?: number | undefined;
  /** The number of bytes that there are at most. */
  readonly bound: number;
  /** Whether one can begin to read anywhere at no cost. */
  readonly seekable: boolean;
  /** Opens it at its beginning. */
  readonly open: () => Promise<ByteReader>;
}

/** Deflate makes at most 1032 bytes of one. */
const MOST_UNPACKED = 1032;

/** How much of a packed or remote file is read at once. */
const BLOCK = 1 << 16;

/** What is being attempted when a file of that name is read. */
export function reading(name: string): string {
  return `read '${name}'`;
}

/** The bytes of a stream as they are asked for. */
function streamReader(
  name: string,
  requirement: string,
  stream: ReadableStream<Uint8Array>,
  also: () => Promise<void> = () => Promise.resolve(),
): ByteReader {
  const reader = stream.getReader();
  let rest: Uint8Array = new Uint8Array(0);
  let at = 0;

  /** The next bytes of the stream, at most so many; none at its end. */
  async function take(most: number): Promise<Uint8Array> {
    while (rest.length === 0) {
      const { value, done } = await reader.read().catch((error) => {
        throw outOfRange(reading(name), requirement, messageOf(error));
      });
      if (done) break;
      rest = value;
    }
    const taken = rest.subarray(0, most);
    rest = rest.subarray(taken.length);
    at += taken.length;
    return taken;
  }

  return {
    fill: async (target) => {
      let filled = 0;
      while (filled < target.length) {
        const bytes = await take(target.length - filled);
        if (bytes.length === 0) break;
        target.set(bytes, filled);
        filled += bytes.length;
      }
      return filled;
    },
    seek: async (position) => {
      while (at < position) if ((await take(position - at)).length === 0) break;
    },
    close: async () => {
      await reader.cancel().catch(() => {});
      await also();
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function fromBytes(bytes: Uint8Array): ByteFile {
  return {
    name: "bytes",
    size: bytes.length,
    bound: bytes.length,
    seekable: true,
    open: () => {
      let at = 0;
      return Promise.resolve({
        fill: (target) => {
          const taken = bytes.subarray(at, at + target.length);
          target.set(taken);
          at += taken.length;
          return Promise.resolve(taken.length);
        },
        seek: (position) => Promise.resolve(void (at = position)),
        close: () => Promise.resolve(),
      });
    },
  };
}

function fromBlob(blob: Blob): ByteFile {
  return {
    name: nameOf(blob),
    size: blob.size,
    bound: blob.size,
    seekable: true,
    open: () => {
      let at = 0;
      return Promise.resolve({
        fill: async (target) => {
          const slice = blob.slice(at, at + target.length);
          target.set(new Uint8Array(await slice.arrayBuffer()));
          at += slice.size;
          return slice.size;
        },
        seek: (position) => Promise.resolve(void (at = position)),
        close: () => Promise.resolve(),
      });
    },
  };
}

async function fromUrl(url: URL): Promise<ByteFile> {
  const name = url.href;

  async function get(): Promise<Response> {
    const response = await fetch(url).catch((error) => {
      throw outOfRange(reading(name), "it must be there", messageOf(error));
    });
    if (response.ok) return response;
    await response.body?.cancel();
    throw outOfRange(reading(name), "the server must answer with it", response.status);
  }

  const { headers, body } = await get();
  await body?.cancel();
  // The length is that of what was sent, which the browser may have unpacked.
  const length = headers.get("content-encoding") === null ? headers.get("content-length") : null;
  const size = length === null ? undefined : Number(length);
  return {
    name,
    size,
    bound: size ?? Infinity,
    seekable: false,
    open: async () => {
      const { body } = await get();
      return streamReader(name, "all of it must be sent", body ?? new ReadableStream());
    },
  };
}

/** Throws what a file system says in our words, where it is said often. */
function refuseFile(name: string, error: unknown): never {
  const { code } = error as { readonly code?: string };
  if (code === "ENOENT") throw outOfRange(reading(name), "the file must exist", "missing");
  if (code === "EISDIR") throw outOfRange(reading(name), "it must be a file", "a folder");
  throw error;
}

async function fromPath(path: string): Promise<ByteFile> {
  const { open, stat } = await import("node:fs/promises");
  const found = await stat(path).catch((error) => refuseFile(path, error));
  if (!found.isFile()) refuseFile(path, { code: "EISDIR" });
  return {
    name: path,
    size: found.size,
    bound: found.size,
    seekable: true,
    open: async () => {
      const file = await open(path).catch((error) => refuseFile(path, error));
      let at = 0;
      let pending: Promise<unknown> = Promise.resolve();
      let closed = false;
      return {
        fill: async (target) => {
          let filled = 0;
          while (filled < target.length && !closed) {
            const read = file.read(target, filled, target.length - filled, at);
            pending = read;
            const { bytesRead } = await read;
            if (bytesRead === 0) break;
            filled += bytesRead;
            at += bytesRead;
          }
          return filled;
        },
        seek: (position) => Promise.resolve(void (at = position)),
        close: async () => {
          if (closed) return;
          closed = true;
          await pending.catch(() => {});
          await file.close();
        },
      };
    },
  };
}

/** A reader's bytes as a stream. */
function streamOf(reader: ByteReader): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    pull: async (controller) => {
      const block = new Uint8Array(BLOCK);
      const filled = await reader.fill(block);
      if (filled === 0) controller.close();
      else controller.enqueue(block.subarray(0, filled));
    },
    cancel: () => reader.close(),
  }, { highWaterMark: 0 });
}

/** The same file, unpacked as it is read. */
function unpacked(file: ByteFile): ByteFile {
  return {
    name: file.name,
    bound: file.bound * MOST_UNPACKED,
    seekable: false,
    open: async () => {
      const packed = await file.open();
      const stream = streamOf(packed).pipeThrough(new DecompressionStream("gzip"));
      const requirement = "it must be packed as a whole, and in one piece";
      return streamReader(file.name, requirement, stream, packed.close);
    },
  };
}

/** Opens a file, does something with it, and closes it whatever happens. */
export async function withReader<T>(
  file: ByteFile,
  use: (reader: ByteReader) => Promise<T>,
): Promise<T> {
  const reader = await file.open();
  try {
    return await use(reader);
  } finally {
    await reader.close();
  }
}

/**
 * The file at a place, as it is.
 *
 * @throws {RangeError} If it is not there.
 * @throws {TypeError} If it is no place.
 */
export function fileAt(place: Place): ByteFile | Promise<ByteFile> {
  if (place instanceof Blob) return fromBlob(place);
  if (place instanceof Uint8Array) return fromBytes(place);
  if (place instanceof ArrayBuffer) return fromBytes(new Uint8Array(place));
  if (place instanceof URL && place.protocol === "file:") {
    return import("node:url").then(({ fileURLToPath }) => fromPath(fileURLToPath(place)));
  }
  if (place instanceof URL) return fromUrl(place);
  if (typeof place === "string") {
    if (/^https?:/.test(place)) return fromUrl(new URL(place));
    if (!inBrowser) return fromPath(place);
    return fromUrl(new URL(place, (globalThis as { location?: { href: string } }).location?.href));
  }
  throw wrongType("read data", "their place must be a path, a URL, a Blob or bytes", place);
}

/**
 * The file at a place, unpacked where it begins as a gzip file does, whatever it is called.
 *
 * @throws {RangeError} If it is not there.
 * @throws {TypeError} If it is no place.
 */
export async function openPlace(place: Place): Promise<ByteFile> {
  const file = await fileAt(place);
  const magic = new Uint8Array(2);
  await withReader(file, (reader) => reader.fill(magic));
  return magic[0] === 0x1f && magic[1] === 0x8b ? unpacked(file) : file;
}
