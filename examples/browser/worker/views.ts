/**
 * What the page shows of a model: reconstructions, samples, means, and latents decoded.
 *
 * @module
 */
import { type Distribution, hasMean, sizeOf, type Tensor, type Vae } from "../../../mod.ts";
import { tf } from "../../../core/tf.ts";
import type { Encoded, Latents, Rows } from "../protocol.ts";
import type { Data, Parts } from "./data.ts";

/** How many pairs, and how many samples, are shown. */
const PAIRS = 16, SAMPLES = 32;

/** How many samples of each class, where every class has some. */
const EACH = 4;

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
export function openViews(
  data: Data,
  { test, testRows, testClasses, standardization, conditional }: Parts,
) {
  const { picture, classes } = data;

  /** The classes of some rows as the model is told them, if it is. */
  function told(labels: readonly number[]): { readonly condition?: Tensor } {
    if (!conditional) return {};
    const codes = tf.tensor1d([...labels], "int32");
    return { condition: tf.cast(tf.oneHot(codes, classes!.names.length), "float32") };
  }

  /** So many times the same class. */
  const alike = (count: number, label: number): number[] => Array(count).fill(label);

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
      const outputs = tf.tidy(() => {
        const { condition } = batch;
        const latents = meanOf(model.encode(batch));
        return tf.clone(middleOf(model.decode(latents, condition ? { condition } : {})));
      });
      const { x, ...others } = batch;
      tf.dispose(Object.values(others));
      return { inputs: await toRows(x), outputs: await toRows(outputs) };
    },

    /** New data: means for pictures, draws for tables; of one class, or some of every class. */
    samples(model: Vae, seed: number, label?: number): Promise<Rows> {
      const names = classes?.names ?? [];
      const labels = conditional && label === undefined
        ? Array.from({ length: EACH * names.length }, (_, i) => i % names.length)
        : alike(SAMPLES, label ?? 0);
      const mean = picture !== undefined;
      return toRows(
        tf.tidy(() => tf.clone(model.sample(labels.length, { seed, mean, ...told(labels) }))),
      );
    },

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

    /** Latents decoded, as some class if the model is told one. */
    decoded: (model: Vae, { values, label }: Latents): Promise<Rows> => {
      const [K] = model.spec.latent as [number], count = values.length / K;
      return toRows(tf.tidy(() => {
        const latents = tf.tensor2d(values, [count, K]);
        return tf.clone(middleOf(model.decode(latents, told(alike(count, label)))));
      }));
    },

    /** One test datum, encoded. */
    async encoded(model: Vae, index: number): Promise<Encoded> {
      const row = index % test.size, batch = rowsOf(row, row + 1);
      const mean = tf.tidy(() => tf.clone(meanOf(model.encode(batch))));
      tf.dispose(Object.values(batch));
      const latents = Float32Array.from(await mean.data<"float32">());
      mean.dispose();
      return { latents, ...(testClasses && { label: testClasses[row]! }) };
    },
  };
}

/** The views of some data. */
export type Views = ReturnType<typeof openViews>;

function meanOf(q: Distribution): Tensor {
  if (hasMean(q)) return q.mean;
  throw new TypeError(`'${q.family}' has no mean`);
}
