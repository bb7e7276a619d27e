import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters, type Parameters } from "../../../core/scope.ts";
import { likelihoods, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

const { beta } = likelihoods;

await useBackend({ backend: "cpu" });

const open = (): Parameters => openParameters({ data: [2], latent: [1], support: "unit" }, seed(0));

/** logit ¼ and logit ½: with ν = 4 these are Beta(1, 3) and Beta(2, 2). */
const LOGITS = [[-Math.log(3), 0]];

/** log p(x, y) = log 3 (1 − x)² + log 6 y (1 − y). */
const nats = (x: number, y: number): number =>
  Math.log(3 * (1 - x) ** 2) + Math.log(6 * y * (1 - y));

Deno.test("beta() says what it is for, and is made again by its options", () => {
  for (const likelihood of [beta(), beta({}), beta({ concentration: "shared" })]) {
    const { kind, name, options, support, heads } = likelihood;
    assert.deepEqual([kind, name, support], ["likelihood", "beta", "unit"]);
    assert.deepEqual(options, { concentration: "shared", epsilon: 1e-6 });
    assert.deepEqual(heads([2, 2]), { logits: [2, 2] });
  }
  const perOutput = beta({ concentration: "perOutput", epsilon: 1 / 512 });
  assert.deepEqual(perOutput.options, { concentration: "perOutput", epsilon: 1 / 512 });
  assert.deepEqual(perOutput.heads([3]), { logits: [3], rawConcentration: [3] });
  const fixed = beta({ concentration: 4, epsilon: 0.01 });
  assert.deepEqual(beta(fixed.options as likelihoods.BetaOptions).options, fixed.options);
});

Deno.test("beta() has mean m and concentration ν, however ν is made", async (t) => {
  await onEachBackend(t, () => {
    const logits = tf.tensor2d(LOGITS), x = tf.tensor3d([[[0.25, 0.75]]]);
    const raw = Math.log(Math.expm1(4));
    const fixed = beta({ concentration: 4 }).build(open().scope)({ logits }, AT_REST);
    const { scope, variables } = open(), build = beta().build(scope);
    assert.deepEqual([...variables.keys()], ["rawConcentration"]);
    const weight = variables.get("rawConcentration")!;
    assertClose(tf.softplus(weight), 2, { relative: 1e-6 });
    weight.assign(tf.scalar(raw));
    const shared = build({ logits }, AT_REST);
    const perOutput = beta({ concentration: "perOutput" }).build(open().scope)(
      { logits, rawConcentration: tf.fill([1, 2], raw) },
      AT_REST,
    );
    for (const p of [fixed, shared, perOutput]) {
      assert.deepEqual([p.family, p.batch, p.event], ["beta", 1, [2]]);
      assertClose(p.mean, [0.25, 0.5], { relative: 1e-5 });
      assertClose(p.logProb(x), nats(0.25, 0.75), { absolute: 1e-5 });
    }
    weight.dispose();
  });
});

Deno.test("beta() takes zeros and ones in the data for ε and 1 − ε", async (t) => {
  await onEachBackend(t, () => {
    const logits = tf.tensor2d(LOGITS), epsilon = 1 / 64;
    const p = beta({ concentration: 4, epsilon }).build(open().scope)({ logits }, AT_REST);
    const logProb = p.logProb(tf.tensor4d([0, 0, 1, 1, 0.5, 0.5], [3, 1, 1, 2]).squeeze([2]));
    const expected = [nats(epsilon, epsilon), nats(1 - epsilon, 1 - epsilon), nats(0.5, 0.5)];
    assertClose(logProb, expected, { absolute: 1e-4 });
  });
});

Deno.test("beta() stays finite with extreme outputs, and so do its gradients", async (t) => {
  await onEachBackend(t, () => {
    const logits = tf.tensor2d([[-1e4, -20, 20, 1e4]]);
    for (const concentration of [1e-3, 1, 1e4]) {
      const build = beta({ concentration }).build(open().scope);
      for (const x of [0, 0.5, 1]) {
        const logProb = (logits: tf.Tensor): tf.Tensor =>
          tf.sum(build({ logits }, AT_REST).logProb(tf.fill([1, 1, 4], x)));
        assert(Number.isFinite(logProb(logits).dataSync()[0]), `ν = ${concentration}, x = ${x}`);
        assert(tf.grad(logProb)(logits).dataSync().every(Number.isFinite));
      }
    }
  });
});

Deno.test("beta() refuses concentrations and ends out of range", () => {
  for (const concentration of [0, -1, NaN, Infinity]) {
    assert.throws(() => beta({ concentration }), {
      name: "RangeError",
      message: "Cannot build likelihood as 'concentration' must be a positive number: " +
        `current value is ${concentration}`,
    });
  }
  assert.throws(() => beta({ concentration: "learned" as "shared" }), {
    name: "RangeError",
    message: "Cannot build likelihood as 'concentration' must be a positive number, 'shared' or " +
      "'perOutput': current value is 'learned'",
  });
  for (const epsilon of [0, -1, 0.5, NaN]) {
    assert.throws(() => beta({ epsilon }), {
      name: "RangeError",
      message: "Cannot build likelihood as 'epsilon' must be a number above 0 and below ½: " +
        `current value is ${epsilon}`,
    });
  }
});
