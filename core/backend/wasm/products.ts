/**
 * Matrix products by the fastest means there are: our own kernel or the system's BLAS, in parts on all
 * threads.
 *
 * @module
 */
import { addBias } from "./add_bias.ts";
import type { Blas } from "./blas.ts";
import { type Address, GEMM, type KernelArguments, type WasmKernels } from "./kernels.ts";
import { SGEMM, type Threads } from "./pool.ts";
import { type Range, rangesOf } from "./ranges.ts";
import type { WasmRuntime } from "./runtime.ts";

/** C[m, n] = op(A)·op(B), as `gemm` of the wasm kernels computes it. */
export interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: Address;
  readonly b: Address;
  readonly c: Address;
  /** Whether A is `[k, m]`. */
  readonly transposeA?: boolean;
  /** Whether B is `[n, k]`. */
  readonly transposeB?: boolean;
  /** Added to every row, unless 0. */
  readonly bias?: Address;
  readonly relu?: boolean;
  /** Whether to add to C. */
  readonly accumulate?: boolean;
}

/** Multiplications below which a product is not worth a second thread. */
const SMALLEST_SHARED_PRODUCT = 4e5;

/** Columns that products compute at once: ours, and a BLAS with vectors of 16 numbers. */
const GEMM_COLUMNS = 8, BLAS_COLUMNS = 16;

/** The parts of a product that threads compute: rows, or columns where there are more of those. */
function partsOf({ m, n, k }: Product, most: number, multiple: number): [Range, Range][] {
  const count = m * n * k < SMALLEST_SHARED_PRODUCT ? 1 : most;
  return m > n
    ? rangesOf(m, count, 4).map((rows) => [rows, [0, n]])
    : rangesOf(n, count, multiple).map((range) => [[0, m], range]);
}

/** What computes products. */
interface Multipliers {
  readonly kernels: WasmKernels;
  /** Where the kernel of a part packs its operands. */
  readonly workspace: (part: number) => Address;
  readonly inParts: WasmRuntime["inParts"];
  readonly threads: Threads | undefined;
  readonly blas: Blas | undefined;
}

/** Opens the products: answers what computes one. */
export function multiplier(
  { kernels, workspace, inParts, threads, blas }: Multipliers,
): (product: Product) => void {
  function multiplyByBlas(blas: Blas, product: Product): void {
    const { m, n, k, a, b, c, transposeA, transposeB, bias = 0, relu, accumulate } = product;
    const lda = transposeA ? m : k, ldb = transposeB ? k : n;
    const parts = partsOf(product, threads?.hasBlas ? threads.count : 1, BLAS_COLUMNS).map((
      [[m0, m1], [n0, n1]],
    ) =>
      blas.argumentsOf(
        ...[m1 - m0, n1 - n0, k] as const,
        ...[a + 4 * (transposeA ? m0 : m0 * lda), lda, !!transposeA] as const,
        ...[b + 4 * (transposeB ? n0 * ldb : n0), ldb, !!transposeB] as const,
        ...[c + 4 * (m0 * n + n0), n, !!accumulate] as const,
      )
    );
    if (parts.length === 1) blas.gemm(parts[0]!);
    else threads!.run(SGEMM, parts);
    if (bias !== 0) addBias({ x: c, rows: m, columns: n, bias, relu: !!relu }, inParts);
  }

  return (product) => {
    const { m, n, k, a, b, c, transposeA, transposeB, bias = 0, relu, accumulate } = product;
    if (m * n === 0) return;
    if (blas !== undefined && (bias !== 0 || !relu) && k > 0) return multiplyByBlas(blas, product);
    const lda = transposeA ? m : k, ldb = transposeB ? k : n;
    const flags = (accumulate ? GEMM.accumulate : 0) | (bias !== 0 ? GEMM.bias : 0) |
      (relu ? GEMM.relu : 0);
    const [tA, tB] = [Number(!!transposeA), Number(!!transposeB)];
    const parts = partsOf(product, threads?.count ?? 1, GEMM_COLUMNS).map((
      [[m0, m1], [n0, n1]],
      part,
    ): KernelArguments<"gemm"> => {
      const rows = a + 4 * (transposeA ? m0 : m0 * lda), out = c + 4 * m0 * n;
      return [m1 - m0, n0, n1, k, rows, lda, tA, b, ldb, tB, out, n, flags, bias, workspace(part)];
    });
    if (parts.length === 1) kernels.gemm(...parts[0]!);
    else threads!.run("gemm", parts);
  };
}
