/**
 * Something computed for every row of a dataset, batch by batch.
 *
 * @module
 */
import type { Dataset } from "../data/dataset.ts";
import type { Rows, RowStream } from "../data/rows.ts";
import { tf } from "../deps.ts";
import { type Seed, seed as toSeed } from "../random.ts";
import type { Batch, Tensor } from "../types.ts";

/** How many rows are computed at once. */
export interface BatchSize {
  /**
   * The rows of a batch, of which one is in memory at a time. Where noise is drawn it is a multiple of
   * 32; the same seed gives the same numbers whatever it is.
   * @default 128
   */
  readonly batchSize?: number;
}

/** The rows of a batch unless told. */
export const BATCH_SIZE = 128;

/**
 * Where noise is drawn, so many rows share it. They are always the same ones, counted from the first
 * row of the data, so that the same seed gives the same numbers whatever the batches are.
 */
const GROUP = 32;

/** Something of every row of a batch: tensors `[B, …]`. Called inside `tf.tidy`. */
export type Compute = (batch: Batch) => Tensor[];

/** The same with noise. */
export type ComputeWithNoise = (batch: Batch, seed: Seed) => Tensor[];

/** Some rows of a batch. */
function sliceBatch(batch: Batch, start: number, size: number): Batch {
  const given = Object.entries(batch).filter(([, tensor]) => tensor !== undefined);
  return Object.fromEntries(given.map(([name, tensor]: [string, Tensor]) => {
    const rest = tensor.shape.slice(1);
    return [name, tf.slice(tensor, [start, ...rest.map(() => 0)], [size, ...rest])];
  })) as unknown as Batch;
}

/** Batches of the data, and how to compute something of each. */
interface Plan {
  readonly size: number;
  readonly compute: Compute;
}

/** The plan of a computation that knows no noise. */
export function batched(batchSize: number, compute: Compute): () => Plan {
  return () => ({ size: batchSize, compute });
}

/** The plan of a computation with noise, group by group. */
export function grouped(
  batchSize: number,
  seed: number | Seed,
  compute: ComputeWithNoise,
): () => Plan {
  const noise = toSeed(seed);
  return () => {
    let group = 0;
    return {
      size: Math.ceil(batchSize / GROUP) * GROUP,
      compute: (batch) => {
        const rows = batch.x.shape[0]!, parts: Tensor[][] = [];
        for (let start = 0; start < rows; start += GROUP) {
          const some = sliceBatch(batch, start, Math.min(GROUP, rows - start));
          parts.push(tf.tidy(() => compute(some, noise.split(`group ${group}`))));
          group++;
        }
        return parts[0]!.map((_, i) => tf.concat(parts.map((part) => part[i]!)));
      },
    };
  };
}

/** Reads tensors, and lets go of them. */
async function readAll(tensors: readonly Tensor[]): Promise<Float32Array[]> {
  try {
    return await Promise.all(tensors.map((tensor) => tensor.data<"float32">()));
  } finally {
    tf.dispose([...tensors]);
  }
}

async function* computed(data: Dataset, { size, compute }: Plan): AsyncGenerator<Float32Array[]> {
  for await (const batch of data.batches({ size })) {
    let tensors: Tensor[];
    try {
      tensors = tf.tidy(() => compute(batch));
    } finally {
      tf.dispose(Object.values(batch));
    }
    yield await readAll(tensors);
  }
}

/**
 * Rows that are computed from those of a dataset.
 *
 * @param data The dataset.
 * @param plan Its batches, and what to compute of each.
 * @param shape The shape of a row of the first tensor that is computed.
 * @param columns The names of its numbers.
 * @param make A chunk out of its rows, and what else was computed.
 */
export function streamOf<R extends Rows>(
  data: Dataset,
  plan: () => Plan,
  { shape, columns }: Pick<RowStream, "shape" | "columns">,
  make: (rows: Rows, others: readonly Float32Array[]) => R,
): RowStream<R> {
  const width = shape.reduce((product, axis) => product * axis, 1);
  async function* chunks(): AsyncGenerator<R> {
    for await (const [values, ...others] of computed(data, plan())) {
      yield make({ size: values!.length / width, shape, values: values! }, others);
    }
  }
  return {
    shape,
    columns,
    get size() {
      return data.size;
    },
    [Symbol.asyncIterator]: chunks,
  };
}
