/**
 * Whether bytes are those that somebody meant: https://www.w3.org/TR/sri-2/#integrity-metadata
 *
 * @module
 */
import { outOfRange } from "../errors.ts";

/** The hashes from the weakest to the strongest. */
const HASHES: readonly string[] = ["sha256", "sha384", "sha512"];

/** A hash and its value in base64, behind which there may be options for the future. */
const ITEM = /^(sha(?:256|384|512))-([A-Za-z0-9+/]+={0,2})(?:\?.*)?$/;

/** What some bytes hash to, as `integrity` in HTML has it. */
export async function integrityOf(
  bytes: Uint8Array<ArrayBuffer>,
  hash: string = "sha256",
): Promise<string> {
  const name = hash.replace("sha", "SHA-");
  const digest = new Uint8Array(await crypto.subtle.digest(name, bytes));
  return `${hash}-${btoa(String.fromCharCode(...digest))}`;
}

/**
 * Throws unless some bytes have one of the wanted hashes.
 *
 * @param action The attempted action, for errors.
 * @param name What the bytes are called there.
 * @param bytes The bytes.
 * @param integrity Hashes with spaces between; the strongest kind counts.
 * @throws {RangeError} If no hash is known, or none is that of the bytes, or a browser cannot hash
 * because the page may have been changed on its way.
 */
export async function requireIntegrity(
  action: string,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  integrity: string,
): Promise<void> {
  const items = String(integrity).trim().split(/\s+/).map((item) => ITEM.exec(item));
  const wanted = items.filter((item) => item !== null).map(([, hash, value]) =>
    [hash!, `${hash}-${value}`] as const
  );
  const strongest = HASHES.findLast((hash) => wanted.some(([kind]) => kind === hash));
  if (strongest === undefined) {
    const requirement = "'integrity' must be sha256-, sha384- or sha512- and a hash in base64";
    throw outOfRange(action, requirement, integrity);
  }
  if (!("crypto" in globalThis) || crypto.subtle === undefined) {
    throw outOfRange(action, "'integrity' must be checked on https or localhost", "another page");
  }
  const found = await integrityOf(bytes, strongest);
  if (wanted.some(([, item]) => item === found)) return;
  throw outOfRange(action, `'${name}' must have the hash '${integrity}'`, found);
}
