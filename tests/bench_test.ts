import assert from "node:assert/strict";
import { inFolder, runDeno } from "./helpers/run.ts";

const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));

/** The rows that a task ends with. */
async function rowsOf(task: string, flags: readonly string[]): Promise<Record<string, unknown>[]> {
  const run = (tasks[task].command as string).split(" ").slice(1);
  const { json } = await runDeno([...run, ...flags]);
  return json["rows"] as Record<string, unknown>[];
}

Deno.test("bench/step.ts measures a variant, and ends with its rows", async () => {
  const flags = ["--rounds", "1", "--variants", "ours, 1 thread", "--batches", "8"];
  const [row] = await rowsOf("bench:step", flags);
  assert.deepEqual([row?.["variant"], row?.["batch"]], ["ours, 1 thread", 8]);
  assert((row?.["launches"] as number) <= 60, `${row?.["launches"]} launches`);
  assert((row?.["msPerStep"] as number) > 0);
});

Deno.test("bench/stream.ts measures a stream beside the memory, within a limit", async () => {
  const run = (tasks["bench:stream"].command as string).split(" ").slice(1);
  const flags = ["--rounds", "1", "--times", "0.1", "--limit", "384", "--pass", "0"];
  try {
    const { json } = await runDeno([...run, ...flags]);
    const rows = json["rows"] as Record<string, unknown>[];
    assert.deepEqual(rows.map(({ variant }) => variant), ["in memory", "streamed"]);
    assert((json["toMemory"] as number) > 0);
    assert.deepEqual([json["limitMiB"], json["fileMiB"]], [384, 38]);
    assert.equal((json["highestMiB"] as unknown[]).length, 10);
  } catch (error) {
    // Where it is not run as root, no limit can be set, and it says so.
    assert.match(String(error), /streamed cannot run: no control group of memory may be made/);
  }
});

/** Writes a file, packed as its name says, with the folders that it lies in. */
async function write(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  const plain = new Blob([bytes]).stream();
  const packed = path.endsWith(".gz") ? plain.pipeThrough(new CompressionStream("gzip")) : plain;
  await Deno.writeFile(path, packed);
}

/** Some pictures in the format IDX, of values that differ. */
function writePictures(path: string, count: number, levels: number): Promise<void> {
  const header = new Uint8Array(16), view = new DataView(header.buffer);
  [0x00000803, count, 28, 28].forEach((number, i) => view.setUint32(4 * i, number));
  const pixels = Uint8Array.from({ length: count * 784 }, (_, i) => (i * i + 3 * i) % levels);
  return write(path, Uint8Array.of(...header, ...pixels));
}

/** A table with a line of names. */
function writeTable(
  path: string,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  const text = [columns, ...rows].map((row) => row.join(",")).join("\n");
  return write(path, new TextEncoder().encode(text + "\n"));
}

/** Tables of anomalies: two columns of numbers, and whether a row is one. */
async function writeAnomalies(data: string, tables: readonly string[]): Promise<void> {
  const rows = Array.from({ length: 40 }, (_, i) => {
    const isAnomaly = i % 5 === 0;
    return [Math.sin(i) + 9 * Number(isAnomaly), Math.cos(3 * i), Number(isAnomaly)];
  });
  for (const table of tables) {
    await writeTable(`${data}/adbench/${table}.csv.gz`, ["a", "b", "label"], rows);
  }
}

/** Throws unless rows have these columns, with finite numbers where there are numbers. */
function requireColumns(rows: readonly Record<string, unknown>[], columns: string): void {
  for (const row of rows) {
    assert.equal(Object.keys(row).join(" "), columns);
    for (const cell of Object.values(row)) {
      assert(typeof cell !== "number" || Number.isFinite(cell), JSON.stringify(row));
    }
  }
}

const SCORE = "elbo logLikelihood standardError divergence seconds";
const BUDGET = ["--steps", "1", "--importance-samples", "2"];

Deno.test("bench/priors.ts ends with a row for every model", () =>
  inFolder(async (data) => {
    const file = (part: string) => `${data}/binarized-mnist/binarized-${part}-images-idx3-ubyte.gz`;
    await writePictures(file("train"), 128, 2);
    await writePictures(file("test"), 4, 2);
    const flags = ["--data", data, "--rows", "4", "--only", ", diagonalNormal, ", ...BUDGET];
    const rows = await rowsOf("bench:priors", flags);
    requireColumns(rows, `prior posterior samples ${SCORE}`);
    assert.deepEqual(
      rows.map(({ prior, samples }) => `${prior}, ${samples}`),
      [
        "standardNormal, 1",
        "diagonalNormal, 1",
        "laplace, 1",
        "mixtureOfNormals, 1",
        "vampPrior, 1",
        "realNvp, 1",
        "maskedAutoregressive, 1",
        "standardNormal, 5",
        "standardNormal, 50",
      ],
    );
  }));

Deno.test("bench/grey.ts ends with a row for every likelihood", () =>
  inFolder(async (data) => {
    for (const [part, count] of [["train", 128], ["t10k", 4]] as const) {
      await writePictures(`${data}/fashion-mnist/${part}-images-idx3-ubyte.gz`, count, 256);
    }
    const rows = await rowsOf("bench:grey", ["--data", data, "--rows", "4", ...BUDGET]);
    requireColumns(
      rows,
      "likelihood elbo logLikelihood standardError bitsPerPixel logDensity seconds",
    );
    assert.equal(rows.length, 5);
    for (const { likelihood, logLikelihood, logDensity, bitsPerPixel } of rows) {
      // Densities are compared as probabilities of 256 levels.
      if (likelihood === "discretizedLogisticMixture") assert.equal(logDensity, null);
      else {
        const levels = (logDensity as number) - (logLikelihood as number);
        assert(Math.abs(levels / (784 * Math.log(256)) - 1) < 1e-3, `${levels}`);
      }
      const bits = -(logLikelihood as number) / (784 * Math.log(2));
      assert(Math.abs((bitsPerPixel as number) / bits - 1) < 1e-3, `${bitsPerPixel}`);
    }
  }));

Deno.test("bench/counts.ts ends with a row for every likelihood, and draws the test cells", () =>
  inFolder(async (data) => {
    const cells = Array.from({ length: 160 }, (_, i) => [
      i % 3,
      `type ${i % 4}`,
      i,
      -i,
      ...[1, 2, 3, 5, 7].map((gene) => (i * gene) % 6 + 1),
    ]);
    const columns = ["batch", "cluster", "x", "y", "a", "b", "c", "d", "e"];
    await writeTable(`${data}/starmap/starmap-counts.csv.gz`, columns, cells);
    const rows = await rowsOf("bench:counts", ["--data", data, "--out", data, ...BUDGET]);
    requireColumns(rows, `likelihood ${SCORE}`);
    assert.deepEqual(
      rows.map(({ likelihood }) => likelihood),
      ["poisson", "negativeBinomial", "zeroInflatedNegativeBinomial"],
    );
    const picture = await Deno.readTextFile(`${data}/cells.svg`);
    assert.equal(picture.match(/<circle/g)?.length, 32); // Every fifth cell.
  }));

Deno.test("bench/tables.ts ends with a row for every table and protocol", () =>
  inFolder(async (data) => {
    await writeAnomalies(data, ["thyroid"]);
    const detectors = ["VAE", "KNN", "IForest"];
    const columns = ["semi", "unsup"].flatMap((protocol) =>
      detectors.map((detector) => `${protocol}_${detector}`)
    );
    await writeTable(`${data}/adbench/published-auc.csv`, ["table", ...columns], [
      ["thyroid", "90.1(0.1)", "80.2(0.0)", "70.3(1.0)", "60.4(0.0)", "50.5(0.0)", "40.6(0.0)"],
    ]);
    const flags = ["--data", data, "--only", "thyroid", "--seeds", "1", ...BUDGET];
    const rows = await rowsOf("bench:tables", flags);
    requireColumns(
      rows,
      "table protocol elbo deviation divergence noLatents distance " +
        "publishedVae publishedKnn publishedForest ahead",
    );
    assert.deepEqual(
      rows.map(({ protocol, publishedVae, publishedForest }) => [
        protocol,
        publishedVae,
        publishedForest,
      ]),
      [["semi", 90.1, 70.3], ["unsup", 60.4, 40.6]],
    );
    for (const { elbo, distance } of rows) {
      for (const area of [elbo, distance] as number[]) assert(area >= 0 && area <= 100);
    }
    assert.equal(rows[0]!["distance"], 100); // Its anomalies are far out.
  }));

Deno.test("bench/missing.ts ends with a row for every table", () =>
  inFolder(async (data) => {
    const tables = [
      "breastw",
      "cardio",
      "mammography",
      "pendigits",
      "satellite",
      "shuttle",
      "thyroid",
    ];
    await writeAnomalies(data, tables);
    const rows = await rowsOf("bench:missing", ["--data", data, ...BUDGET]);
    requireColumns(
      rows,
      "table rows columns wholeRowsLeft columnMean wholeRows withGaps complete",
    );
    assert.deepEqual(rows.map(({ table }) => table), tables);
    for (const { columns, wholeRows, withGaps } of rows) {
      assert.deepEqual([columns, wholeRows], [2, null]); // Too few rows are whole.
      assert((withGaps as number) > 0);
    }
  }));
