import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import {
  poissonOnDevice,
  poissonOnHost,
  randomPoisson,
} from "../../../core/operations/random_poisson.ts";
import { seed, uniformNoise } from "../../../core/random.ts";
import { useBackend } from "../../../mod.ts";
import { logGamma } from "../../deps.ts";
import { kolmogorov, KOLMOGOROV_BOUND } from "../../helpers/statistics.ts";

await useBackend({ backend: "wasm" });

const SIZE = 20_000;

for (const draw of [poissonOnHost, poissonOnDevice]) {
  Deno.test(`${draw.name}() is distributed as it should be on both sides of a rate of 10`, () => {
    for (const rate of [1e-3, 0.3, 9.9, 10.1, 40, 1000].map(Math.fround)) {
      tf.tidy(() => {
        const draws = draw(tf.fill([SIZE], rate), seed(1)).dataSync();
        const noise = uniformNoise(seed(2), [SIZE]).dataSync(), below = [0];
        for (let k = 0; k < 3 * rate + 60; k++) {
          below.push(below[k]! + Math.exp(k * Math.log(rate) - rate - logGamma(k + 1)));
        }
        // F(k − 1) + u·p(k) is uniform.
        const ranks = Array.from(
          draws,
          (k, i) => below[k]! + noise[i]! * (below[k + 1]! - below[k]!),
        );
        assert(kolmogorov(ranks, (rank) => rank) < KOLMOGOROV_BOUND, `a rate of ${rate}`);
      });
    }
  });
}

Deno.test("randomPoisson() draws the same by ordinary operations and one by one", () => {
  tf.tidy(() => {
    const rate = tf.exp(tf.linspace(-8, 12, SIZE)), host = poissonOnHost(rate, seed(1)).dataSync();
    const device = poissonOnDevice(rate, seed(1)).dataSync();
    const apart = device.filter((count, i) => count !== host[i]);
    assert(apart.length < 0.01 * SIZE, `${apart.length} are not the same`);
    assert.deepEqual(randomPoisson(rate, seed(1)).dataSync(), host);
    assert.notDeepEqual(randomPoisson(rate, seed(2)).dataSync(), host);
  });
});

Deno.test("randomPoisson() passes no gradient, and leaves nothing behind", () => {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const slope = tf.grad((rate) => tf.mul(randomPoisson(rate, seed(1)), rate))(tf.ones([50]));
    assert.deepEqual(slope.dataSync(), randomPoisson(tf.ones([50]), seed(1)).dataSync());
  });
  assert.equal(tf.memory().numTensors, before);
});
