import assert from "node:assert/strict";
import { bernoulliPmf as pmf } from "../../deps.ts";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters } from "../../../core/scope.ts";
import { likelihoods, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";

const { bernoulli } = likelihoods;

await useBackend({ backend: "cpu" });

Deno.test("bernoulli() says what it is for and what it wants from the decoder", () => {
  const { kind, name, options, support, heads } = bernoulli();
  assert.deepEqual([kind, name, options, support], ["likelihood", "bernoulli", {}, "binary"]);
  assert.deepEqual(heads([28, 28]), { logits: [28, 28] });
});

Deno.test("bernoulli() reads the decoder's output as logits, and has no weights", () => {
  const shapes = { data: [3], latent: [1], support: "binary" } as const;
  const { scope, variables } = openParameters(shapes, seed(0));
  const build = bernoulli().build(scope);
  assert.equal(variables.size, 0);
  const logits = [[0, 1, -1], [2, -3, 0.5]], x = [0, 1, 1];
  const expected = logits.map((row) =>
    row.reduce((sum, logit, i) => sum + Math.log(pmf(x[i]!, 1 / (1 + Math.exp(-logit)))), 0)
  );
  tf.tidy(() => {
    const p = build({ logits: tf.tensor2d(logits) }, AT_REST);
    assert.deepEqual([p.family, p.batch, p.event], ["bernoulli", 2, [3]]);
    assertClose(p.logProb(tf.tensor3d([[x]])), expected, { absolute: 1e-6, relative: 1e-6 });
  });
});
