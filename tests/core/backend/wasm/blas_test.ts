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
        // The last is large enough for several threads.
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
