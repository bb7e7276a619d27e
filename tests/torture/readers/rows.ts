/**
 * What the readers of rows have in common.
 *
 * @module
 */
import { collect, type Source, stream } from "../../../mod.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";

/** Reads a source in memory and as a stream, shuffled. */
export async function readRows(source: Source): Promise<void> {
  const data = await collect(source);
  const streamed = await stream(source, { prefetch: 0 });
  let rows = 0;
  for await (const batch of streamed.batches({ size: 64, seed: seed(1) })) {
    rows += batch.x.shape[0]!;
    tf.dispose(Object.values(batch));
  }
  if (rows !== data.size) throw new Error(`${rows} rows are streamed of ${data.size}`);
}

/** The tensors that are left behind. */
export function tensorsLeft(): number {
  return tf.memory().numTensors;
}
