/**
 * Measures training on an IDX file that is ten times larger than all memory that the process gets,
 * beside training in memory on as many digits as MNIST has.
 *
 *     deno task bench:stream --rounds 9
 *
 * --rounds 9         the rounds, in each of which both have a turn
 * --limit 320        the memory of the process that streams, in MiB
 * --times 10         how many times larger the file is
 * --batch 128        the rows of a batch
 * --pass 1           how much of the file goes through the model at last, to see what memory grows by
 * --folder FOLDER    where the files are written, and removed again: the system's unless told
 *
 * Both train the MLP, 784-400-20-400-784, with `fit`. The limit is kept by a control group of Linux.
 * The last line is one JSON object: `toMemory` is the speed of the stream in speeds of the memory,
 * the median of the ratios within each round.
 *
 * @module
 */
// deno-lint-ignore-file no-console -- a benchmark is there to be read
import { parseArgs } from "node:util";
import { randomWords, seed } from "../core/random.ts";
import { measure, type Result } from "./driver.ts";
import { limited } from "./limit.ts";
import { deno, startWorker } from "./process.ts";
import { hush, say } from "./progress.ts";
import { rounded, typicalRatio, typicalTime } from "./statistics.ts";
import { remarks, table } from "./table.ts";

const { values: flags } = parseArgs({
  options: {
    rounds: { type: "string", default: "9" },
    limit: { type: "string", default: "320" },
    times: { type: "string", default: "10" },
    batch: { type: "string", default: "128" },
    pass: { type: "string", default: "1" },
    folder: { type: "string" },
  },
});
const batch = Number(flags.batch), limit = Number(flags.limit) * 2 ** 20;

/** The rows that are in memory: those of MNIST. */
const ROWS = 60_000;

const WIDTH = 28 * 28, PIECE = 2048;

/** Writes rows of random bits; no two rows of a piece are alike, and its number is in each. */
async function writeRows(path: string, rows: number): Promise<void> {
  const header = new DataView(new ArrayBuffer(16));
  for (const [i, word] of [0x0803, rows, 28, 28].entries()) header.setUint32(4 * i, word);
  const piece = Uint8Array.from(randomWords(seed(0), PIECE * WIDTH), (word) => word >>> 31);
  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  const writer = file.writable.getWriter();
  await writer.write(new Uint8Array(header.buffer));
  for (let row = 0; row < rows; row += PIECE) {
    const size = Math.min(PIECE, rows - row);
    for (let i = 0; i < size; i++) {
      for (let bit = 0; bit < 16; bit++) piece[i * WIDTH + bit] = row / PIECE >> bit & 1;
    }
    await writer.write(piece.slice(0, size * WIDTH));
  }
  await writer.close();
}

const folder = await Deno.makeTempDir(flags.folder === undefined ? {} : { dir: flags.folder });
try {
  const small = `${folder}/small.idx`, large = `${folder}/large.idx`;
  const rows = Math.ceil(Number(flags.times) * limit / WIDTH);
  say(`writing ${rows} rows`);
  await writeRows(small, ROWS);
  await writeRows(large, rows);
  const worker = (path: string, kind: string) => deno("stream.ts", [path, flags.batch, kind]);
  const streaming = limited(worker(large, "stream"), limit);
  const variants = [
    { name: "in memory", commands: [worker(small, "memory")] },
    { name: "streamed", commands: [streaming] },
  ];
  const measured = await measure(variants, { rounds: Number(flags.rounds), say });
  const [memory, stream] = measured.results.map((result) => {
    if ("reason" in result) throw new Error(`${result.name} cannot run: ${result.reason}`);
    return result;
  }) as [Result, Result];

  const steps = Math.max(200, Math.floor(Number(flags.pass) * rows / batch));
  const passing = startWorker(streaming);
  say(`going through the file in ${steps} steps`);
  const begun = performance.now();
  const { highestBytes = [] } = await passing.ask({ steps });
  const seconds = (performance.now() - begun) / 1000;
  await passing.close();
  hush();

  const mebibytes = (bytes: number | null | undefined) => Math.round((bytes ?? 0) / 2 ** 20);
  const cells = [memory, stream].map((result) => ({
    variant: result.name,
    msPerStep: rounded(typicalTime(result.turns)),
    samplesPerSecond: rounded(1000 * batch / typicalTime(result.turns)),
    residentMiB: mebibytes(result.residentBytes),
  }));
  console.log(
    `\nmlp, batch ${batch}, a file of ${mebibytes(rows * WIDTH)} MiB in ${flags.limit} MiB`,
  );
  console.log(table(
    ["data", "ms/step", "samples/s", "MiB"],
    cells.map((row) => [row.variant, row.msPerStep, row.samplesPerSecond, row.residentMiB]),
  ));
  console.log(remarks(measured));
  console.log(JSON.stringify({
    rows: cells,
    toMemory: rounded(typicalRatio(memory.turns, stream.turns)),
    limitMiB: Number(flags.limit),
    fileMiB: mebibytes(rows * WIDTH),
    passedRows: steps * batch,
    passedRowsPerSecond: rounded(steps * batch / seconds),
    highestMiB: highestBytes.map(mebibytes),
    // Garbage is collected in waves of some tens of megabytes, in the first tenth for the first time.
    growthMiB: mebibytes(
      Math.max(...highestBytes.slice(5)) - Math.max(...highestBytes.slice(1, 5)),
    ),
  }));
} finally {
  hush();
  await Deno.remove(folder, { recursive: true });
}
