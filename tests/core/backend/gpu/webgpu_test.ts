import { requireFine } from "./fine.ts";
import type { Findings } from "./check.ts";

const PROGRAM = new URL("./webgpu.ts", import.meta.url).href;

Deno.test("the WebGPU kernels do what the definitions do", async (t) => {
  const { stdout, stderr } = await new Deno.Command("deno", {
    args: ["run", "--quiet", "--allow-read", "--lock=tests/deno.lock", PROGRAM],
    // The task that runs the tests keeps graphics drivers out of its own process.
    env: { NO_COLOR: "1", DENO_WEBGPU_BACKEND: "vulkan,metal,dx12" },
  }).output();
  const [printed, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  // What it printed counts: a graphics driver that crashes when the program is over does not.
  const last = printed!.trim().split("\n").at(-1)!;
  if (!last.startsWith("{")) throw new Error(`it ended early:\n${printed}${errors}`);
  const found: Findings | { readonly skipped: string } = JSON.parse(last);
  if (!("skipped" in found)) return requireFine(found, 49);
  // Without a driver there is no adapter; Debian's mesa-vulkan-drivers and libvulkan1 give a software
  // one, which this runs on as well as on a GPU.
  await t.step({ name: `skipped, as ${found.skipped}`, ignore: true, fn: () => {} });
});
