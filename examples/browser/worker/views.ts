/**
 * What the page shows of a model: reconstructions, samples, means, and latents decoded.
 *
 * @module
 */
import { type Distribution, hasMean, sizeOf, type Tensor, type Vae } from "../../../mod.ts";
import { tf } from "../../../core/tf.ts";
import type { Rows } from "../protocol.ts";
import type { Data, Parts } from "./data.ts";

/** How many pairs, and how many samples, are shown. */
const PAIRS = 16, SAMPLES = 32;

/** How many points of the test data are shown, and how many are encoded at once. */
const POINTS = 1000, AT_ONCE = 250;

/** The mean of p(x|z), or what is nearest to one: the likeliest class, a location. */
function middleOf(p: Distribution): Tensor {
  if ("blocks" in p) {
    const blocks = Object.values(p.blocks as Readonly<Record<string, Distribution>>);
    return tf.concat(blocks.map(middleOf), -1);
  }
  if ("logits" in p && p.family === "categorical") {
    return tf.cast(tf.argMax(p.logits as Tensor, -1), "float32");
  }
  if ("location" in p && p.family === "studentT") return p.location as Tensor; // Always there.
  if (hasMean(p)) return p.mean;
  throw new TypeError(`'${p.family}' has no mean`);
}

/** Opens the views of some data. */
export function openViews(data: Data, { test, testRows, testClasses, standardization }: Parts) {
  const { picture } = data;

  /** Reads values back as the page wants them, and lets them go. */
  async function toRows(values: Tensor): Promise<Rows> {
    const numbers = await values.data<"float32">(), count = values.shape[0]!;
    values.dispose();
    if (standardization === undefined) return asRows(numbers, count);
    const { mean, scale } = standardization, width = mean.length;
    return asRows(numbers.map((value, i) => mean[i % width]! + scale[i % width]! * value), count);
  }

  /** Values as the page wants them. */
  function asRows(numbers: Float32Array, count: number): Rows {
    if (picture !== undefined) {
      return {
        count,
        values: Uint8Array.from(numbers, (value) => Math.min(1, Math.max(0, value)) * 255),
      };
    }
    return { count, values: Float32Array.from(numbers) };
  }

  function rowsOf(start: number, end: number) {
    return test.rows(Array.from({ length: end - start }, (_, i) => start + i));
  }

  return {
    /** Some test data, before anything is loaded that could make more of them. */
    preview(): Rows {
      const chosen = [...testRows.subarray(0, PAIRS)], width = sizeOf(data.dataset.shape);
      const numbers = new Float32Array(chosen.length * width);
      chosen.forEach((row, i) =>
        numbers.set(data.values.subarray(row * width, (row + 1) * width), i * width)
      );
      return asRows(numbers, chosen.length);
    },

    /** Some test data, and what the model makes of them. */
    async reconstructions(model: Vae) {
      const batch = rowsOf(0, Math.min(PAIRS, test.size));
      const outputs = tf.tidy(() => tf.clone(middleOf(model.decode(meanOf(model.encode(batch))))));
      const { x, ...others } = batch;
      tf.dispose(Object.values(others));
      return { inputs: await toRows(x), outputs: await toRows(outputs) };
    },

    /** New data: means for pictures, draws for tables. */
    samples: (model: Vae, seed: number): Promise<Rows> =>
      toRows(model.sample(SAMPLES, { seed, mean: picture !== undefined })),

    /** The means of q(z|x) of the test data `[n, K]`, and their classes. */
    async means(model: Vae) {
      const count = Math.min(POINTS, test.size), parts: Tensor[] = [];
      for (let start = 0; start < count; start += AT_ONCE) {
        const batch = rowsOf(start, Math.min(count, start + AT_ONCE));
        parts.push(tf.tidy(() => tf.clone(meanOf(model.encode(batch)))));
        tf.dispose(Object.values(batch));
      }
      const all = tf.concat(parts);
      tf.dispose(parts);
      const values = Float32Array.from(await all.data<"float32">());
      all.dispose();
      return { values, ...(testClasses && { classes: testClasses.slice(0, count) }) };
    },

    /** Latents, one row after the other, decoded. */
    decoded: (model: Vae, latents: Float32Array): Promise<Rows> => {
      const [K] = model.spec.latent as [number];
      return toRows(
        tf.tidy(() =>
          tf.clone(middleOf(model.decode(tf.tensor2d(latents, [latents.length / K, K]))))
        ),
      );
    },

    /** The mean of q(z|x) of one test datum. */
    async encoded(model: Vae, index: number): Promise<Float32Array<ArrayBuffer>> {
      const batch = rowsOf(index % test.size, index % test.size + 1);
      const mean = tf.tidy(() => tf.clone(meanOf(model.encode(batch))));
      tf.dispose(Object.values(batch));
      const latents = Float32Array.from(await mean.data<"float32">());
      mean.dispose();
      return latents;
    },
  };
}

/** The views of some data. */
export type Views = ReturnType<typeof openViews>;

function meanOf(q: Distribution): Tensor {
  if (hasMean(q)) return q.mean;
  throw new TypeError(`'${q.family}' has no mean`);
}
