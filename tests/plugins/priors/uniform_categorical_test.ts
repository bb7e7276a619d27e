import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters } from "../../../core/scope.ts";
import { type Distribution, type Prior, priors, schedules, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";

const { uniformCategorical } = priors;

await useBackend({ backend: "cpu" });

/** p(z) over two latents of three classes, some steps into the training. */
function built<P extends Distribution>(prior: Prior<P>, step = 0): P {
  const shapes = { data: [4], latent: [2, 3], support: "real" } as const;
  const { scope, variables } = openParameters(shapes, seed(0));
  const infer = () => assert.fail("no posterior is needed");
  const p = prior.build({ ...scope, infer })({ ...AT_REST, progress: { step, epoch: 0 } });
  assert.equal(variables.size, 0);
  return p;
}

Deno.test("uniformCategorical() gives every one-hot vector the same probability", () => {
  tf.tidy(() => {
    const plugin = uniformCategorical(), p = built(plugin);
    assert.deepEqual([plugin.kind, plugin.name, plugin.options], [
      "prior",
      "uniformCategorical",
      {},
    ]);
    assert.deepEqual([p.family, p.batch, p.event], ["oneHotCategorical", 1, [2, 3]]);
    const { value, logProb } = p.draw(seed(1), 5);
    assert.deepEqual(value.shape, [5, 1, 2, 3]);
    assertClose(logProb(), Array(5).fill(-2 * Math.log(3)), { relative: 1e-6 });
  });
});

Deno.test("uniformCategorical() is relaxed at a temperature, which may follow a schedule", () => {
  tf.tidy(() => {
    const fixed = uniformCategorical({ temperature: 0.5 });
    assert.deepEqual(fixed.options, { temperature: 0.5 });
    assert.deepEqual([built(fixed).domain, built(fixed).temperature], ["simplex", 0.5]);
    const temperature = schedules.linear({ from: 1, to: 0.5, steps: 10 });
    const annealed = uniformCategorical({ temperature });
    assert.deepEqual([0, 5, 99].map((step) => built(annealed, step).temperature), [1, 0.75, 0.5]);
    assert.deepEqual(uniformCategorical({ temperature }).options, annealed.options);
  });
});

Deno.test("uniformCategorical() refuses a temperature that is not positive", () => {
  for (const temperature of [0, -1, NaN, Infinity]) {
    const refusal = {
      name: "RangeError",
      message: "Cannot relax prior as 'temperature' must be a positive number: " +
        `current value is ${temperature}`,
    };
    assert.throws(() => uniformCategorical({ temperature }), refusal);
    if (!Number.isFinite(temperature)) continue;
    const schedule = schedules.constant({ value: temperature });
    assert.throws(() => built(uniformCategorical({ temperature: schedule })), refusal);
  }
});
