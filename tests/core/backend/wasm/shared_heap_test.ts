import assert from "node:assert/strict";
import { heapOf, startOnSharedHeap } from "../../../../core/backend/wasm/shared_heap.ts";
import { lazy, tf } from "../../../../core/deps.ts";
import { runScript } from "./run_script.ts";

const HEAP = import.meta.resolve("../../../../core/backend/wasm/shared_heap.ts");
const DEPS = import.meta.resolve("../../../../core/deps.ts");

function listeners(): unknown[] {
  const { process } = globalThis as unknown as { process: { listeners(event: string): unknown[] } };
  return ["uncaughtException", "unhandledRejection"].flatMap((event) => process.listeners(event));
}

Deno.test("startOnSharedHeap() registers a wasm backend on a heap that threads share", async () => {
  const home = tf.getBackend();
  const before = [globalThis.Worker, ...listeners()];
  const [heap, again] = await Promise.all([startOnSharedHeap(), startOnSharedHeap()]);
  assert.equal(heap, again, "it starts once");
  assert.ok(heap.buffer instanceof SharedArrayBuffer);
  assert.ok(await tf.setBackend("wasm"));
  assert.equal(heapOf(tf.backend()), heap);
  assert.deepEqual([globalThis.Worker, ...listeners()], before, "all is as it was");

  const { getThreadsCount } = await lazy.wasm() as { getThreadsCount(): number };
  assert.equal(getThreadsCount(), 1, "it has no threads of its own");
  const product = tf.tidy(() =>
    tf.sum(tf.matMul(tf.ones([64, 300]), tf.fill([300, 32], 2))).dataSync()[0]
  );
  assert.equal(product, 64 * 300 * 32 * 2);

  const bytes = heap.buffer.byteLength;
  const large = tf.ones([bytes / 4 + 1]);
  assert.ok(heap.buffer.byteLength > bytes, "the heap grows");
  assert.equal(tf.tidy(() => tf.min(large).dataSync()[0]), 1);
  large.dispose();
  await tf.setBackend(home || "cpu");
});

Deno.test("startOnSharedHeap() needs --allow-read alone, prints nothing and lets end", async () => {
  const { code, output } = await runScript(
    `import { startOnSharedHeap } from "${HEAP}";
    import { tf } from "${DEPS}";
    const heap = await startOnSharedHeap();
    await tf.setBackend("wasm");
    console.log(heap.buffer.constructor.name, tf.add(1, 2).dataSync()[0]);`,
    ["--allow-read"],
  );
  assert.deepEqual({ code, output }, { code: 0, output: "SharedArrayBuffer 3\n" });
});

Deno.test("startOnSharedHeap() says why it cannot start", async () => {
  const { output } = await runScript(
    `import { startOnSharedHeap } from "${HEAP}";
    console.log(await startOnSharedHeap().catch(({ message }) => message));`,
  );
  assert.equal(
    output,
    "Cannot start wasm on a shared heap as its binary in the npm cache must be readable: " +
      "there is no --allow-read\n",
  );
});

Deno.test("heapOf() finds the heap of the stock backend, on which no other starts", async () => {
  const { output } = await runScript(
    `import { heapOf, startOnSharedHeap } from "${HEAP}";
    import { lazy, tf } from "${DEPS}";
    await lazy.wasm();
    await tf.setBackend("wasm");
    const { buffer } = heapOf(tf.backend());
    console.log(buffer.constructor.name, buffer === tf.backend().wasm.HEAPU8.buffer);
    console.log(await startOnSharedHeap().catch(({ message }) => message));
    await tf.setBackend("cpu");
    try {
      heapOf(tf.backend());
    } catch ({ message }) {
      console.log(message);
    }`,
    ["--allow-read"],
  );
  assert.deepEqual(output.split("\n"), [
    "ArrayBuffer true",
    "Cannot start wasm on a shared heap as the wasm backend must not have started yet: " +
    "it runs on a heap of its own",
    "Cannot find the heap of the backend as it must be wasm that has started: it is MathBackendCPU",
    "",
  ]);
});
