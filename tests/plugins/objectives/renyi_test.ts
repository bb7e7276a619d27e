import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { type Distribution, divergences, type Objective, objectives } from "../../../mod.ts";
import { useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { mean } from "../../helpers/statistics.ts";
import { parametersOf, passOf, solve } from "../../laws/cases/linear_gaussian.ts";

const { elbo, iwae, renyi } = objectives;

await useBackend({ backend: "wasm" });

const VALUES = {
  loadings: [1.2, 0.8],
  bias: [0.1, -0.2, 0.3],
  noise: [0.7],
  x: [0.5, -1, 1.5, -0.3, 0.8, 0.2],
  shift: [0.5, -0.5, 1, 0],
  stretch: [1, 0.9, 1.1, 1],
};

const passAt = (noise: number, copies = 1) =>
  passOf(VALUES, parametersOf(VALUES), seed(noise), { step: 0, epoch: 0 }, copies);

/** The objective, averaged over many copies of the data. */
const valueOf = (objective: Objective<Distribution, Distribution>): number =>
  tf.tidy(() => objective.ledger(passAt(1, 4096)).objective.dataSync()[0]!);

/**
 * L_α of the model: log p(x) − D_α(q ‖ p(z|x)), with the closed form of normals by latent.
 *
 * Van Erven and Harremoës, "Rényi divergence and Kullback–Leibler divergence", arXiv:1206.2459.
 */
function exact(order: number): number {
  return mean(
    solve(VALUES).map(({ evidence }, row) =>
      [0, 1].reduce((rest, k) => {
        // In deviations of the true posterior, which is N(0, 1) then.
        const shift = VALUES.shift[row * 2 + k]!, stretch = VALUES.stretch[row * 2 + k]!;
        const mixed = order + (1 - order) * stretch ** 2;
        return rest + Math.log(stretch) + Math.log(mixed) / (2 * (order - 1)) -
          (order * shift ** 2) / (2 * mixed);
      }, evidence)
    ),
  );
}

Deno.test("renyi() is the power mean of the weights, and its rows add up to it", () => {
  for (const order of [-1, 0, 0.5, 3]) {
    tf.tidy(() => {
      const pass = passAt(1), { value } = pass.posterior.draw(seed(1).split("latents"), 4);
      const logWeights = pass.logLikelihood(value).add(pass.prior.logProb(value))
        .sub(pass.posterior.logProb(value)).arraySync() as number[][];
      const expected = mean([0, 1].map((b) => {
        const powers = logWeights.map((row) => Math.exp((1 - order) * row[b]!));
        return Math.log(mean(powers)) / (1 - order);
      }));
      const { terms, objective } = renyi({ order, samples: 4 }).ledger(pass);
      assertClose(objective, expected, { absolute: 2e-5 });
      const total = terms.reduce((sum, { contribution }) => sum.add(contribution), tf.zeros([2]));
      assertClose(total.mean(), expected, { absolute: 2e-5 });
    });
  }
});

Deno.test("renyi() approaches L_α, which a closed form knows", () => {
  for (const order of [-0.5, 0.5, 2]) {
    assertClose(valueOf(renyi({ order, samples: 500 })), exact(order), { absolute: 0.01 });
  }
});

Deno.test("renyi() of order 0 is iwae(), and near order 1 the ELBO", () => {
  tf.tidy(() => {
    const importance = iwae({ samples: 6 }).ledger(passAt(2));
    const zero = renyi({ order: 0, samples: 6 }).ledger(passAt(2));
    assertClose(zero.bound!.nats, importance.bound!.nats, { absolute: 1e-6 });
    const divergence = divergences.kl({ closedForms: [] });
    const plain = elbo({ divergence, samples: 6 }).ledger(passAt(2));
    for (const order of [0.99, 1.01]) {
      const near = renyi({ order, samples: 6 }).ledger(passAt(2));
      assertClose(near.bound!.nats, plain.bound!.nats, { absolute: 0.02 });
    }
  });
});

Deno.test("renyi() falls as α rises, and bounds log p(x) from 0 on", () => {
  const evidence = mean(solve(VALUES).map(({ evidence }) => evidence));
  const orders = [-2, -0.5, 0, 0.5, 2, 5];
  const values = orders.map((order) => valueOf(renyi({ order, samples: 50 })));
  values.slice(1).forEach((value, i) => assert(value < values[i]!, `order ${orders[i + 1]}`));
  assert(values[0]! > evidence); // Below 0 there is none.
  assert(values[2]! < evidence + 0.01);
  tf.tidy(() => {
    for (const order of orders) {
      const { bound } = renyi({ order }).ledger(passAt(1));
      const name = order < 0 ? undefined : `Rényi, order ${order}, 5 samples`;
      assert.equal(bound?.name, name);
    }
  });
});

Deno.test("renyi() can be made again from its options", () => {
  const { kind, name, options } = renyi({ order: 0.5 });
  assert.deepEqual([kind, name], ["objective", "renyi"]);
  assert.deepEqual(options, { order: 0.5, samples: 5 });
});

Deno.test("renyi() refuses options out of range", () => {
  const refuses = (options: object, message: string): void =>
    assert.throws(() => renyi({ order: 0.5, ...options }), {
      name: "RangeError",
      message: `Cannot build objective as ${message}`,
    });
  refuses({ order: 1 }, "'order' must not be 1, the ELBO: current value is 1");
  for (const order of [NaN, Infinity]) {
    refuses({ order }, `'order' must be a finite number: current value is ${order}`);
  }
  for (const samples of [0, 1.5]) {
    refuses({ samples }, `'samples' must be a positive integer: current value is ${samples}`);
  }
});
