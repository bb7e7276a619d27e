import assert from "node:assert/strict";
import { tf } from "../../core/deps.ts";
import { constant } from "../../core/initializers.ts";
import { seed } from "../../core/random.ts";
import { openParameters } from "../../core/scope.ts";
import { useBackend } from "../../mod.ts";

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
