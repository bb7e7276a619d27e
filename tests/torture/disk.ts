/**
 * Disks that are full or read-only: a run's checkpoints meet them, and nothing that was whole may be
 * harmed.
 *
 *     deno run --allow-run --allow-read --allow-write=out tests/torture/disk.ts [--how ulimit]
 *
 * A small disk in memory is mounted in a namespace of its own, which Linux mostly allows everybody;
 * where it does not, a limit to the size of files stands for a full disk. The last line is one JSON
 * object: for `full` and `readOnly` what failed and how it went on, or nothing where neither can be
 * had here.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { parseArgs } from "node:util";

const { values: { how } } = parseArgs({
  options: { how: { type: "string", default: "mount" } },
});

/** What a worker says, or nothing where a shell could not do as it was told. */
type Said = Readonly<Record<string, unknown>> | undefined;

const worker = "deno run --allow-read --allow-write --lock=tests/deno.lock" +
  " tests/torture/disk_worker.ts";

/** Runs a script of a shell; answers the JSON objects that it prints, one for each line. */
async function shell(program: readonly string[], script: string): Promise<readonly Said[]> {
  const [command, ...args] = [...program, "sh", "-c", script];
  try {
    const { stdout, stderr } = await new Deno.Command(command!, { args }).output();
    const [text, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    const lines = text!.split("\n").filter((line) => line.startsWith("{"));
    if (lines.length === 0) console.log(errors);
    return lines.map((line) => JSON.parse(line));
  } catch (error) {
    console.log(String(error));
    return [];
  }
}

await Deno.mkdir("out", { recursive: true });
const folder = await Deno.makeTempDir({ dir: "out" });
const run = `${folder}/disk/run`, elsewhere = `${folder}/elsewhere`;
const act = (name: string): string => `${worker} ${name} ${run} ${elsewhere}`;

/** All on one small disk in a namespace of its own. */
const mounted = [
  `set -e; mkdir -p ${folder}/disk ${elsewhere}`,
  `mount -t tmpfs -o size=4m tmpfs ${folder}/disk`,
  act("begin"),
  `head -c 8m /dev/zero > ${folder}/disk/filler || true`,
  act("fail"),
  `rm ${folder}/disk/filler; mount -o remount,ro ${folder}/disk`,
  act("fail"),
  `mount -o remount,rw ${folder}/disk`,
  act("end"),
].join("\n");

/** Files that may not grow in the place of a full disk. A signal would end the program. */
const limited = [
  `set -e; mkdir -p ${elsewhere}`,
  act("begin"),
  `(trap '' XFSZ; ulimit -f 200; ${act("fail")})`,
  act("end"),
].join("\n");

try {
  const said = how === "mount" ? await shell(["unshare", "-Urm"], mounted) : [];
  if (said.length === 4) {
    const [, full, readOnly, end] = said;
    console.log(JSON.stringify({ how: "mount", full, readOnly, end }));
  } else {
    const said = await shell([], limited);
    const [, full, end] = said.length === 3 ? said : [];
    console.log(JSON.stringify({ how: "ulimit", full, end }));
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
