/**
 * Small training runs, which every variant of the wasm backend is to take alike.
 *
 * @module
 */
import type { WasmBackend } from "../../../../core/backend/wasm/backend.ts";
import { openBlas } from "../../../../core/backend/wasm/blas.ts";
import { loadKernels } from "../../../../core/backend/wasm/load_kernels.ts";
import { registerAll } from "../../../../core/backend/wasm/register.ts";
import { openRoom } from "../../../../core/backend/wasm/room.ts";
import { openRuntime } from "../../../../core/backend/wasm/runtime.ts";
import { heapOf } from "../../../../core/backend/wasm/shared_heap.ts";
import type { Threads } from "../../../../core/backend/wasm/pool.ts";
import { startThreads } from "../../../../core/backend/wasm/threads.ts";
import { tf } from "../../../../core/deps.ts";
import {
  type ArrayDataset,
  dataset,
  divergences,
  fit,
  likelihoods,
  networks,
  posteriors,
  priors,
  type Vae,
  vae,
} from "../../../../mod.ts";
import { numbers } from "../../../helpers/holds_to_definition.ts";
import { tinyData, tinyModel } from "../../../helpers/tiny.ts";

const parts = {
  posterior: posteriors.diagonalNormal(),
  prior: priors.standardNormal(),
  likelihood: likelihoods.bernoulli(),
  divergence: divergences.kl(),
} as const;

/** Rows of bits. */
function bitsOf(rows: number, shape: readonly number[]): ArrayDataset<"binary"> {
  const size = shape.reduce((product, axis) => product * axis, 1);
  const values = numbers(1, rows * size, 0, 1).map((value) => Number(value < 0.3));
  return dataset(values, { support: "binary", shape: [...shape] });
}

/** A model, and data for it. */
export interface Trained {
  readonly model: () => Vae<"binary">;
  readonly data: () => ArrayDataset<"binary">;
  readonly batchSize: number;
}

/** What is trained. */
export const trained: Readonly<Record<"tiny" | "mlp" | "conv", Trained>> = {
  tiny: { model: () => tinyModel() as Vae<"binary">, data: () => tinyData(), batchSize: 20 },
  mlp: {
    model: () =>
      vae({
        data: [784],
        latent: 20,
        encoder: networks.mlp({ hidden: [400] }),
        decoder: networks.mlp({ hidden: [400] }),
        ...parts,
      }) as Vae<"binary">,
    data: () => bitsOf(70, [784]),
    batchSize: 32,
  },
  conv: {
    model: () =>
      vae({
        data: [9, 7],
        latent: 3,
        encoder: networks.conv({ channels: [4, 5], hidden: [8] }),
        decoder: networks.deconv({ channels: [5, 4], hidden: [8] }),
        ...parts,
      }) as Vae<"binary">,
    data: () => bitsOf(70, [9, 7]),
    batchSize: 32,
  },
};

/** How a run went. */
export interface Outcome {
  /** All parameters, one after the other. */
  readonly parameters: Float32Array;
  /** The mean objective of every epoch. */
  readonly objectives: readonly number[];
}

/** Trains on the backend as it is. */
export async function train({ model, data, batchSize }: Trained, epochs = 10): Promise<Outcome> {
  const built = model();
  const { history } = await fit(built, data(), { epochs, batchSize, seed: 1 });
  const parameters = [...built.parameters.values()].flatMap((variable) => [...variable.dataSync()]);
  built.dispose();
  return {
    parameters: Float32Array.from(parameters),
    objectives: history.map(({ training }) => training.objective),
  };
}

/** What products are computed by. */
export interface Equipment {
  readonly relaxedSimd?: boolean;
  readonly threads?: number;
  readonly blas?: boolean;
}

/** Equips the wasm backend in use, past what `useBackend` would choose. */
export async function equip(
  { relaxedSimd, threads = 1, blas = false }: Equipment,
): Promise<Threads | undefined> {
  const backend = tf.backend() as WasmBackend, heap = heapOf(backend);
  const loaded = await loadKernels(heap, relaxedSimd === undefined ? {} : { relaxedSimd });
  const library = blas ? openBlas(heap) : undefined;
  if (typeof library === "string") throw new Error(library);
  const started = threads === 1
    ? undefined
    : await startThreads(threads, loaded, heap, { blas: library });
  registerAll(
    openRuntime(backend, loaded.kernels, openRoom(backend), { pool: started, blas: library }),
  );
  return started;
}
