import type { Manners } from "./manners.ts";
import { requireWellMannered } from "./well_mannered.ts";

const PROGRAM = new URL("./manners_webgpu.ts", import.meta.url).href;

Deno.test("training on WebGPU reads nothing unasked, and a lost device ends it well", async (t) => {
  const { stdout, stderr } = await new Deno.Command("deno", {
    args: ["run", "--quiet", "--allow-read", "--allow-write", "--lock=tests/deno.lock", PROGRAM],
    // The task that runs the tests keeps graphics drivers out of its own process.
    env: { NO_COLOR: "1", DENO_WEBGPU_BACKEND: "vulkan,metal,dx12" },
  }).output();
  const [printed, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  // What it printed counts: a graphics driver that crashes when the program is over does not.
  const last = printed!.trim().split("\n").at(-1)!;
  if (!last.startsWith("{")) throw new Error(`it ended early:\n${printed}${errors}`);
  const found: Manners | { readonly skipped: string } = JSON.parse(last);
  if (!("skipped" in found)) return requireWellMannered(found);
  await t.step({ name: `skipped, as ${found.skipped}`, ignore: true, fn: () => {} });
});
