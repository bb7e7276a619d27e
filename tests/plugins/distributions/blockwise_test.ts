import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { type Distribution, distributions, isFactorized, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

const { bernoulli, blockwise, categorical, isNormal, multivariateNormal, normal } = distributions;
const { standardNormal } = distributions;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 2e-6, relative: 2e-6 };

/** B = 2: two sizes, whether, and which of three. */
const parts = () => ({
  size: normal({ mean: tf.tensor2d([[0, 1], [2, 3]]), scale: tf.tensor2d([[1, 2], [3, 4]]) }),
  smokes: bernoulli({ logits: tf.tensor2d([[1], [-1]]) }),
  job: categorical({ logits: tf.tensor3d([[[0, 1, 2]], [[3, 0, 0]]]) }),
});
const VALUES = [[[0.5, -1, 1, 2], [2, 2, 0, 0]], [[1, 1, 0, 1], [0, 9, 1, 2]]];

/** The columns of a value `[S, B, 4]` that belong to one block. */
const block = (from: number, to: number) =>
  tf.tensor3d(VALUES.map((sample) => sample.map((row) => row.slice(from, to))));

Deno.test("blockwise() says what it is, and has its blocks by name", () => {
  tf.tidy(() => {
    const p = blockwise(parts());
    assert.deepEqual([p.family, p.domain, p.reparameterized], ["blockwise", "mixed", false]);
    assert.deepEqual([p.batch, p.event, isFactorized(p)], [2, [4], true]);
    assert(isNormal(p.blocks.size));
    assert.deepEqual(p.blocks.job.probabilities.shape, [2, 1, 3]);
    assert(!("mean" in p), "categories have no mean");
    const a = standardNormal({ event: [1] }), coin = bernoulli({ logits: tf.zeros([1, 1]) });
    assert.deepEqual([blockwise({ a, b: a }).domain, blockwise({ a }).reparameterized], [
      "real",
      true,
    ]);
    assert.equal(blockwise({ coin }).domain, "discrete");
  });
});

Deno.test("blockwise() is on several simplexes where each block is on one", () => {
  tf.tidy(() => {
    const q = distributions.relaxedOneHotCategorical({ logits: tf.zeros([1, 3]), temperature: 1 });
    assert.equal(blockwise({ q, other: q }).domain, "mixed");
  });
});

Deno.test("Blockwise.logProb() is the sum over the blocks, and logDensities puts them side by side", async (t) => {
  await onEachBackend(t, () => {
    const p = blockwise(parts()), value = tf.tensor3d(VALUES);
    const { size, smokes, job } = parts(),
      each = [
        size.logDensities(block(0, 2)),
        smokes.logDensities(block(2, 3)),
        job.logDensities(block(3, 4)),
      ];
    assert.deepEqual(p.logDensities(value).shape, [2, 2, 4]);
    assertClose(p.logDensities(value), tf.concat(each, -1), ROUNDING);
    assert.deepEqual(p.logProb(value).shape, [2, 2]);
    assertClose(p.logProb(value), tf.sum(tf.concat(each, -1), -1), ROUNDING);
  });
});

Deno.test("Blockwise.draw() draws every block apart, with its own log-density", async (t) => {
  await onEachBackend(t, () => {
    const p = blockwise(parts()), { value, logProb } = p.draw(seed(1), 5);
    assert.deepEqual([value.shape, logProb().shape], [[5, 2, 4], [5, 2]]);
    assertClose(logProb(), p.logProb(value), { absolute: 1e-4 });
    assert.deepEqual(p.draw(seed(1), 5).value.arraySync(), value.arraySync());
    const same = standardNormal({ event: [1] });
    const [first, second] = blockwise({ first: same, second: same }).draw(seed(1)).value.dataSync();
    assert.notEqual(first, second);
  });
});

Deno.test("blockwise() gives every row its own draws of a block that all rows share", async (t) => {
  await onEachBackend(t, () => {
    const shared = standardNormal({ event: [1] });
    const own = normal({ mean: tf.tensor2d([[1], [2], [3]]), scale: tf.fill([3, 1], 2) });
    const p = blockwise({ shared, own }), { value, logProb } = p.draw(seed(1), 2);
    assert.deepEqual([p.batch, value.shape, logProb().shape], [3, [2, 3, 2], [2, 3]]);
    const noise = tf.slice(value, [0, 0, 0], [-1, -1, 1]).dataSync();
    assert.equal(new Set(noise).size, 6);
    assertClose(logProb(), p.logProb(value), { absolute: 1e-5 });
    assert.deepEqual(p.logDensities(tf.zeros([1, 1, 2])).shape, [1, 3, 2]);
    assertClose(p.mean, [0, 1, 0, 2, 0, 3], ROUNDING);
    assertClose(p.variance, [1, 4, 1, 4, 1, 4], ROUNDING);
  });
});

Deno.test("blockwise() joins events of several axes along the last, as channels of a picture", async (t) => {
  await onEachBackend(t, () => {
    const grey = standardNormal({ event: [2, 3, 1] });
    const ink = bernoulli({ logits: tf.zeros([1, 2, 3, 2]) });
    const p = blockwise({ grey, ink });
    assert.deepEqual([p.event, p.draw(seed(1), 4).value.shape], [[2, 3, 3], [4, 1, 2, 3, 3]]);
    const nats = -6 * Math.log(Math.sqrt(2 * Math.PI)) - 12 * Math.LN2;
    assertClose(p.logProb(tf.zeros([1, 1, 2, 3, 3])), [nats], { relative: 1e-5 });
  });
});

Deno.test("blockwise() does not factorize where a block does not", () => {
  tf.tidy(() => {
    const cholesky = tf.tensor3d([[[1, 0], [0.5, 1]]]);
    const pair = multivariateNormal({ mean: tf.zeros([1, 2]), cholesky });
    const p: Distribution = blockwise({ pair, one: standardNormal({ event: [1] }) });
    assert.deepEqual([p.event, isFactorized(p)], [[3], false]);
    assert.deepEqual(p.logProb(tf.zeros([1, 1, 3])).shape, [1, 1]);
  });
});

Deno.test("blockwise() refuses no blocks, other events and other batches", () => {
  tf.tidy(() => {
    const refuses = (blocks: distributions.Blocks, name: string, message: string): void =>
      assert.throws(() => blockwise(blocks), {
        name,
        message: `Cannot put distributions side by side as ${message}`,
      });
    const one = standardNormal({ event: [1] });
    refuses({}, "RangeError", "there must be at least one: current value is {}");
    for (const event of [[2, 1], []]) {
      refuses(
        { one, other: standardNormal({ event }) },
        "TypeError",
        `the event of 'other' must differ in its last axis alone: current value is [${
          event.join(", ")
        }]`,
      );
    }
    const [two, three] = [2, 3].map((rows) => bernoulli({ logits: tf.zeros([rows, 1]) }));
    refuses(
      { one, two: two!, three: three! },
      "TypeError",
      "every batch must be 1 or 3: current value is 2",
    );
  });
});
