/**
 * Reads the numbers of tensors at once where a backend cannot: webgpu in Deno has promises of them
 * only.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { Violation } from "./violation.ts";

type Numbers = Float32Array | Int32Array | Uint8Array;

/** What this file asks of the webgpu backend. */
interface Readable extends tf.KernelBackend {
  readonly tensorMap: {
    get(dataId: object): {
      readonly shape: number[];
      readonly dtype: tf.DataType;
      readonly values?: Numbers | null;
    };
  };
}

/** Numbers are wanted that are still to be read. No law is broken by that. */
class Unread extends Violation {
  /** @param tensor A tensor that has them, and outlives all others. */
  constructor(readonly tensor: tf.Tensor) {
    super("numbers", "that they are still to be read");
  }
}

/** Answers reads from what was read before, and throws at the first that is not among it. */
function answerFrom(known: readonly Numbers[]): () => void {
  const engine = tf.engine(), { readSync } = engine;
  let reads = 0;
  engine.readSync = (dataId) => {
    const backend = engine.registry.webgpu as Readable | undefined;
    const data = tf.getBackend() === "webgpu" ? backend!.tensorMap.get(dataId) : undefined;
    if (data === undefined || (data.values ?? null) !== null) return readSync.call(engine, dataId);
    const numbers = known[reads++];
    if (numbers !== undefined) return numbers;
    const { shape, dtype } = data;
    backend!.incRef(dataId);
    throw new Unread(tf.keep(engine.makeTensorFromTensorInfo({ dataId, shape, dtype })));
  };
  return () => void (engine.readSync = readSync);
}

/**
 * Runs something that reads tensors at once. Where the backend cannot, it is begun again after each
 * read; so it has to do the same every time, as all does that knows no chance but seeds.
 */
export async function withReads<T>(run: () => T | Promise<T>): Promise<T> {
  if (!("Deno" in globalThis)) return await run();
  const known: Numbers[] = [];
  while (true) {
    const stop = answerFrom(known);
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof Unread)) throw error;
      known.push(await error.tensor.data<"float32" | "int32" | "bool">());
      error.tensor.dispose();
    } finally {
      stop();
    }
  }
}
