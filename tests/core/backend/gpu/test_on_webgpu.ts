/**
 * Tests that run on WebGPU in a program of their own.
 *
 * @module
 */

/**
 * A test that runs a program on whatever adapter there is, a GPU or software. Where there is none, as
 * without Debian's mesa-vulkan-drivers and libvulkan1, a step is skipped that says so.
 *
 * @param name What is tested.
 * @param program The program: its last line is an object, `{ "skipped": … }` where it could not run.
 * @param flags What it may do.
 * @param require Throws where something is not as it has to be.
 */
export function testOnWebgpu<F>(
  name: string,
  program: URL,
  flags: readonly string[],
  require: (found: F) => void,
): void {
  Deno.test(name, async (t) => {
    const { stdout, stderr } = await new Deno.Command("deno", {
      args: ["run", "--quiet", ...flags, "--lock=tests/deno.lock", program.href],
      // The task that runs the tests keeps graphics drivers out of its own process.
      env: { NO_COLOR: "1", DENO_WEBGPU_BACKEND: "vulkan,metal,dx12" },
    }).output();
    const [printed, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    // What it printed counts: a graphics driver that crashes when the program is over does not.
    const last = printed!.trim().split("\n").at(-1)!;
    if (!last.startsWith("{")) throw new Error(`it ended early:\n${printed}${errors}`);
    const found: F | { readonly skipped: string } = JSON.parse(last);
    if (typeof found !== "object" || found === null || !("skipped" in found)) {
      return require(found as F);
    }
    // Without a driver there is nothing that could be tested; the gate installs one where it may.
    await t.step({ name: `skipped, as ${found.skipped}`, ignore: true, fn: () => {} });
  });
}
