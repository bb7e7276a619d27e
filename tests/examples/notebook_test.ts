import assert from "node:assert/strict";
import { inFolder, runDeno } from "../helpers/run.ts";

interface Cell {
  readonly cell_type: "code" | "markdown";
  readonly source: readonly string[];
  readonly outputs?: readonly unknown[];
}

/** Keeps what the cells show, in place of the kernel. */
function stub(folder: string): string {
  return `const shown: string[] = [];
const jupyter = {
    async display(bundle: Record<string, string>, { raw }: { raw: boolean }) {
      if (!raw) throw new Error("it is a bundle of pictures by their types");
      for (const [type, data] of Object.entries(bundle)) {
        const name = "${folder}/" + shown.length + (type === "image/png" ? ".png" : ".svg");
        const bytes = type === "image/png" ? Uint8Array.fromBase64(data) : new TextEncoder().encode(data);
        await Deno.writeFile(name, bytes);
        shown.push(type);
      }
    },
};
`;
}

Deno.test("notebook.ipynb runs from its first cell to its last, and shows pictures", () =>
  inFolder(async (folder) => {
    const { cells } = JSON.parse(await Deno.readTextFile("examples/notebook.ipynb"));
    const code = (cells as readonly Cell[]).filter(({ cell_type }) => cell_type === "code");
    for (const { outputs } of code) assert.deepEqual(outputs, []);
    const whole = code.map(({ source }) => source.join("")).join(";\n");
    const short = whole
      .replaceAll("Deno.jupyter.", "jupyter.")
      .replace(/epochs = \d+/, "epochs = 1")
      .replace(/train: \d+/, "train: 1000")
      .replaceAll(
        /from "(\..*?)"/g,
        (_, path) => `from "${new URL(path, new URL("../../examples/", import.meta.url))}"`,
      );
    assert.notEqual(whole, short);
    const script = `${folder}/notebook.ts`;
    const end = `;\nconsole.log(JSON.stringify({ shown }));\n`;
    await Deno.writeTextFile(script, stub(folder) + short + end);
    const { json } = await runDeno([
      ...["run", "--allow-read", `--allow-write=${folder}`, script],
    ]);
    const png = "image/png";
    assert.deepEqual(json.shown, [png, "image/svg+xml", png, png, png]);
    for (const name of ["0.png", "1.svg", "2.png", "3.png", "4.png"]) {
      assert((await Deno.stat(`${folder}/${name}`)).size > 2000, `${name} is not blank`);
    }
  }));
