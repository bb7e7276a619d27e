/**
 * Inputs that nobody meant to be read: arbitrary bytes, arbitrary text, and valid files that were
 * flipped, cut, spliced, and filled with numbers from the edges.
 *
 * @module
 */
import { fc } from "../laws/deps.ts";
import type { Input, Reader } from "./reader.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Changes some bytes; `others` are those of another valid file. */
type Mutation = (bytes: Bytes, others: Bytes) => Bytes;

const encoder = new TextEncoder();

/** Numbers from the edges of what formats and languages can hold. */
export const NUMBERS: readonly string[] = [
  "0",
  "-0",
  "-1",
  "1",
  "2",
  "0.5",
  "1e-320",
  "65536",
  "1000000000",
  "2147483647",
  "2147483648",
  "4294967295",
  "4294967296",
  "9007199254740991",
  "9007199254740993",
  "18446744073709551615",
  "1e308",
  "1e999",
  "-1e999",
  "NaN",
  "Infinity",
];

const TOKENS: readonly string[] = [
  ...NUMBERS,
  "null",
  "true",
  "{}",
  "[]",
  '""',
  '"__proto__":',
  '"constructor":',
  "{",
  "[",
  "}",
  "]",
  '"',
  ",",
  ":",
  "\\",
  "\n",
  "\r\n",
  "\0",
  "\ufeff",
  "é",
  "💥",
];

/** Where bytes are put in the place of others. */
function replaced(bytes: Bytes, from: number, to: number, by: Uint8Array): Bytes {
  const result = new Uint8Array(from + by.length + bytes.length - to);
  result.set(bytes.subarray(0, from));
  result.set(by, from);
  result.set(bytes.subarray(to), from + by.length);
  return result;
}

/** Uniform below 1; doubles of fast-check are uniform over their bits, and so most often near 0. */
const UNIFORM = fc.nat(2 ** 30 - 1).map((n) => n / 2 ** 30);

/** A place in bytes, as a part of their length; near the beginning more often than not. */
const PLACE = fc.oneof(UNIFORM, UNIFORM.map((u) => u ** 4));

const at = (bytes: Bytes, place: number): number =>
  Math.min(bytes.length, Math.floor(place * (bytes.length + 1)));

/** Two places in order. */
function span(bytes: Bytes, a: number, b: number): [number, number] {
  const [from, to] = [at(bytes, a), at(bytes, b)];
  return from < to ? [from, to] : [to, from];
}

function mutation(tokens: readonly string[]): fc.Arbitrary<Mutation> {
  const word = fc.constantFrom(...tokens, ...TOKENS);
  const flips = fc.array(fc.tuple(PLACE, fc.nat(7)), { minLength: 1, maxLength: 8 });
  const long = fc.constantFrom(
    0n,
    1n,
    7n,
    255n,
    2n ** 16n,
    2n ** 31n - 1n,
    2n ** 32n,
    2n ** 53n,
    2n ** 63n - 1n,
    2n ** 64n - 1n,
  );
  return fc.oneof(
    flips.map((flips): Mutation => (bytes) => {
      const result = bytes.slice();
      for (const [place, bit] of flips) {
        const i = Math.min(at(bytes, place), bytes.length - 1);
        if (i >= 0) result[i]! ^= 1 << bit;
      }
      return result;
    }),
    PLACE.map((place): Mutation => (bytes) => bytes.slice(0, at(bytes, place))),
    PLACE.map((place): Mutation => (bytes) => bytes.slice(at(bytes, place))),
    fc.tuple(PLACE, PLACE).map(([a, b]): Mutation => (bytes) =>
      replaced(bytes, ...span(bytes, a, b), new Uint8Array(0))
    ),
    fc.tuple(PLACE, PLACE, PLACE, PLACE).map(([a, b, c, d]): Mutation => (bytes, others) =>
      replaced(bytes, ...span(bytes, a, b), others.subarray(...span(others, c, d)))
    ),
    fc.tuple(PLACE, PLACE, fc.integer({ min: 2, max: 40 })).map(
      ([a, b, n]): Mutation => (bytes) => {
        const [from, to] = span(bytes, a, Math.min(1, a + b / 16));
        const chunk = Array.from({ length: n }, () => [...bytes.subarray(from, to)]).flat();
        return replaced(bytes, from, to, Uint8Array.from(chunk));
      },
    ),
    fc.tuple(PLACE, word).map(([place, word]): Mutation => (bytes) =>
      replaced(bytes, at(bytes, place), at(bytes, place), encoder.encode(word))
    ),
    fc.tuple(PLACE, word, fc.integer({ min: 1, max: 20_000 })).map(
      ([place, word, n]): Mutation => (bytes) =>
        replaced(bytes, at(bytes, place), at(bytes, place), encoder.encode(word.repeat(n))),
    ),
    fc.tuple(PLACE, fc.constantFrom(...NUMBERS)).map(([place, number]): Mutation => (bytes) => {
      const text = new TextDecoder("latin1").decode(bytes.subarray(at(bytes, place)));
      const found = /\d+(\.\d+)?/.exec(text);
      if (found === null) return bytes;
      const from = at(bytes, place) + found.index;
      return replaced(bytes, from, from + found[0].length, encoder.encode(number));
    }),
    fc.tuple(PLACE, long, fc.boolean(), fc.constantFrom(2, 4, 8)).map(
      ([place, value, little, size]): Mutation => (bytes) => {
        const eight = new Uint8Array(8);
        new DataView(eight.buffer).setBigUint64(0, value, little);
        const from = Math.max(0, Math.min(at(bytes, place), bytes.length - size));
        const chosen = little ? eight.subarray(0, size) : eight.subarray(8 - size);
        return replaced(bytes, from, Math.min(bytes.length, from + size), chosen);
      },
    ),
  );
}

/** All that a reader is given. */
export function inputsOf({ seeds, tokens = [], inputs }: Reader): fc.Arbitrary<Input> {
  const seed = fc.nat(seeds.length - 1);
  const mutated = fc.tuple(
    seed,
    seed,
    fc.array(mutation(tokens), { minLength: 1, maxLength: 3 }),
  ).map(([seed, other, mutations]): Input => ({
    seed,
    bytes: mutations.reduce((bytes, mutate) => mutate(bytes, seeds[other]!), seeds[seed]!),
  }));
  const text = fc.oneof(fc.string({ unit: "grapheme", maxLength: 200 }), fc.json());
  const arbitrary = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes)),
    text.map((text) => encoder.encode(text)),
  ).map((bytes): Input => ({ bytes, seed: 0 }));
  return fc.oneof(
    { weight: 6, arbitrary: mutated },
    { weight: 1, arbitrary },
    ...(inputs === undefined ? [] : [{ weight: 6, arbitrary: inputs }]),
  );
}

/** What JSON holds. */
type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** All places in a value. */
function pathsOf(value: Json, path: readonly string[] = []): (readonly string[])[] {
  const inside = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return [path, ...inside.flatMap(([name, item]) => pathsOf(item, [...path, name]))];
}

function atPath(value: Json, path: readonly string[]): Json {
  return path.reduce<Json>((value, name) => (value as { [name: string]: Json })[name]!, value);
}

/** A value in which one place holds another one, or nothing. */
function changed(value: Json, path: readonly string[], by: Json | undefined): Json | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return by;
  const copy = structuredClone(value) as { [name: string]: Json };
  const item = changed(copy[name]!, rest, by);
  if (item !== undefined) copy[name] = item;
  else if (Array.isArray(copy)) (copy as Json[]).splice(Number(name), 1);
  else delete copy[name];
  return copy;
}

/** A value within lists and records. */
const nested = (value: Json, times: number): Json =>
  times === 0 ? value : nested(times % 2 === 0 ? [value] : { options: value }, times - 1);

/** A change of one place in a value. */
type Change = (value: Json) => Json | undefined;

/**
 * Valid JSON in which places hold numbers from the edges, something arbitrary, a part of a file,
 * themselves deep within lists and records, or nothing.
 */
export function mutatedJson(
  values: readonly Json[],
): fc.Arbitrary<{ readonly seed: number; readonly text: string }> {
  const u = UNIFORM;
  const pick = <T>(items: readonly T[], u: number): T => items[Math.floor(u * items.length)]!;
  const edge = fc.constantFrom(...NUMBERS.map(Number).filter(Number.isFinite));
  /** A change at a place among those that a test lets pass. */
  const change =
    (u: number, by: Change, test: (value: Json) => boolean = () => true): Change => (value) => {
      const paths = pathsOf(value).filter((path) => test(atPath(value, path)));
      if (paths.length === 0) return value;
      const path = pick(paths, u);
      return changed(value, path, by(atPath(value, path)));
    };
  const changes = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(u, edge).map(([u, number]) =>
        change(u, () => number, (value) => typeof value === "number")
      ),
    },
    fc.tuple(u, edge).map(([u, number]) => change(u, () => number)),
    fc.tuple(u, edge).map(([u, number]) => change(u, () => [number])),
    fc.tuple(u, fc.jsonValue({ maxDepth: 2 })).map(([u, by]) => change(u, () => by as Json)),
    fc.tuple(u, u, u).map(([u, file, place]) => {
      const other = pick(values, file);
      return change(u, () => atPath(other, pick(pathsOf(other), place)));
    }),
    fc.tuple(u, fc.integer({ min: 1, max: 500 })).map(([u, times]) =>
      change(u, (value) => nested(value, times))
    ),
    u.map((u) => change(u, () => undefined)),
  );
  return fc.tuple(
    fc.nat(values.length - 1),
    fc.array(changes, { minLength: 1, maxLength: 3 }),
  ).map(([seed, changes]) => {
    const value = changes.reduce<Json>((value, change) => change(value) ?? null, values[seed]!);
    return { seed, text: JSON.stringify(value) };
  });
}
