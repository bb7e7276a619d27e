import assert from "node:assert/strict";
import { tf } from "../../core/deps.ts";
import { constant } from "../../core/initializers.ts";
import { seed } from "../../core/random.ts";
import { openParameters, takeSnapshot } from "../../core/scope.ts";
import { adam, useBackend } from "../../mod.ts";
import { onBackends } from "../helpers/backends.ts";

await useBackend({ backend: "cpu" });

const open = () => openParameters({ data: [3], latent: [2], support: "real" }, seed(0));

Deno.test("a buffer is a variable that no optimizer changes, and that its part writes", () => {
  const { scope, variables } = open(), before = tf.memory().numTensors;
  const { read, write } = scope.child("likelihood").buffer("variance", [2], constant(4));
  const variable = variables.get("likelihood/variance")!;
  assert.deepEqual([variable.trainable, variable.arraySync()], [false, [4, 4]]);
  tf.tidy(() => write(tf.tensor1d([1, 2])));
  assert.deepEqual(read().arraySync(), [1, 2]);
  assert.equal(tf.memory().numTensors, before + 1);
  assert.throws(() => write(tf.scalar(1)), /shape/);
  assert.throws(() => scope.child("likelihood").weight("variance", [2], constant(0)), /unique/);
  tf.disposeVariables();
});

Deno.test("a buffer of the detached scope is the same, and is written by the part alone", () => {
  const { scope, detachedScope, variables } = open();
  scope.buffer("mean", [], constant(1)).write(tf.scalar(2));
  const { read, write } = detachedScope.buffer("mean", [], constant(1));
  write(tf.scalar(3));
  assert.deepEqual([read().arraySync(), variables.size], [2, 1]);
  tf.disposeVariables();
});

onBackends("a snapshot is of one moment, is renewed in place, and puts its values back", () => {
  const variable = tf.variable(tf.tensor1d([1, 2])), before = tf.memory().numTensors;
  const snapshot = takeSnapshot(new Map([["a", variable]]));
  const optimizer = adam({ learningRate: 1 });
  const step = () => void optimizer.minimize(() => tf.sum(variable));
  const kept = () => [...snapshot.values.get("a")!.dataSync()];
  step(); // In place, on some backends.
  assert.deepEqual(kept(), [1, 2]);
  snapshot.renew();
  const renewed = [...variable.dataSync()];
  assert.notDeepEqual(renewed, [1, 2]);
  step();
  assert.deepEqual(kept(), renewed);
  snapshot.restore();
  assert.deepEqual([...variable.dataSync()], renewed);
  step();
  assert.deepEqual(kept(), renewed, "what was put back is the variable's own again");
  snapshot.dispose();
  optimizer.dispose();
  assert.equal(tf.memory().numTensors, before);
  variable.dispose();
});

Deno.test("a snapshot that is renewed takes no new memory on wasm", async () => {
  await useBackend({ backend: "wasm" });
  const variable = tf.variable(tf.zeros([1000])),
    snapshot = takeSnapshot(new Map([["a", variable]]));
  const optimizer = adam(), places = new Set<object>();
  for (let i = 0; i < 4; i++) {
    optimizer.minimize(() => tf.sum(tf.square(variable)));
    snapshot.renew();
    places.add(snapshot.values.get("a")!.dataId);
  }
  assert.equal(places.size, 1);
  snapshot.dispose();
  optimizer.dispose();
  variable.dispose();
  await useBackend({ backend: "cpu" });
});
