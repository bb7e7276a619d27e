import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters } from "../../../core/scope.ts";
import { dataset, distributions, divergences, fit, likelihoods, networks } from "../../../mod.ts";
import { posteriors, priors, useBackend, vae } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";

const { studentT } = likelihoods;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 1e-5, relative: 1e-5 };

const open = () => openParameters({ data: [3], latent: [1], support: "real" }, seed(0));

Deno.test("studentT() says what it is for, and makes itself again from its options", () => {
  const { kind, name, options, support, heads } = studentT();
  assert.deepEqual([kind, name, support], ["likelihood", "studentT", "real"]);
  assert.deepEqual(options, { degreesOfFreedom: "shared", scale: "shared" });
  assert.deepEqual(heads([2, 2]), { location: [2, 2] });
  const given = { degreesOfFreedom: 3, scale: "perOutput" } as const, perOutput = studentT(given);
  assert.deepEqual(perOutput.options, given);
  assert.deepEqual(perOutput.heads([2, 2]), { location: [2, 2], rawScale: [2, 2] });
});

Deno.test("studentT() has the degrees of freedom and the scale that are asked for", () => {
  tf.tidy(() => {
    const location = tf.tensor2d([[0, 1, -1]]), x = tf.tensor3d([[[0, 5, 2]]]);
    const density = (degrees: number, scale: number) =>
      distributions.studentT({
        degreesOfFreedom: tf.scalar(degrees),
        location,
        scale: tf.scalar(scale),
      }).logProb(x);

    const fixed = open();
    const build = studentT({ degreesOfFreedom: 2.5, scale: 3 }).build(fixed.scope);
    assertClose(build({ location }, AT_REST).logProb(x), density(2.5, 3), ROUNDING);
    assert.equal(fixed.variables.size, 0);

    const shared = open(), learned = studentT().build(shared.scope);
    assert.deepEqual([...shared.variables.keys()], ["rawDegreesOfFreedom", "rawScale"]);
    assertClose(learned({ location }, AT_REST).logProb(x), density(5, 0.5), ROUNDING);
    shared.variables.get("rawDegreesOfFreedom")!.assign(tf.scalar(-50));
    assertClose(learned({ location }, AT_REST).mean, location, {});
    shared.variables.forEach((variable) => variable.dispose());
  });
});

Deno.test("studentT() learns that there are outliers", async () => {
  const rows = Array.from({ length: 64 }, (_, i) => [i % 8 === 0 ? 8 : Math.sin(i), Math.cos(i)]);
  const model = vae({
    data: [2],
    latent: 1,
    encoder: networks.mlp({ hidden: [4] }),
    decoder: networks.mlp({ hidden: [4] }),
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood: studentT(),
    divergence: divergences.kl(),
  });
  const raw = () => model.parameters.get("likelihood/rawDegreesOfFreedom")!.arraySync() as number;
  const before = raw();
  await fit(model, dataset(rows, { support: "real" }), { epochs: 20, learningRate: 0.02 });
  assert(raw() < before, `${before} to ${raw()}`);
  model.dispose();
});

Deno.test("studentT() refuses options out of range, and unknown words", () => {
  for (const degreesOfFreedom of [1, 0, -1, NaN, Infinity]) {
    assert.throws(() => studentT({ degreesOfFreedom }), {
      name: "RangeError",
      message: "Cannot build likelihood as 'degreesOfFreedom' must be a number above 1: " +
        `current value is ${degreesOfFreedom}`,
    });
  }
  assert.throws(() => studentT({ degreesOfFreedom: "learned" as "shared" }), {
    name: "RangeError",
    message: "Cannot build likelihood as 'degreesOfFreedom' must be a number above 1 or " +
      "'shared': current value is 'learned'",
  });
  assert.throws(() => studentT({ scale: 0 }), {
    name: "RangeError",
    message: "Cannot build likelihood as 'scale' must be a positive number: current value is 0",
  });
});
