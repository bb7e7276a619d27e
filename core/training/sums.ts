/**
 * `SHA256SUMS`: what the other files of a folder must hold, as the program `sha256sum` writes it.
 *
 * @module
 */
import type { Files } from "../files/write.ts";
import { hashOf } from "./fingerprint.ts";

/** The name of the file. */
const SUMS = "SHA256SUMS";

const sumOf = (bytes: Uint8Array): Promise<string> => hashOf(bytes as Uint8Array<ArrayBuffer>);

/** Some files, and the sums of all of them. */
export async function withSums(files: Files): Promise<Files> {
  const sums: string[] = [];
  for (const [name, bytes] of files) sums.push(`${await sumOf(bytes)}  ${name}\n`);
  return new Map([...files, [SUMS, new TextEncoder().encode(sums.join(""))]]);
}

/**
 * Reads the files of which there are sums.
 *
 * @param read Reads the file of some name, and throws if it cannot.
 * @returns The files, or a sentence that says what is wrong with them.
 * @throws If a file cannot be read, which may be whole all the same.
 */
export async function readSummed(
  read: (name: string) => Promise<Uint8Array>,
): Promise<Files | string> {
  const files = new Map<string, Uint8Array>();
  try {
    const lines = new TextDecoder().decode(await read(SUMS)).trimEnd().split("\n");
    const sums = lines.map((line) =>
      /^([0-9a-f]{64}) {2}([a-z]+\.(?:json|safetensors))$/.exec(line)
    );
    if (sums.includes(null)) return `'${SUMS}' is damaged`;
    for (const [, sum, name] of sums as RegExpExecArray[]) {
      const bytes = await read(name!);
      if (await sumOf(bytes) !== sum) return `'${name}' is damaged`;
      files.set(name!, bytes);
    }
  } catch (error) {
    const { cause, message, name } = error as Error;
    const { code = "ENOENT" } = (cause ?? {}) as { readonly code?: string };
    if (code !== "ENOENT" || name === "NotCapable") throw error;
    return message;
  }
  return files;
}
