import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { bernoulliLogProb } from "../../../core/operations/bernoulli_log_prob.ts";
import { normalKl } from "../../../core/operations/normal_kl.ts";
import { normalLogProb } from "../../../core/operations/normal_log_prob.ts";
import { positiveScale } from "../../../core/operations/positive_scale.ts";
import { reparameterize } from "../../../core/operations/reparameterize.ts";
import { type Shape, sizeOf } from "../../../core/types.ts";
import { useBackend } from "../../../mod.ts";
import { fc } from "../../deps.ts";
import {
  type Given,
  given,
  holdsToDefinition,
  numbers,
} from "../../helpers/holds_to_definition.ts";

await useBackend({ backend: "wasm" });

const axis = fc.constantFrom(1, 3, 5, 7, 17, 33, 129);
const batch = fc.constantFrom(1, 3, 5, 17, 33);
const samples = fc.constantFrom(1, 2, 5);
const event = fc.array(axis, { maxLength: 3 }).filter((event) => sizeOf(event) <= 300);
const seed = fc.nat(1e6);
const options = { numRuns: 30, seed: 1 };

/** Positive numbers between powers of ten. */
function scales(shape: Shape, seed: number, from: number, to: number): Given {
  const { values } = given(shape, seed, from, to);
  return { shape, values: Float32Array.from(values, (exponent) => 10 ** exponent) };
}

/** Zeros and ones, or what is between. */
function data(shape: Shape, seed: number, binary = true): Given {
  const { values } = given(shape, seed, 0, 1);
  return { shape, values: binary ? Float32Array.from(values, Math.round) : values };
}

Deno.test("bernoulliLogProb() on wasm holds to its definition", async () => {
  await fc.assert(
    fc.asyncProperty(
      samples,
      batch,
      event,
      seed,
      fc.constantFrom(1e-3, 5, 100, 1e4),
      fc.boolean(),
      async (S, B, event, seed, size, binary) => {
        const logits = given([B, ...event], seed, -size, size);
        const x = data([S, B, ...event], seed + 1, binary);
        await holdsToDefinition(({ logits, x }) => bernoulliLogProb(logits, x, event), {
          logits,
          x,
        }, { kernel: "ElboBernoulliLogProb", fits: S === 1 });
      },
    ),
    options,
  );
});

Deno.test("bernoulliLogProb() on wasm takes logits as long as the data", async () => {
  // As where a decoder answers for every draw.
  await holdsToDefinition(
    ({ logits, x }) => bernoulliLogProb(logits, x, [2, 5]),
    { logits: given([3, 7, 2, 5], 1, -9, 9), x: data([3, 7, 2, 5], 2) },
    { kernel: "ElboBernoulliLogProb" },
  );
});

Deno.test("bernoulliLogProb() on wasm holds to its definition at the ends", async () => {
  const ends = [-1e4, -1e3, -104, -90, -50, -17, -14, -1e-5, -0, 0, 1e-5, 14, 17, 50, 90, 104, 1e4];
  for (const bit of [0, 1, 0.5]) {
    // Each alone, as beside 10⁴ nothing small counts.
    await holdsToDefinition(
      ({ logits, x }) => bernoulliLogProb(logits, x, []),
      { logits: { shape: [17], values: ends }, x: { shape: [1, 17], values: ends.map(() => bit) } },
    );
    for (const end of ends) {
      await holdsToDefinition(
        ({ logits, x }) => bernoulliLogProb(logits, x, [1]),
        { logits: { shape: [1, 1], values: [end] }, x: { shape: [1, 1, 1], values: [bit] } },
        // Else xℓ − softplus(ℓ) and x − sigmoid(ℓ) are small differences of numbers like ℓ and 1.
        { second: false, least: bit === 0 && end < 0 ? 0 : Math.max(1, Math.abs(end)) },
      );
    }
  }
});

Deno.test("bernoulliLogProb() on wasm says what is not finite, as its definition does", async () => {
  const logits = { shape: [5, 2], values: [NaN, 1, Infinity, 1, -Infinity, 1, 2, 1, 3, 4] };
  for (const bit of [0.25, 0.5]) {
    const x = { shape: [1, 5, 2], values: Array(10).fill(bit) };
    await holdsToDefinition(({ logits, x }) => bernoulliLogProb(logits, x, [2]), { logits, x }, {
      second: false,
    });
  }
});

Deno.test("normalLogProb() on wasm holds to its definition", async () => {
  await fc.assert(
    fc.asyncProperty(
      samples,
      batch,
      event,
      seed,
      fc.constantFrom([-1, 1], [-6, -5], [3, 5], [-4, 4]),
      fc.constantFrom("own", "one", "event"),
      async (S, B, event, seed, [from, to], shared) => {
        const shape = shared === "own" ? [B, ...event] : shared === "one" ? [] : event;
        const fits = S === 1 &&
          (sizeOf(shape) === 1 || sizeOf(shape) === B * sizeOf(event));
        await holdsToDefinition(
          ({ mean, scale, x }) => normalLogProb({ mean, scale }, x, event),
          {
            mean: given([B, ...event], seed, -3, 3),
            scale: scales(shape, seed + 1, from!, to!),
            x: given([S, B, ...event], seed + 2, -3, 3),
          },
          { kernel: "ElboNormalLogProb", fits },
        );
      },
    ),
    options,
  );
});

Deno.test("normalLogProb() on wasm holds to its definition where threads share the work", async () => {
  for (const shape of [[], [129, 257]]) {
    await holdsToDefinition(
      ({ mean, scale, x }) => normalLogProb({ mean, scale }, x, [257]),
      {
        mean: given([129, 257], 1),
        scale: scales(shape, 2, -1, 1),
        x: given([1, 129, 257], 3),
      },
      { second: false },
    );
  }
  await holdsToDefinition(
    ({ logits, x }) => bernoulliLogProb(logits, x, [257]),
    { logits: given([129, 257], 1, -9, 9), x: data([1, 129, 257], 2) },
    { second: false },
  );
});

Deno.test("normalLogProb() on wasm says what is not finite, as its definition does", async () => {
  const values = [NaN, Infinity, -Infinity, 0, 1];
  const run: Parameters<typeof holdsToDefinition>[0] = ({ mean, scale, x }) =>
    normalLogProb({ mean: mean!, scale: scale! }, x!, []);
  const plain = { shape: [5], values: [1, 2, 3, 4, 5] };
  const x = { shape: [1, 5], values: [2, 2, 2, 2, 2] };
  const odd = { shape: [5], values };
  await holdsToDefinition(run, { mean: odd, scale: plain, x }, { second: false });
  await holdsToDefinition(run, { mean: plain, scale: plain, x: { shape: [1, 5], values } }, {
    second: false,
  });
  await holdsToDefinition(run, {
    mean: plain,
    scale: { shape: [5], values: [NaN, Infinity, 1, 1e-38, 1e38] },
    x,
  }, { second: false });
  // The gradient by a scale of 0 is ∞ in the kernel, and NaN in the definition.
  const nothing = { shape: [5], values: [0, 0, 0, 0, 0] };
  await holdsToDefinition(run, { mean: plain, scale: nothing, x }, { by: [] });
});

Deno.test("reparameterize() on wasm holds to its definition", async () => {
  await fc.assert(
    fc.asyncProperty(
      samples,
      batch,
      event,
      seed,
      fc.constantFrom(1e-6, 1, 1e4),
      fc.constantFrom("own", "one", "event"),
      async (S, B, event, seed, size, shared) => {
        const shape = shared === "own" ? [B, ...event] : shared === "one" ? [] : event;
        await holdsToDefinition(
          ({ mean, scale, noise }) => reparameterize(mean, scale, noise),
          {
            mean: given([B, ...event], seed, -1, 1),
            scale: given(shape, seed + 1, 0, size),
            noise: given([S, B, ...event], seed + 2, -3, 3),
          },
          { kernel: "ElboReparameterize", fits: shared === "own" },
        );
      },
    ),
    options,
  );
});

Deno.test("positiveScale() on wasm holds to its definition", async () => {
  await fc.assert(
    fc.asyncProperty(
      batch,
      event,
      seed,
      fc.constantFrom(1e-3, 3, 30, 1e4),
      (B, event, seed, size) =>
        holdsToDefinition(({ raw }) => positiveScale(raw), {
          raw: given([B, ...event], seed, -size, size),
        }, { kernel: "ElboPositiveScale" }),
    ),
    options,
  );
  for (const end of [-1e4, -104, -90, -50, -17, -14, -1, -0, 0, 1, 14, 17, 50, 90, 104, 1e4, NaN]) {
    await holdsToDefinition(({ raw }) => positiveScale(raw), { raw: { shape: [], values: [end] } });
  }
  for (const end of [Infinity, -Infinity]) {
    await holdsToDefinition(
      ({ raw }) => positiveScale(raw),
      { raw: { shape: [], values: [end] } },
      {
        second: false,
      },
    );
  }
});

Deno.test("normalKl() on wasm holds to its definition", async () => {
  await fc.assert(
    fc.asyncProperty(
      batch,
      event,
      seed,
      fc.constantFrom([-1, 1], [-6, -5], [3, 5], [-4, 4]),
      fc.constantFrom("own", "one", "event"),
      async (B, event, seed, [from, to], shared) => {
        const shape = shared === "own" ? [B, ...event] : shared === "one" ? [1] : [1, ...event];
        const mean = given([B, ...event], seed, -3, 3);
        if (shared === "one" && event.length > 0) return;
        await holdsToDefinition(
          ({ mean, scale }) => normalKl(mean, scale, event),
          { mean, scale: scales(shape, seed + 1, from!, to!) },
          { kernel: "ElboNormalKl", fits: shared === "own" || B === 1 },
        );
      },
    ),
    options,
  );
});

Deno.test("normalKl() on wasm passes gradients through either of its answers", async () => {
  const inputs = { mean: given([5, 7], 1, -3, 3), scale: scales([5, 7], 2, -1, 1) };
  for (const i of [0, 1] as const) {
    await holdsToDefinition(({ mean, scale }) => normalKl(mean, scale, [7])[i], inputs);
  }
});

Deno.test("normalKl() on wasm says what is not finite, as its definition does", async () => {
  const values = [NaN, Infinity, -Infinity, 0, 1];
  const plain = { shape: [5], values: [1, 2, 3, 4, 5] };
  const run: Parameters<typeof holdsToDefinition>[0] = ({ mean, scale }) =>
    normalKl(mean!, scale!, []);
  await holdsToDefinition(run, { mean: { shape: [5], values }, scale: plain }, { second: false });
  const scale = { shape: [5], values: [NaN, Infinity, 0, 1e-30, 1e19] };
  await holdsToDefinition(run, { mean: plain, scale }, { second: false });
});

Deno.test("densities on wasm take one tensor for several of their inputs", async () => {
  const a = scales([5, 7], 1, -1, 1);
  await holdsToDefinition(({ a }) => normalKl(a, a, [7]), { a });
  await holdsToDefinition(
    ({ a }) => normalLogProb({ mean: a, scale: a }, tf.reshape(a, [1, 5, 7]), [7]),
    { a },
  );
  await holdsToDefinition(({ a }) => reparameterize(a, a, tf.reshape(a, [1, 5, 7])), { a });
  await holdsToDefinition(({ a }) => bernoulliLogProb(a, tf.reshape(a, [1, 5, 7]), [7]), { a });
});

Deno.test("densities on wasm take batches and events of nothing", async (t) => {
  for (const threads of [1, 2]) {
    await useBackend({ backend: "wasm", threads });
    await t.step(`on ${threads} of at most 2 threads`, takeNothing);
  }
});

async function takeNothing(): Promise<void> {
  for (const [B, K] of [[0, 3], [3, 0], [0, 0]] as const) {
    const [mean, scale, x] = [[B, K], [B, K], [1, B, K]].map((shape) => given(shape, 1, 0, 1)) as [
      Given,
      Given,
      Given,
    ];
    await holdsToDefinition(({ mean, x }) => bernoulliLogProb(mean, x, [K]), { mean, x });
    await holdsToDefinition(({ mean, scale, x }) => normalLogProb({ mean, scale }, x, [K]), {
      mean,
      scale,
      x,
    });
    await holdsToDefinition(({ mean, scale }) => normalKl(mean, scale, [K]), { mean, scale });
    await holdsToDefinition(({ mean, scale, x }) => reparameterize(mean, scale, x), {
      mean,
      scale,
      x,
    });
    await holdsToDefinition(({ mean }) => positiveScale(mean), { mean });
  }
}

Deno.test("densities on wasm take whole numbers, as their definitions do", async () => {
  const x: Given = { shape: [1, 4], values: [0, 1, 1, 0], dtype: "int32" };
  const float = given([4], 1, 0.5, 2);
  await holdsToDefinition(({ float, x }) => bernoulliLogProb(float, x, []), { float, x });
  await holdsToDefinition(({ float, x }) => normalLogProb({ mean: float, scale: float }, x, []), {
    float,
    x,
  });
  assert.equal(tf.getBackend(), "wasm");
});

Deno.test("log-probabilities on wasm broadcast what only happens to be as large", () => {
  // [4, 1, 3] beside [4, 3] is [4, 4, 3], and no row of one is that of the other.
  const [x, wide] = [numbers(1, 12), numbers(2, 12, 0.5, 2)];
  tf.tidy(() => {
    const rows = tf.tensor(x, [4, 1, 3]), parameters = tf.tensor(wide, [4, 3]);
    assert.deepEqual(bernoulliLogProb(parameters, rows, [3]).shape, [4, 4]);
    const mean = parameters, scale = tf.ones([4, 3]);
    assert.deepEqual(normalLogProb({ mean, scale }, rows, [3]).shape, [4, 4]);
    const columns = tf.tensor(wide.slice(0, 3), [3, 1]), row = tf.tensor(x.slice(0, 3), [1, 3]);
    assert.deepEqual(
      normalLogProb({ mean: row, scale: columns }, tf.ones([1, 1, 3]), [3]).shape,
      [1, 3],
    );
  });
});
