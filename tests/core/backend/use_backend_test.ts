import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import {
  type BackendName,
  divergences,
  networks,
  type Tensor,
  useBackend,
  vae,
} from "../../../mod.ts";
import { tinyModel, tinyParts } from "../../helpers/tiny.ts";

Deno.test("useBackend() takes wasm where there is no real GPU, and says why", async () => {
  const { backend, passedOver } = await useBackend();
  if (backend === "webgpu") return assert.deepEqual(passedOver, []);
  assert.equal(backend, "wasm");
  assert.deepEqual(
    passedOver.map(({ backend }) => backend),
    ["webgpu"],
  );
  assert.match(
    passedOver[0]!.reason,
    /^(there is no GPU adapter|the GPU adapter is a software one|there is no WebGPU here)$/,
  );
});

Deno.test("useBackend() takes the one that is named", async () => {
  const wasm = await useBackend({ backend: "wasm" });
  assert.deepEqual([wasm.backend, wasm.passedOver], ["wasm", []]);
  assert.equal(tf.getBackend(), "wasm");
  const cpu = { backend: "cpu", passedOver: [], summary: "cpu" };
  assert.deepEqual(await useBackend({ backend: "cpu" }), cpu);
  assert.equal(tf.getBackend(), "cpu");
});

Deno.test("useBackend() refuses a backend that is unknown, or that cannot start here", async () => {
  await useBackend({ backend: "cpu" });
  await assert.rejects(useBackend({ backend: "tpu" as BackendName }), {
    name: "RangeError",
    message: "Cannot use backend as 'backend' must be one of webgpu, webgl, wasm, cpu: " +
      "current value is 'tpu'",
  });
  await assert.rejects(useBackend({ backend: "webgl" }), {
    message: "Cannot use backend 'webgl' as it must start here: " +
      "webgl: there is no WebGL outside a browser",
  });
  assert.equal(tf.getBackend(), "cpu");
});

/** Runs a script that may read nothing but the code it imports. */
function runWithoutPermissions(script: string): Promise<Deno.CommandOutput> {
  const url = `data:application/typescript,${encodeURIComponent(script)}`;
  const args = ["run", "--quiet", "--no-prompt", "--no-lock", url];
  // Where Wayland is installed, its library complains if it has nowhere to look.
  return new Deno.Command("deno", { args, env: { XDG_RUNTIME_DIR: Deno.cwd() } }).output();
}

Deno.test("useBackend() falls back to cpu where wasm may not read its binary", async () => {
  const script = `import { useBackend } from "${new URL("../../../mod.ts", import.meta.url)}";
    console.log(JSON.stringify(await useBackend()));`;
  const { stdout, stderr } = await runWithoutPermissions(script);
  assert.equal(new TextDecoder().decode(stderr), "", "nothing is printed by anybody");
  const { backend, passedOver } = JSON.parse(new TextDecoder().decode(stdout));
  if (backend === "webgpu") return;
  assert.equal(backend, "cpu");
  assert.match(
    passedOver[1].reason,
    /its binary in the npm cache may not be read \(--allow-read/,
  );
});

Deno.test("useBackend() goes back to where it was when a named backend does not start", async () => {
  const script = `import { useBackend } from "${new URL("../../../mod.ts", import.meta.url)}";
    import { tf } from "${new URL("../../../core/tf.ts", import.meta.url)}";
    await useBackend({ backend: "cpu" });
    const error = await useBackend({ backend: "wasm" }).catch((error) => error.message);
    console.log(JSON.stringify([error, tf.getBackend(), tf.add(1, 2).dataSync()[0]]));`;
  const { stdout } = await runWithoutPermissions(script);
  const [message, backend, sum] = JSON.parse(new TextDecoder().decode(stdout));
  assert.match(message, /^Cannot use backend 'wasm' as it must start here: .*\(--allow-read/);
  assert.deepEqual([backend, sum], ["cpu", 3]);
});

Deno.test("useBackend() reports what a model needs and the backend lacks", async () => {
  const honest = tinyModel();
  const before = tf.memory().numTensors;
  const { lacking } = await useBackend({ backend: "wasm", model: honest });
  assert.deepEqual(lacking, { kernels: [], gradients: [] });
  assert.equal(tf.getBackend(), "wasm");
  assert.equal(tf.memory().numTensors, before);
  honest.dispose();

  const lackOf = async (change: (nats: Tensor) => Tensor): Promise<unknown> => {
    await useBackend({ backend: "cpu" });
    const kl = divergences.kl();
    const model = vae({
      ...tinyParts,
      divergence: {
        ...kl,
        estimate: (given) => {
          const [term] = kl.estimate(given);
          return [{ ...term, contribution: change(term.contribution) }];
        },
      },
    });
    const report = await useBackend({ backend: "wasm", model });
    model.dispose();
    return report.lacking;
  };
  const kernelName = "OnlyOnCpu";
  const { kernelFunc } = tf.getKernel("Identity", "cpu");
  tf.registerKernel({ kernelName, backendName: "cpu", kernelFunc });
  tf.registerGradient({
    kernelName,
    gradFunc: (upstream) => ({ x: () => tf.clone(upstream as Tensor) }),
  });
  const onlyOnCpu = (x: Tensor): Tensor => tf.engine().runKernel(kernelName, { x }) as Tensor;
  assert.deepEqual(await lackOf(onlyOnCpu), { kernels: [kernelName], gradients: [] });
  tf.unregisterKernel(kernelName, "cpu");
  tf.unregisterGradient(kernelName);
  assert.deepEqual(await lackOf((nats) => tf.topk(nats, 1).values.mean()), {
    kernels: [],
    gradients: ["TopK"],
  });
  await useBackend({ backend: "cpu" });
});

Deno.test("useBackend() makes one choice after the other", async () => {
  const choices = [useBackend({ backend: "wasm" }), useBackend({ backend: "cpu" })];
  const [first, second] = await Promise.all(choices);
  assert.deepEqual([first!.backend, second!.backend, tf.getBackend()], ["wasm", "cpu", "cpu"]);
});

Deno.test("useBackend() reports no kernels that are none, and changes no parameter", async () => {
  const layers = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [6], units: 4 }),
      tf.layers.batchNormalization(),
    ],
  });
  const model = vae({
    ...tinyParts,
    encoder: networks.layers({ model: layers }),
    divergence: divergences.kl(),
  });
  layers.dispose();
  const values = () => [...model.parameters.values()].map((variable) => [...variable.dataSync()]);
  const before = values();
  const { lacking } = await useBackend({ backend: "cpu", model });
  assert.deepEqual(lacking, { kernels: [], gradients: [] });
  assert.deepEqual(values(), before);
  model.dispose();
});
