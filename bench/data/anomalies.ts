/**
 * Tables in which some rows are anomalies, the two protocols in which they are scored, and the
 * published results.
 *
 * Livernoche, Jain, Hezaveh and Ravanbakhsh, "On diffusion modeling for anomaly detection",
 * arXiv:2305.18593, §5; the tables are those of Han, Hu, Huang, Jiang and Zhao, "ADBench: anomaly
 * detection benchmark", arXiv:2206.09426.
 *
 * @module
 */
import { randomWords, type Seed } from "../../core/random.ts";
import { sources } from "../../mod.ts";
import { pathOf, type Rows, rowsOf } from "./files.ts";

/** Where the table says what is an anomaly. */
const LABEL = ["label"];

/** The rows of a table, and a 1 for each anomaly. */
export async function readTable(
  folder: string,
  name: string,
): Promise<{ readonly rows: Rows; readonly labels: readonly number[] }> {
  const path = await pathOf(folder, `adbench/${name}.csv.gz`);
  const { rows, conditions } = await rowsOf(sources.csv(path, { condition: LABEL }));
  return { rows, labels: conditions.map(([label]) => label!) };
}

/** Rows to train on, and rows to score with a 1 for each anomaly. */
export interface Split {
  readonly train: Rows;
  readonly test: Rows;
  readonly labels: readonly number[];
}

/** `"semi"` trains on half of the normal rows, `"unsup"` on a bootstrap sample of all rows. */
export type Protocol = "semi" | "unsup";

/** The rows of one table, split as a protocol says. */
export async function readAnomalies(
  folder: string,
  name: string,
  protocol: Protocol,
  seed: Seed,
): Promise<Split> {
  const { rows: all, labels } = await readTable(folder, name);
  if (protocol === "unsup") {
    const words = randomWords(seed.split("bootstrap"), all.length);
    const train = Array.from(words, (word) => all[Math.floor(word * 2 ** -32 * all.length)]!);
    return { train, test: all, labels };
  }
  const normal = all.filter((_, i) => labels[i] === 0);
  const anomalies = all.filter((_, i) => labels[i] === 1);
  const half = Math.floor(normal.length / 2), rest = normal.slice(half);
  return {
    train: normal.slice(0, half),
    test: [...rest, ...anomalies],
    labels: [...rest.map(() => 0), ...anomalies.map(() => 1)],
  };
}

/** Both parts of a split with mean 0 and standard deviation 1 in every column of the first. */
export function standardize<T extends { readonly train: Rows; readonly test: Rows }>(split: T): T {
  const { train, test } = split;
  const columns = train[0]!.map((_, column) => {
    const values = train.map((row) => row[column]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    return { mean, scale: Math.sqrt(square) || 1 };
  });
  const scaled = (rows: Rows) =>
    rows.map((row) => row.map((value, i) => (value - columns[i]!.mean) / columns[i]!.scale));
  return { ...split, train: scaled(train), test: scaled(test) };
}

/** The probability that an anomaly scores higher than a normal row; ties count half. */
export function areaUnderCurve(scores: ArrayLike<number>, labels: readonly number[]): number {
  const order = Array.from(labels.keys()).sort((a, b) => scores[a]! - scores[b]!);
  let rankSum = 0, anomalies = 0;
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++;
    const rank = (from + 1 + to) / 2;
    for (const row of order.slice(from, to)) if (labels[row] === 1) (rankSum += rank, anomalies++);
    from = to;
  }
  const normals = labels.length - anomalies;
  return (rankSum - anomalies * (anomalies + 1) / 2) / (anomalies * normals);
}
