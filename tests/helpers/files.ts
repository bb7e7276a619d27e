/**
 * What files of data hold once they were read.
 *
 * @module
 */
import assert from "node:assert/strict";
import { tf } from "../../core/deps.ts";
import {
  type Batch,
  type BatchOptions,
  collect,
  type Dataset,
  type Source,
  type SourceOptions,
  stream,
  type StreamOptions,
  type Support,
} from "../../mod.ts";

/** The tensors of a batch as nested arrays; they are disposed. */
export function valuesOf(batch: Batch): Record<string, unknown> {
  const entries = Object.entries(batch).map(([name, tensor]) => [name, tensor.arraySync()]);
  tf.dispose(Object.values(batch));
  return Object.fromEntries(entries);
}

/** The batches of one epoch. */
export async function batchesOf(
  data: Dataset,
  options: BatchOptions,
): Promise<Record<string, unknown[]>[]> {
  const batches: Record<string, unknown[]>[] = [];
  for await (const batch of data.batches(options)) {
    batches.push(valuesOf(batch) as Record<string, unknown[]>);
  }
  return batches;
}

/** All rows of a source, which are the same in memory and as a stream. */
export async function rowsOf<S extends Support, const T extends Support = S>(
  source: Source<S>,
  options: SourceOptions<T> = {},
): Promise<Record<string, unknown>> {
  const data = await collect(source, options);
  const rows = valuesOf(data.rows(Array.from({ length: data.size }, (_, i) => i)));
  const streamed = await stream(source, options);
  const batches = await batchesOf(streamed, { size: 3 });
  for (const [name, values] of Object.entries(rows)) {
    assert.deepEqual(batches.flatMap((batch) => batch[name]!), values, name);
  }
  assert.deepEqual(
    [streamed.shape, streamed.condition, streamed.support],
    [data.shape, data.condition, data.support],
  );
  return rows;
}

/** Holds that a source is refused, in memory and as a stream, with an error that says so. */
export async function refuses<S extends Support, const T extends Support = S>(
  source: Source<S>,
  message: RegExp,
  options: StreamOptions<T> = {},
): Promise<void> {
  const isOurs = (error: unknown): true => {
    assert(error instanceof Error);
    assert.match(`${error.name}: ${error.message}`, message);
    assert.match(error.message, /^Cannot read '.*' as .*: current value is /s);
    return true;
  };
  await assert.rejects(async () => await collect(source, options), isOurs);
  await assert.rejects(async () => {
    await batchesOf(await stream(source, options), { size: 2 });
  }, isOurs);
}
