/**
 * A file in the database that a browser keeps for a site.
 *
 * @module
 */
import { lazy } from "../deps.ts";
import { outOfRange } from "../errors.ts";
import { tooLarge } from "./read.ts";

/** Where a file lies in a browser: a name in a database of its own. */
export interface IndexedDb {
  /** That it is such a place. */
  readonly kind: "indexedDb";
  /** The name of the file. */
  readonly name: string;
}

/** The database that holds the files of Elbo. */
const DATABASE = "elbo";

/** A store of a database. */
type Store = unknown;

/** What we use of the package. */
interface KeyValue {
  readonly createStore: (database: string, store: string) => Store;
  readonly get: (name: string, store: Store) => Promise<unknown>;
  readonly set: (name: string, value: unknown, store: Store) => Promise<void>;
}

/**
 * A place in a browser's own database, for `save` and `load`. It is called `elbo`, and lasts until
 * the visitor clears the data of the site.
 *
 * @param name The name of the file there.
 *
 * @example
 * ```ts ignore
 * await save(model, indexedDb("digits"));
 * const same = await load(indexedDb("digits"));
 * ```
 */
export function indexedDb(name: string): IndexedDb {
  return { kind: "indexedDb", name };
}

/** Whether something is a place in a browser's database. */
export function isIndexedDb(value: unknown): value is IndexedDb {
  return typeof value === "object" && value !== null && "kind" in value &&
    value.kind === "indexedDb" && "name" in value && typeof value.name === "string";
}

/** Opens the store; throws where there is no such database. */
async function open(
  action: string,
): Promise<{ readonly keyValue: KeyValue; readonly store: Store }> {
  if (!("indexedDB" in globalThis)) {
    throw outOfRange(action, "'indexedDb' must be used in a browser", "no indexedDB");
  }
  const keyValue = await lazy.keyValue() as KeyValue;
  return { keyValue, store: keyValue.createStore(DATABASE, "files") };
}

/** What the database says, in our words. */
function refusal(action: string, { name }: IndexedDb, error: unknown): Error {
  const requirement = `'${name}' in database '${DATABASE}' must be accessible`;
  return Object.assign(outOfRange(action, requirement, String(error)), { cause: error });
}

/** Writes a file into the database, all of it or nothing. */
export async function writeRecord(
  action: string,
  place: IndexedDb,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const { keyValue, store } = await open(action);
  await keyValue.set(place.name, bytes, store).catch((error) => {
    throw refusal(action, place, error);
  });
}

/** Reads a file from the database. */
export async function readRecord(
  action: string,
  place: IndexedDb,
  maxBytes: number = Infinity,
): Promise<Uint8Array<ArrayBuffer>> {
  const { keyValue, store } = await open(action);
  const found = await keyValue.get(place.name, store).catch((error) => {
    throw refusal(action, place, error);
  });
  if (!(found instanceof Uint8Array)) {
    const requirement = `'${place.name}' in database '${DATABASE}' must be a file`;
    throw outOfRange(action, requirement, found ?? "missing");
  }
  if (found.length > maxBytes) throw tooLarge(action, place.name, maxBytes);
  return new Uint8Array(found);
}
