import assert from "node:assert/strict";
import { inFolder, runDeno } from "../helpers/run.ts";

/** What a cell shows, by its types. */
type Bundle = Readonly<Record<string, string>>;

interface Cell {
  readonly cell_type: "code" | "markdown";
  readonly source: readonly string[];
  readonly outputs?: readonly unknown[];
}

/** The Python that Debian's python3-jupyter-client is for, which talks to kernels. */
const PYTHON = "/usr/bin/python3";

/**
 * Executes cells one after the other, and then prints so many of the things that they displayed: the
 * kernel may send them after it has said that a cell is over.
 */
const EXECUTE = `
import json, queue, sys
from jupyter_client.manager import start_new_kernel

manager, client = start_new_kernel(kernel_name="deno", cwd="examples")
bundles = []
try:
    for cell in json.load(open(sys.argv[1])):
        client.execute(cell)
        answer = client.get_shell_msg(timeout=300)["content"]
        if answer["status"] != "ok":
            raise Exception(answer)
    while len(bundles) < int(sys.argv[2]):
        message = client.get_iopub_msg(timeout=60)
        if message["msg_type"] == "display_data":
            bundles.append(message["content"]["data"])
except queue.Empty:
    pass
finally:
    print(json.dumps(bundles))
    client.stop_channels()
    manager.shutdown_kernel(now=True)
`;

const PNG = "image/png", SVG = "image/svg+xml";

/** What its cells show. */
const PICTURES = [PNG, SVG, PNG, PNG, PNG];

/** Throws unless these are the pictures, and none is blank. */
function requirePictures(shown: readonly Bundle[]): void {
  const pictures = shown.flatMap((bundle) => Object.entries(bundle));
  assert.deepEqual(pictures.map(([type]) => type), PICTURES);
  for (const [type, data] of pictures) {
    assert(data.length > 2000, "it is blank");
    if (type === PNG) assert.match(data, /^iVBORw0KGgo/);
    else assert.match(data, /^<svg .*training/s);
  }
}

/** What Python prints; throws what it says if it fails. */
async function python(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const ended = await new Deno.Command(PYTHON, { args: [...args], env }).output();
  const [text, errors] = [ended.stdout, ended.stderr].map((it) => new TextDecoder().decode(it));
  if (!ended.success) throw new Error(errors);
  return text!;
}

/** What cells show in Deno's kernel, which is installed into the folder. */
async function executeInKernel(code: readonly string[], folder: string): Promise<Bundle[]> {
  const data = `${folder}/.local/share`, file = `${folder}/cells.json`;
  const { success } = await new Deno.Command("deno", {
    args: ["jupyter", "--install"],
    env: { HOME: folder, XDG_DATA_HOME: data },
    stderr: "null",
  }).output();
  assert(success, "deno jupyter --install");
  await Deno.writeTextFile(file, JSON.stringify(code));
  const text = await python(["-c", EXECUTE, file, String(PICTURES.length)], {
    JUPYTER_PATH: `${data}/jupyter:${folder}/Library/Jupyter`,
    JUPYTER_RUNTIME_DIR: `${folder}/runtime`,
  });
  return JSON.parse(text.trim().split("\n").at(-1)!);
}

/** Runs the code of a notebook as a script, with a stand-in for what the kernel adds to Deno. */
async function runAsScript(code: readonly string[], folder: string): Promise<Bundle[]> {
  const script = `${folder}/notebook.ts`;
  const examples = new URL("../../examples/", import.meta.url);
  const cells = code.join(";\n")
    .replaceAll("Deno.jupyter.", "jupyter.")
    .replaceAll(/from "(\..*?)"/g, (_, path) => `from "${new URL(path, examples)}"`);
  await Deno.writeTextFile(
    script,
    `const shown: Record<string, string>[] = [];
    const jupyter = {
      async display(bundle: Record<string, string>, { raw }: { raw: boolean }) {
        if (!raw) throw new Error("it is a bundle of pictures by their types");
        shown.push(bundle);
      },
    };
    ${cells};
    console.log(JSON.stringify({ shown }));`,
  );
  const { json } = await runDeno(["run", "--allow-read", script]);
  return json.shown as Bundle[];
}

/** Why there is no kernel to be had here, if so. */
async function reasonAgainst(): Promise<string | undefined> {
  try {
    await python(["-c", "import jupyter_client"]);
    return undefined;
  } catch (error) {
    const line = (error as Error).message.trim().split("\n").at(-1);
    return `there is no python3-jupyter-client (${line})`;
  }
}

Deno.test("notebook.ipynb runs from its first cell to its last, and shows pictures", async (t) => {
  const { cells } = JSON.parse(await Deno.readTextFile("examples/notebook.ipynb"));
  const code = (cells as readonly Cell[]).filter(({ cell_type }) => cell_type === "code");
  for (const { outputs } of code) assert.deepEqual(outputs, []);
  const whole = code.map(({ source }) => source.join(""));
  const short = whole.map((text) =>
    text.replace(/epochs = \d+/, "epochs = 1").replace(/train: \d+/, "train: 1000")
  );
  assert.notDeepEqual(short, whole);

  const reason = await reasonAgainst();
  await t.step({
    name: `in Deno's Jupyter kernel${reason === undefined ? "" : `: not here, as ${reason}`}`,
    ignore: reason !== undefined,
    fn: () =>
      inFolder(async (folder) =>
        requirePictures(await executeInKernel(short, await Deno.realPath(folder)))
      ),
  });
  await t.step({
    name: "as a script, in the kernel's stead",
    ignore: reason === undefined,
    fn: () => inFolder(async (folder) => requirePictures(await runAsScript(short, folder))),
  });
});
