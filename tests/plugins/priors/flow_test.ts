import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { openParameters } from "../../../core/scope.ts";
import { divergences, flows, priors, seed, useBackend, vae } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { learnsAndLasts } from "../../helpers/learns_and_lasts.ts";
import { tinyParts } from "../../helpers/tiny.ts";

const { flow } = priors;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 1e-4, relative: 1e-4 };

/** A prior on latents of shape [3], for some condition. */
function built(prior: ReturnType<typeof flow>, condition?: readonly number[]) {
  const shapes = { data: [4], latent: [3], condition, support: "real" } as const;
  const { scope, variables } = openParameters(shapes, seed(1));
  const infer = (): never => assert.fail();
  return { made: prior.build({ ...scope, infer }), variables };
}

Deno.test("flow() starts as what it starts from", () => {
  tf.tidy(() => {
    const { made } = built(flow({ flow: flows.realNvp() })), p = made(AT_REST);
    assert.deepEqual([p.family, p.domain, p.batch, p.event], ["transformed", "real", 1, [3]]);
    const value = p.draw(seed(2), 5).value;
    assertClose(p.logProb(value), p.base.logProb(value).dataSync(), ROUNDING);
  });
});

Deno.test("flow() draws for every row of a condition, and gives one value a density under each", () => {
  tf.tidy(() => {
    const { made, variables } = built(
      flow({ flow: flows.maskedAutoregressive({ layers: 2, hidden: [4] }) }),
      [2],
    );
    for (const variable of variables.values()) variable.assign(tf.add(variable, 0.3));
    const p = made({ ...AT_REST, condition: tf.tensor2d([[0, 1], [2, 0], [-1, 1], [3, 3]]) });
    const { value, logProb } = p.draw(seed(3), 5);
    assert.deepEqual([p.batch, value.shape, logProb().shape], [4, [5, 4, 3], [5, 4]]);
    assertClose(logProb(), p.logProb(value).dataSync(), ROUNDING);
    const one = p.logProb(tf.zeros([1, 1, 3])).dataSync();
    assert.equal(new Set(one).size, 4);
  });
});

Deno.test("flow() is made again by its options, and names what it starts from", () => {
  const prior = flow({ flow: flows.realNvp({ layers: 2 }), base: priors.diagonalNormal() });
  const again = flow(prior.options as unknown as Parameters<typeof flow>[0]);
  assert.deepEqual(JSON.stringify(again), JSON.stringify(prior));
});

Deno.test("flow() refuses a base that is not on real numbers", () => {
  const prior = flow({ flow: flows.realNvp(), base: priors.uniformSphere() });
  tf.tidy(() => {
    const shapes = { data: [4], latent: [3], support: "real" } as const;
    const { scope } = openParameters(shapes, seed(1));
    const made = prior.build({ ...scope, infer: () => assert.fail() });
    const refusal =
      /Cannot run prior 'flow' as 'base' must be on 'real': current value is 'sphere'/;
    assert.throws(() => made(AT_REST), refusal);
  });
});

Deno.test("a model learns with flow(), and is saved with it", async () => {
  const all = [
    flows.realNvp({ layers: 2, hidden: [8] }),
    flows.maskedAutoregressive({ layers: 2, hidden: [8] }),
    flows.chain({ flows: [flows.inverseAutoregressive({ hidden: [4] }), flows.affineCoupling()] }),
  ];
  for (const each of all) {
    const prior = flow({ flow: each, base: priors.diagonalNormal() });
    await learnsAndLasts(() => vae({ ...tinyParts, prior, divergence: divergences.kl() }));
  }
});
