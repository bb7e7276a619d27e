/**
 * JSON from a file that anybody may have written.
 *
 * @module
 */
import { outOfRange } from "../errors.ts";
import type { Json } from "../types.ts";

/** How deep lists and records may lie within each other. */
const DEPTH = 100;

/** Where the string that opens at `start` closes. */
function endOfString(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
  return end;
}

/**
 * JSON as a value.
 *
 * Two readers may take a record that has one name twice for different things, and a record whose
 * name is `__proto__` may be taken for a prototype: neither is read.
 *
 * @param action The attempted action, for errors.
 * @param what What the text is called there.
 * @param bytes The text in UTF-8.
 * @throws {RangeError} If it is no JSON, lists and records lie too deep, or a name stands twice in
 * one record or is `__proto__`.
 */
export function parseJson(action: string, what: string, bytes: Uint8Array): Json {
  let text = "no UTF-8";
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    requireSound(action, what, text);
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw outOfRange(action, `${what} must be JSON`, text);
  }
}

/** Throws if text is JSON that we do not read; what is no JSON at all may pass. */
function requireSound(action: string, what: string, text: string): void {
  // The names of each open record; lists have none.
  const open: (Set<string> | undefined)[] = [];
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]!;
    if (letter === "{" || letter === "[") {
      open.push(letter === "{" ? new Set() : undefined);
      if (open.length <= DEPTH) continue;
      const requirement = `the lists and records of ${what} must lie at most ${DEPTH} deep`;
      throw outOfRange(action, requirement, `${DEPTH + 1} at character ${i}`);
    }
    if (letter === "}" || letter === "]") open.pop();
    if (letter !== '"') continue;
    const start = i;
    i = endOfString(text, start);
    let next = i + 1;
    while (/\s/.test(text[next] ?? "")) next++;
    if (text[next] !== ":") continue;
    const name: string = JSON.parse(text.slice(start, i + 1));
    const names = open.at(-1);
    if (name === "__proto__" || names?.has(name)) {
      const requirement = name === "__proto__"
        ? `no name in ${what} may be '__proto__'`
        : `the names in each record of ${what} must be unique`;
      throw outOfRange(action, requirement, name);
    }
    names?.add(name);
  }
}

/** Whether a value is a record: neither a list, nor nothing. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
