import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters } from "../../../core/scope.ts";
import { posteriors, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";

await useBackend({ backend: "cpu" });

Deno.test("laplace() makes locations and positive scales of what the encoder says", () => {
  const { kind, name, options, heads, build } = posteriors.laplace();
  assert.deepEqual([kind, name, options], ["posterior", "laplace", {}]);
  assert.deepEqual(heads([3]), { location: [3], rawScale: [3] });
  const { scope } = openParameters({ data: [3], latent: [2], support: "real" }, seed(0));
  tf.tidy(() => {
    const location = tf.tensor2d([[1, -1]]), rawScale = tf.tensor2d([[0, -100]]);
    const q = build(scope)({ location, rawScale }, AT_REST);
    assert.deepEqual([q.family, q.reparameterized, q.batch, q.event], ["laplace", true, 1, [2]]);
    assertClose(q.mean, [1, -1], {});
    assertClose(q.scale, [Math.LN2, 1e-6], { relative: 1e-5 });
  });
});
