/**
 * Other programs, run as a user would.
 *
 * @module
 */

/** What a program printed, if it ended well. */
export interface Printed {
  /** All that it printed. */
  readonly text: string;
  /** The JSON object on its last line. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** What Deno prints when it is run with some arguments; throws all of it if it fails. */
export async function outputOf(args: readonly string[], folder = "."): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [...args],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  const [text, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (code !== 0) throw new Error(`deno ${args.join(" ")} ended with ${code}:\n${text}${errors}`);
  return text!;
}

/** Runs a program that ends with a line of JSON, and throws what it printed if it fails. */
export async function runDeno(args: readonly string[], folder = "."): Promise<Printed> {
  const text = await outputOf(args, folder);
  return { text, json: JSON.parse(text.trim().split("\n").at(-1)!) };
}

/** Runs something in a new folder under `out/`, and removes it afterwards. */
export async function inFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  await Deno.mkdir("out", { recursive: true });
  const folder = await Deno.makeTempDir({ dir: "out" });
  try {
    return await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
