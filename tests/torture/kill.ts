/**
 * Kills a run that keeps checkpoints, at random moments, and resumes it until it ends: each time as
 * if nothing had happened.
 *
 *     deno task torture:kill --runs 50 --seed 1 --jobs 2
 *
 * --jobs 2    how many runs there are at a time
 *
 * Every run is killed once to three times (`kill -9`). After each kill all checkpoints must be whole:
 * their files are compared with their sums by another program than the one that reads them. The last
 * line is one JSON object: `runs`, `kills`, how many kills met a checkpoint that was being written
 * (`whileWriting`), how many runs ended bit for bit like the one that nobody killed (`exact`), and
 * how many checkpoints were not whole (`damaged`).
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { createHash } from "node:crypto";
import { parseArgs } from "node:util";
import { randomWords, seed, toUnit } from "../../core/random.ts";
import { lines } from "../../bench/lines.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    runs: { type: "string", default: "50" },
    seed: { type: "string", default: "1" },
    jobs: { type: "string", default: "2" },
  },
});

/** What became of a program. */
interface Ended {
  /** Whether it was killed in time. */
  readonly killed: boolean;
  /** The sum of the run, if it came to its end. */
  readonly end?: string | undefined;
  /** The checkpoints that it did not find whole. */
  readonly passedOver: readonly string[];
  /** Milliseconds from its first step to its end. */
  readonly lasted: number;
}

/** Starts or goes on with a run, and kills it after some milliseconds of training. */
async function train(folder?: string, killAfter?: number): Promise<Ended> {
  const program = new Deno.Command("deno", {
    args: [
      "run",
      "--quiet",
      "--allow-read",
      "--allow-write=out",
      "--lock=tests/deno.lock",
      "tests/torture/kill_worker.ts",
      ...(folder === undefined ? [] : [folder]),
    ],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let end: string | undefined, passedOver: readonly string[] = [];
  let started = 0, timer: ReturnType<typeof setTimeout> | undefined;
  for await (const line of lines(program.stdout)) {
    const said = JSON.parse(line);
    if (said.begun) {
      started = performance.now();
      passedOver = said.passedOver;
      if (killAfter !== undefined) timer = setTimeout(() => program.kill("SIGKILL"), killAfter);
    }
    end ??= said.end;
  }
  clearTimeout(timer);
  const { signal } = await program.status;
  return {
    killed: signal === "SIGKILL" && end === undefined,
    end,
    passedOver,
    lasted: performance.now() - started,
  };
}

/** What lies in a folder; a run that was killed early has none. */
function namesIn(folder: string): readonly string[] {
  try {
    return Array.from(Deno.readDirSync(folder), ({ name }) => name).toSorted();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** The checkpoints of a run: those that are not whole, and the one that was being written. */
function inspect(folder: string): { readonly damaged: number; readonly writing: boolean } {
  const names = namesIn(folder);
  const whole = names.filter((name) => !name.endsWith(".part"));
  const damaged = whole.filter((name) => {
    try {
      const lines = Deno.readTextFileSync(`${folder}/${name}/SHA256SUMS`).trimEnd().split("\n");
      return lines.some((line) => {
        const [sum, file] = line.split("  ");
        const bytes = Deno.readFileSync(`${folder}/${name}/${file}`);
        return createHash("sha256").update(bytes).digest("hex") !== sum;
      });
    } catch {
      return true;
    }
  });
  // What is about to be removed is older than the newest, and has such a name too.
  const writing = names.some((name) => name.endsWith(".part") && name > (whole.at(-1) ?? ""));
  return { damaged: damaged.length, writing };
}

await Deno.mkdir("out", { recursive: true });
const root = await Deno.makeTempDir({ dir: "out", prefix: "kill-" });
const runs = Number(values.runs), chance = seed(Number(values.seed));
let kills = 0, whileWriting = 0, exact = 0, damaged = 0, ended = 0;

/** Kills a run as often as it is wanted, and lets it end. */
async function torture(run: number, reference: string, lasted: number): Promise<void> {
  const folder = `${root}/${run}`;
  const words = Array.from(randomWords(chance.split(`run ${run}`), 4), toUnit);
  const wanted = 1 + Math.floor(3 * words[0]!);
  let killed = 0, share = 1 / wanted, end: string | undefined;
  while (end === undefined) {
    const killAfter = killed < wanted ? words[1 + killed]! * share * lasted : undefined;
    const last = await train(folder, killAfter);
    damaged += last.passedOver.length;
    end = last.end;
    if (last.killed) {
      killed++;
      const found = inspect(folder);
      damaged += found.damaged;
      whileWriting += Number(found.writing);
    } else if (end === undefined) {
      throw new Error("a run ended without an end");
    } else if (killed === 0) {
      // It was too quick: the next one is killed earlier.
      await Deno.remove(folder, { recursive: true });
      end = undefined;
      share /= 2;
    }
  }
  kills += killed;
  exact += Number(end === reference);
  await Deno.remove(folder, { recursive: true });
  console.log(`run ${++ended} of ${runs}: killed ${killed} times, exact so far ${exact}`);
}

try {
  const { end: reference } = await train();
  // How long a run takes with its checkpoints, so that kills come at any of its moments.
  const { lasted, end } = await train(`${root}/unkilled`);
  if (reference === undefined || end !== reference) {
    throw new Error("no two runs are the same here");
  }
  let next = 0;
  const jobs = Array.from({ length: Number(values.jobs) }, async () => {
    while (next < runs) await torture(next++, reference, lasted);
  });
  await Promise.all(jobs);
} finally {
  await Deno.remove(root, { recursive: true });
}
console.log(JSON.stringify({ runs, kills, whileWriting, exact, damaged }));
if (exact < runs || damaged > 0) Deno.exit(1);
