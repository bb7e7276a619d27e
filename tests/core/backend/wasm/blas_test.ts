import assert from "node:assert/strict";
import { openBlas } from "../../../../core/backend/wasm/blas.ts";
import { runScript } from "./run_script.ts";

const BLAS = import.meta.resolve("../../../../core/backend/wasm/blas.ts");
const NOT_PERMITTED = "libraries may not be loaded (--allow-ffi)";

/** Opens the system's BLAS, with the permission for it. */
const PERMITTED = ["--allow-read", "--allow-ffi"];

/** Why this system has no BLAS, if it has none. */
async function obstacle(): Promise<string | undefined> {
  const { output } = await runScript(
    `import { openBlas } from "${BLAS}";
    const blas = openBlas(new WebAssembly.Memory({ initial: 1 }));
    console.log(typeof blas === "string" ? blas : "");`,
    PERMITTED,
  );
  return output.trim() || undefined;
}

const noBlas = await obstacle();
const skipped = noBlas === undefined ? "" : ` (skipped: ${noBlas})`;

Deno.test({
  name: `gemm() multiplies on a heap, shared or not, that grows${skipped}`,
  ignore: noBlas !== undefined,
  async fn() {
    const { code, output } = await runScript(
      `import { openBlas } from "${BLAS}";
      for (const shared of [false, true]) {
        // Without a maximum it may move when it grows.
        const heap = new WebAssembly.Memory({ initial: 80, ...(shared && { maximum: 9999, shared }) });
        const blas = openBlas(heap);
        let worst = 0;
        for (const [m, n, k] of [[1, 1, 1], [5, 7, 3], [33, 65, 17], [210, 220, 230]]) {
          for (let variant = 0; variant < 8; variant++) {
            const [transposeA, transposeB, accumulate] = [1, 2, 4].map((bit) => !!(variant & bit));
            const [a, b, c] = [1024, 1024 + 4 * m * k, 1024 + 4 * (m * k + k * n)];
            const numbers = new Float32Array(heap.buffer).subarray(256, 256 + m * k + k * n + m * n);
            numbers.forEach((_, i) => numbers[i] = Math.sin(i));
            const before = numbers.slice();
            blas.gemm(blas.argumentsOf(m, n, k, a, transposeA ? m : k, transposeA,
              b, transposeB ? k : n, transposeB, c, n, accumulate));
            for (let i = 0; i < m; i += 1 + (m >> 3)) {
              for (let j = 0; j < n; j += 1 + (n >> 3)) {
                const cell = m * k + k * n + i * n + j;
                let expected = accumulate ? before[cell] : 0;
                for (let l = 0; l < k; l++) {
                  expected += before[transposeA ? l * m + i : i * k + l] *
                    before[m * k + (transposeB ? j * k + l : l * n + j)];
                }
                worst = Math.max(worst, Math.abs(numbers[cell] - expected));
              }
            }
            heap.grow(40);
          }
        }
        console.log(/^(OpenBLAS \\d+[.]\\d+|Accelerate$)/.test(blas.name), worst < 1e-4);
        blas.close();
        blas.close();
      }`,
      PERMITTED,
    );
    assert.deepEqual({ code, output }, { code: 0, output: "true true\ntrue true\n" });
  },
});

Deno.test({
  name: `products in parts, each by the BLAS on a thread of its own, are those of one${skipped}`,
  ignore: noBlas !== undefined,
  async fn() {
    const file = (name: string) => import.meta.resolve(`../../../../core/backend/wasm/${name}.ts`);
    const { code, output } = await runScript(
      `import { useBackend } from "${import.meta.resolve("../../../../mod.ts")}";
      import { tf } from "${import.meta.resolve("../../../../core/deps.ts")}";
      import { openBlas } from "${BLAS}";
      import { loadKernels } from "${file("load_kernels")}";
      import { openRoom } from "${file("room")}";
      import { openRuntime } from "${file("runtime")}";
      import { heapOf } from "${file("shared_heap")}";
      import { startThreads } from "${file("threads")}";
      await useBackend({ backend: "wasm", threads: 1 });
      const backend = tf.backend(), heap = heapOf(backend);
      const loaded = await loadKernels(heap), blas = openBlas(heap), room = openRoom(backend);
      const pool = await startThreads(3, loaded, heap, { blas });
      const alone = openRuntime(backend, loaded.kernels, room, { blas });
      const shared = openRuntime(backend, loaded.kernels, room, { blas, pool });
      let parts = 0, worst = 0;
      const run = pool.run.bind(pool);
      pool.run = (name, given) => {
        if (name === "cblas_sgemm") parts = given.length;
        return run(name, given);
      };
      for (const [m, n, k] of [[301, 53, 67], [53, 301, 67], [170, 17, 190], [17, 170, 190]]) {
        for (let variant = 0; variant < 16; variant++) {
          const [transposeA, transposeB, accumulate, biased] =
            [1, 2, 4, 8].map((bit) => !!(variant & bit));
          const sizes = [m * k, k * n, m * n, m * n, n];
          const starts = sizes.map((_, i) => 4 * sizes.slice(0, i).reduce((sum, size) => sum + size, 0));
          const size = sizes.reduce((sum, size) => sum + size);
          const first = alone.scratch(4 * size);
          const [a, b, c, d, bias] = starts.map((start) => first + start);
          alone.view(first, size).forEach((_, i, all) => all[i] = Math.sin(i));
          alone.view(d, m * n).set(alone.view(c, m * n));
          const product = { m, n, k, a, b, transposeA, transposeB, accumulate, bias: biased ? bias : 0 };
          parts = 0;
          alone.multiply({ ...product, c });
          shared.multiply({ ...product, c: d });
          if (parts !== 3) console.log("parts", m, n, k, variant, parts);
          const expected = alone.view(c, m * n), found = alone.view(d, m * n);
          expected.forEach((value, i) => worst = Math.max(worst, Math.abs(value - found[i])));
        }
      }
      console.log(pool.hasBlas, worst < 1e-4);
      Deno.exit(); // The library is never closed.`,
      PERMITTED,
    );
    assert.deepEqual({ code, output }, { code: 0, output: "true true\n" });
  },
});

Deno.test({
  name: `threads that may not load the BLAS start without it${skipped}`,
  ignore: noBlas !== undefined,
  async fn() {
    const { code, output } = await runScript(
      `import { useBackend } from "${import.meta.resolve("../../../../mod.ts")}";
      import { tf } from "${import.meta.resolve("../../../../core/deps.ts")}";
      const { wasm: before } = await useBackend({ backend: "wasm", threads: 1 });
      Deno.permissions.revokeSync({ name: "ffi" });
      const { wasm: after } = await useBackend({ backend: "wasm", threads: 2 });
      console.log(after.threads, after.threadsReason, after.blas === before.blas);
      const ones = tf.ones([300, 200]);
      console.log(tf.matMul(ones, ones, true).dataSync().every((value) => value === 300));
      Deno.exit(); // The library is never closed.`,
      PERMITTED,
    );
    assert.deepEqual({ code, output }, { code: 0, output: "2 undefined true\ntrue\n" });
  },
});

Deno.test("openBlas() takes no library that is absent, none or no BLAS", async () => {
  const none = await Deno.makeTempFile({ suffix: ".so" });
  try {
    const { output } = await runScript(
      `import { openBlas } from "${BLAS}";
      const heap = new WebAssembly.Memory({ initial: 1 });
      const mathematics = Deno.build.os === "darwin" ? "libSystem.dylib" : "libm.so.6";
      for (const path of ["libabsent.so.9", ${JSON.stringify(none)}, mathematics]) {
        const reason = openBlas(heap, { candidates: [{ path, openBlasOnly: false }] });
        console.log(reason.startsWith(path + ": "), reason.length > path.length + 10);
      }
      console.log(openBlas(heap, { candidates: [] }));`,
      PERMITTED,
    );
    assert.match(output, /^(true true\n){3}there is no known BLAS on \w+\n$/);
  } finally {
    await Deno.remove(none);
  }
});

Deno.test("openBlas() takes no BLAS that is wrong, and none but OpenBLAS where it matters", async () => {
  const { output } = await runScript(
    `import { openBlas } from "${BLAS}";
    const heap = new WebAssembly.Memory({ initial: 1 });
    let closed = 0;
    const loadLibrary = () => ({
      symbols: {
        cblas_sgemm() {},
        openblas_set_num_threads: null,
        openblas_get_config: null,
      },
      close: () => closed++,
    });
    const [first, second] = [false, true].map((openBlasOnly, index) => (
      { path: "library" + index, openBlasOnly }
    ));
    console.log(openBlas(heap, { loadLibrary, candidates: [first, second] }), closed);`,
    PERMITTED,
  );
  assert.equal(
    output,
    "library0: its product of small matrices is wrong; library1: it is not OpenBLAS 2\n",
  );
});

Deno.test("openBlas() asks for no permission", async () => {
  assert.equal(openBlas(new WebAssembly.Memory({ initial: 1 })), NOT_PERMITTED);
  const script = `import { openBlas } from "${BLAS}";
    console.log(openBlas(new WebAssembly.Memory({ initial: 1 })));`;
  for (const permission of ["--allow-read", "--allow-ffi=/nowhere", "--deny-ffi"]) {
    const { code, output } = await runScript(script, [permission]);
    assert.deepEqual({ code, output }, { code: 0, output: `${NOT_PERMITTED}\n` });
  }
});
