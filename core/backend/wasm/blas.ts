/**
 * Matrix products by the system's BLAS, in place on the heap of the wasm backend, where a program
 * may load libraries (Deno with `--allow-ffi`).
 *
 * @module
 */
import type { Address } from "./kernels.ts";

/** What another thread needs to call the same library. */
export interface BlasLibrary {
  readonly path: string;
  readonly symbols: typeof SYMBOLS;
}

/** The numbers that `cblas_sgemm` takes: constants, sizes and addresses in the memory of the process. */
export type BlasArguments = readonly number[];

/** A BLAS on some heap. OpenBLAS computes on the thread that calls it, others on threads of their own. */
export interface Blas {
  /** What it is, such as "OpenBLAS 0.3.21". */
  readonly name: string;
  /** What threads load to compute parts of a product; nothing where only one may call it at a time. */
  readonly forThreads: BlasLibrary | undefined;
  /**
   * The numbers for C[m, n] = op(A)·op(B), or C + op(A)·op(B) where `accumulate` is true: float32,
   * row-major, with op the transpose where it is said, and leading dimensions in elements. They are
   * good until the heap grows.
   */
  argumentsOf(
    m: number,
    n: number,
    k: number,
    a: Address,
    lda: number,
    transposeA: boolean,
    b: Address,
    ldb: number,
    transposeB: boolean,
    c: Address,
    ldc: number,
    accumulate: boolean,
  ): BlasArguments;
  /** Computes the product of these numbers. */
  gemm(numbers: BlasArguments): void;
  /** Unloads the library; `gemm` must not be called any more. Idempotent. */
  close(): void;
}

/** The constants of CBLAS. */
const ROW_MAJOR = 101;
const AS_IT_IS = 111;
const TRANSPOSED = 112;

/** What `openblas_get_parallel` answers for a build with POSIX threads. */
const PTHREADS = 1;

// An address is passed as a number, which is faster than a pointer object and fits below 2⁵³.
const SYMBOLS = {
  cblas_sgemm: {
    // deno-fmt-ignore
    parameters: [
      "i32", "i32", "i32", "i32", "i32", "i32",
      "f32", "usize", "i32", "usize", "i32",
      "f32", "usize", "i32",
    ],
    result: "void",
  },
  openblas_set_num_threads: { parameters: ["i32"], result: "void", optional: true },
  openblas_get_config: { parameters: [], result: "pointer", optional: true },
  openblas_get_parallel: { parameters: [], result: "i32", optional: true },
} as const;

/** What of a loaded library is used here. */
interface Library {
  readonly symbols: {
    readonly cblas_sgemm: (...numbers: number[]) => void;
    readonly openblas_set_num_threads: ((count: number) => void) | null;
    readonly openblas_get_config: (() => Deno.PointerValue) | null;
    readonly openblas_get_parallel: (() => number) | null;
  };
  close(): void;
}

/** Where a BLAS may be. */
export interface BlasCandidate {
  /** A path, or a name that the system's loader finds. */
  readonly path: string;
  /** Whether it only counts if it turns out to be OpenBLAS: the reference one is slow. */
  readonly openBlasOnly: boolean;
}

/** In the order of preference. */
function knownCandidates(): readonly BlasCandidate[] {
  const { os, arch } = Deno.build;
  if (os === "darwin") {
    const path = "/System/Library/Frameworks/Accelerate.framework/Accelerate";
    return [{ path, openBlasOnly: false }];
  }
  if (os !== "linux") return [];
  const folder = `/usr/lib/${arch}-linux-gnu`;
  return [
    { path: "libopenblas.so.0", openBlasOnly: true },
    { path: `${folder}/openblas-pthread/libopenblas.so.0`, openBlasOnly: true },
    { path: `${folder}/openblas-openmp/libopenblas.so.0`, openBlasOnly: true },
    { path: "libblas.so.3", openBlasOnly: true },
  ];
}

/** "OpenBLAS 0.3.21" of what it says about its build, or the last part of the path. */
function nameOf(path: string, { openblas_get_config: config }: Library["symbols"]): string {
  const pointer = config?.() ?? null;
  if (pointer === null) return path.slice(path.lastIndexOf("/") + 1);
  return Deno.UnsafePointerView.getCString(pointer).split(" ").slice(0, 2).join(" ");
}

/** The address of the first byte of an array. */
function addressOf(bytes: Uint8Array<ArrayBufferLike>): number {
  // The type does not name shared memory, which works as well: it never moves.
  const pointer = Deno.UnsafePointer.of(bytes as Uint8Array<ArrayBuffer>);
  return Number(Deno.UnsafePointer.value(pointer));
}

class LoadedBlas implements Blas {
  readonly name: string;
  readonly forThreads: BlasLibrary | undefined;
  readonly #library: Library;
  readonly #heap: { readonly buffer: ArrayBufferLike };
  #buffer: ArrayBufferLike | undefined;
  #base = 0;
  #closed = false;

  constructor(path: string, library: Library, heap: { readonly buffer: ArrayBufferLike }) {
    this.#library = library;
    this.#heap = heap;
    this.name = nameOf(path, library.symbols);
    // Without threads, or with those of OpenMP, it may not be made for calls from several of ours.
    const mayShare = library.symbols.openblas_get_parallel?.() === PTHREADS;
    this.forThreads = mayShare ? { path, symbols: SYMBOLS } : undefined;
  }

  argumentsOf(
    m: number,
    n: number,
    k: number,
    a: Address,
    lda: number,
    transposeA: boolean,
    b: Address,
    ldb: number,
    transposeB: boolean,
    c: Address,
    ldc: number,
    accumulate: boolean,
  ): BlasArguments {
    const { buffer } = this.#heap;
    if (buffer !== this.#buffer) {
      this.#buffer = buffer; // A heap that grows may move, and has another buffer then.
      this.#base = addressOf(new Uint8Array(buffer));
    }
    const base = this.#base;
    return [
      ...[ROW_MAJOR, transposeA ? TRANSPOSED : AS_IT_IS, transposeB ? TRANSPOSED : AS_IT_IS],
      ...[m, n, k],
      ...[1, base + a, lda, base + b, ldb],
      ...[accumulate ? 1 : 0, base + c, ldc],
    ];
  }

  gemm(numbers: BlasArguments): void {
    this.#library.symbols.cblas_sgemm(...numbers);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#library.close();
  }
}

/** Holds a BLAS to products that plain JavaScript makes; answers what is wrong, if anything. */
function selfCheck(path: string, library: Library): string | undefined {
  const [m, n, k] = [3, 5, 4];
  const values = new Float32Array(64).map((_, i) => ((i * 7) % 11) - 5);
  // Integers this small are exact, whatever the order of the sums.
  for (let variant = 0; variant < 8; variant++) {
    const [transposeA, transposeB, accumulate] = [1, 2, 4].map((bit) => (variant & bit) !== 0);
    const cells = values.slice();
    const blas = new LoadedBlas(path, library, cells);
    const [a, b, c] = [0, 16, 40] as const;
    blas.gemm(blas.argumentsOf(
      ...[m, n, k] as const,
      ...[4 * a, transposeA ? m : k, transposeA!] as const,
      ...[4 * b, transposeB ? k : n, transposeB!] as const,
      ...[4 * c, n, accumulate!] as const,
    ));
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let expected = accumulate ? values[c + i * n + j]! : 0;
        for (let l = 0; l < k; l++) {
          const x = values[a + (transposeA ? l * m + i : i * k + l)]!;
          expected += x * values[b + (transposeB ? j * k + l : l * n + j)]!;
        }
        if (cells[c + i * n + j] !== expected) return "its product of small matrices is wrong";
      }
    }
  }
  return undefined;
}

const NOT_PERMITTED = "libraries may not be loaded (--allow-ffi)";

/** Options of {@linkcode openBlas}, for tests. */
export interface OpenBlasOptions {
  /** Where to look, in the order of preference. */
  readonly candidates?: readonly BlasCandidate[];
  /** What loads a library. */
  readonly loadLibrary?: typeof Deno.dlopen;
}

/** Loads one candidate, or says why not. */
function load(
  { path, openBlasOnly }: BlasCandidate,
  heap: WebAssembly.Memory,
  loadLibrary: typeof Deno.dlopen,
): Blas | string {
  if (Deno.permissions.querySync({ name: "ffi", path }).state !== "granted") return NOT_PERMITTED;
  let library: Library | undefined;
  try {
    library = loadLibrary(path, SYMBOLS) as unknown as Library;
    const openBlas = library.symbols.openblas_set_num_threads !== null;
    // Its threads would stand in the way of ours, which run the other kernels as well.
    library.symbols.openblas_set_num_threads?.(1);
    const problem = openBlasOnly && !openBlas ? "it is not OpenBLAS" : selfCheck(path, library);
    if (problem === undefined) return new LoadedBlas(path, library, heap);
    library.close();
    return problem;
  } catch (error) {
    library?.close();
    return (error as Error)?.message ?? String(error);
  }
}

/**
 * Loads the system's BLAS: OpenBLAS, or Accelerate on macOS. It is held to a few small products
 * first. Asks for no permission: what is not granted already is a reason to have none.
 *
 * @param heap The heap, shared or not, that all addresses are on.
 * @returns The BLAS, or why there is none.
 */
export function openBlas(heap: WebAssembly.Memory, options: OpenBlasOptions = {}): Blas | string {
  if (!("Deno" in globalThis)) return "libraries can be loaded in Deno only";
  const { candidates = knownCandidates(), loadLibrary = Deno.dlopen } = options;
  if (candidates.length === 0) return `there is no known BLAS on ${Deno.build.os}`;
  const reasons: string[] = [];
  for (const candidate of candidates) {
    const blas = load(candidate, heap, loadLibrary);
    if (typeof blas !== "string") return blas;
    reasons.push(blas === NOT_PERMITTED ? blas : `${candidate.path}: ${blas}`);
  }
  return [...new Set(reasons)].join("; ");
}
