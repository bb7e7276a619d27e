/**
 * Where the bytes of a file come from: a path, the web, a `Blob`, or a browser's own database.
 *
 * @module
 */
import { outOfRange, requirePositiveInteger, wrongType } from "../errors.ts";
import { inBrowser } from "../in_browser.ts";
import { type IndexedDb, isIndexedDb, readRecord, writeRecord } from "./indexed_db.ts";
import { requireIntegrity } from "./integrity.ts";
import { nameOf } from "./name.ts";
import { readWhole, tooLarge } from "./read.ts";
import { writeFile } from "./write.ts";

/** What is told of a file that is read. */
export interface ReadOptions {
  /**
   * What the bytes of a single file must hash to: `sha256-`, `sha384-` or `sha512-` and the hash in
   * base64, as `integrity` in HTML has it. Of several, the strongest counts.
   */
  readonly integrity?: string;
  /**
   * The size of the largest file that is read. What the web sends is cut off there.
   * @default 268435456 for what comes from the web, and none for other files
   */
  readonly maxBytes?: number;
  /** Gives up waiting for the web. */
  readonly signal?: AbortSignal;
}

/**
 * A file: its path (in Deno and Node), its address on the web, itself, its bytes, or its name in a
 * browser's database. A string is an address where it begins with `http:` or `https:`, and in a
 * browser always.
 */
export type FileSource = string | URL | Blob | ArrayBuffer | Uint8Array<ArrayBuffer> | IndexedDb;

/** Where a file can be written: its path, its `file:` URL, or its name in a browser's database. */
export type FilePlace = string | URL | IndexedDb;

/** The size of the largest file that is fetched unless told. */
const MAX_FETCHED = 2 ** 28;

/** What a file is called in errors. */
export function nameOfSource(source: FileSource): string {
  return isIndexedDb(source) ? source.name : nameOf(source);
}

/** A string or URL as a path, or undefined if it is none. */
export async function pathOf(source: FileSource): Promise<string | undefined> {
  if (source instanceof URL && source.protocol === "file:") {
    return (await import("node:url")).fileURLToPath(source);
  }
  const path = typeof source === "string" && !inBrowser && !/^https?:/i.test(source);
  return path ? source : undefined;
}

/** All bytes of a stream, which is cancelled as soon as it has too many. */
async function readStream(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [], reader = body.getReader();
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    chunks.push(value);
    if (length <= maxBytes) continue;
    await reader.cancel();
    return undefined;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

async function fetchWhole(
  action: string,
  url: string | URL,
  { maxBytes = MAX_FETCHED, signal }: ReadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const name = String(url);
  /** What the network says, in our words. */
  function refusal(error: Error): Error {
    if (signal?.aborted || error.name === "NotCapable") return error;
    const refusal = outOfRange(action, `'${name}' must answer`, error.message);
    return Object.assign(refusal, { cause: error });
  }
  const answer = await fetch(url, { signal: signal ?? null }).catch((error) => {
    throw refusal(error);
  });
  if (!answer.ok || answer.body === null) {
    await answer.body?.cancel();
    const status = `${answer.status} ${answer.statusText}`.trim();
    throw outOfRange(action, `'${name}' must answer with a file`, status);
  }
  if (Number(answer.headers.get("content-length")) > maxBytes) {
    await answer.body.cancel();
    throw tooLarge(action, name, maxBytes);
  }
  const bytes = await readStream(answer.body, maxBytes).catch((error) => {
    throw refusal(error);
  });
  if (bytes === undefined) throw tooLarge(action, name, maxBytes);
  return bytes;
}

async function readAny(
  action: string,
  source: FileSource,
  options: ReadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  if (isIndexedDb(source)) return await readRecord(action, source, options.maxBytes);
  if (typeof source === "string" || source instanceof URL) {
    const path = await pathOf(source);
    return path === undefined
      ? await fetchWhole(action, source, options)
      : await readWhole(action, path, options.maxBytes);
  }
  const { maxBytes = Infinity } = options;
  const size = source instanceof Blob ? source.size : source.byteLength;
  if (size > maxBytes) throw tooLarge(action, nameOf(source), maxBytes);
  if (source instanceof Uint8Array) return source;
  return new Uint8Array(source instanceof Blob ? await source.arrayBuffer() : source);
}

/**
 * Reads a single file from wherever it is.
 *
 * @param action The attempted action, for errors.
 * @param source Where it is.
 * @param options How large it may be, and what it must hash to.
 * @throws {RangeError} If it is not there, too large, or another one than it should be.
 * @throws {TypeError} If the source is none.
 */
export async function readFrom(
  action: string,
  source: FileSource,
  options: ReadOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { integrity, maxBytes } = options;
  if (maxBytes !== undefined) requirePositiveInteger(action, "maxBytes", maxBytes);
  const kinds = [URL, Blob, ArrayBuffer, Uint8Array];
  const known = typeof source === "string" || isIndexedDb(source) ||
    kinds.some((kind) => source instanceof kind);
  if (!known) {
    const requirement = "the source must be a path, a URL, a Blob, bytes or indexedDb(name)";
    throw wrongType(action, requirement, source);
  }
  const bytes = await readAny(action, source, options);
  if (integrity !== undefined) {
    await requireIntegrity(action, nameOfSource(source), bytes, integrity);
  }
  return bytes;
}

/** The path of a place, or undefined where it lies in a browser's database; throws if it is none. */
export async function pathOfPlace(action: string, place: FilePlace): Promise<string | undefined> {
  if (isIndexedDb(place)) return undefined;
  const named = typeof place === "string" || place instanceof URL;
  const path = named ? await pathOf(place) : undefined;
  if (path !== undefined) return path;
  const requirement = "the place must be a path, a file: URL or indexedDb(name)";
  throw wrongType(action, requirement, named ? String(place) : place);
}

/**
 * Writes a single file, all of it or nothing.
 *
 * @param action The attempted action, for errors.
 * @param place Where it is to be.
 * @param bytes The file.
 */
export async function writeTo(
  action: string,
  place: FilePlace,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const path = await pathOfPlace(action, place);
  if (path === undefined) await writeRecord(action, place as IndexedDb, bytes);
  else await writeFile(path, bytes);
}
