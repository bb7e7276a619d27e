/**
 * Elbo's own WebAssembly: the functions of its module, which work on the heap of TensorFlow.js.
 *
 * @module
 */

/** A place on the heap: a byte offset, aligned to 4. */
export type Address = number;

/** What {@linkcode WasmKernels.gemm} does with the product. */
export const GEMM = { accumulate: 1, bias: 2, relu: 4 } as const;

/** What follows {@linkcode WasmKernels.addBias}: nothing, or max(·, 0). */
export const ACTIVATION = { linear: 0, relu: 1 } as const;

/** Some pictures `[H, W, C]`, one after the other. */
export type Pictures = [images: number, height: number, width: number, channels: number];

/** Where the patches of a convolution lie; dilation is the distance between two taps. */
export type Geometry = [
  kernelHeight: number,
  kernelWidth: number,
  strideHeight: number,
  strideWidth: number,
  dilationHeight: number,
  dilationWidth: number,
  padTop: number,
  padLeft: number,
  outHeight: number,
  outWidth: number,
];

/**
 * The functions of the module. All numbers are float32 in row-major order; counts are elements, not
 * bytes. Every function writes its outputs whole unless it says that it adds to them, keeps nothing,
 * and gives the same bits however the caller splits its rows (or columns, where it takes a range)
 * into parts, so that parts may run on several threads.
 */
export interface WasmKernels {
  /** Bytes of workspace that one part of `gemm` needs, aligned to 16. */
  readonly gemmWorkspace: () => number;
  /**
   * Columns n0 … n1 of C[m, n] = op(A)·op(B), with op the transpose where `transposeA`/`transposeB`
   * is 1, leading dimensions `lda`, `ldb`, `ldc` in elements, and flags of {@linkcode GEMM}. The bias
   * has n elements.
   */
  readonly gemm: (
    m: number,
    n0: number,
    n1: number,
    k: number,
    a: Address,
    lda: number,
    transposeA: number,
    b: Address,
    ldb: number,
    transposeB: number,
    c: Address,
    ldc: number,
    flags: number,
    bias: Address,
    workspace: Address,
  ) => void;
  /**
   * One step of Adam in place, with rate = α/(1 − β₁ᵗ) and correction = 1/(1 − β₂ᵗ):
   * m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², p ← p − rate·m/(√(v·correction) + ε).
   * Answers a number that is finite only if all p were finite beforehand.
   */
  readonly adam: (
    p: Address,
    m: Address,
    v: Address,
    g: Address,
    size: number,
    beta1: number,
    beta2: number,
    rate: number,
    correction: number,
    epsilon: number,
  ) => number;
  /** y = eˣ, 0 and ∞ at the ends as in float32, NaN for NaN. */
  readonly exp: (x: Address, y: Address, size: number) => void;
  /** y = 1/(1 + e⁻ˣ). */
  readonly sigmoid: (x: Address, y: Address, size: number) => void;
  /** y = log(1 + eˣ) + offset; without it x for large x and eˣ for very negative ones. */
  readonly softplus: (x: Address, y: Address, size: number, offset: number) => void;
  /** dx = dy·sigmoid(x). */
  readonly softplusGradient: (x: Address, dy: Address, dx: Address, size: number) => void;
  /** y = tanh x. */
  readonly tanh: (x: Address, y: Address, size: number) => void;
  /** y[r] = Σ_c x[r, c], with an error that hardly grows with the number of columns. */
  readonly sumRows: (x: Address, rows: number, columns: number, y: Address) => void;
  /** y[c] = Σ_r x[r, c] for columns c0 … c1, with an error that hardly grows with the rows. */
  readonly sumColumns: (
    x: Address,
    rows: number,
    columns: number,
    c0: number,
    c1: number,
    y: Address,
  ) => void;
  /** y[r, c] = activation(x[r, c] + bias[c]); y may be x. */
  readonly addBias: (
    x: Address,
    rows: number,
    columns: number,
    bias: Address,
    activation: number,
    y: Address,
  ) => void;
  /**
   * The way back through bias and activation, for columns c0 … c1: dx = dy where the activation is
   * linear (then nothing is written to dx) or y > 0, else 0; dbias[c] = Σ_r dx[r, c], with an error
   * that hardly grows with the rows.
   */
  readonly addBiasGradient: (
    dy: Address,
    y: Address,
    rows: number,
    columns: number,
    c0: number,
    c1: number,
    activation: number,
    dx: Address,
    dbias: Address,
  ) => void;
  /** y[r] = Σ_c x[r, c]·ℓ[r, c] − softplus(ℓ[r, c]). */
  readonly bernoulliLogProb: (
    logits: Address,
    x: Address,
    rows: number,
    columns: number,
    y: Address,
  ) => void;
  /** dℓ[r, c] = dy[r]·(x[r, c] − sigmoid(ℓ[r, c])). */
  readonly bernoulliLogProbGradient: (
    logits: Address,
    x: Address,
    dy: Address,
    rows: number,
    columns: number,
    dlogits: Address,
  ) => void;
  /**
   * y[r] = Σ_c −½((x − μ)/σ)² − log σ − ½ log 2π; σ is one number where `shared` is 1, else as large
   * as μ.
   */
  readonly normalLogProb: (
    mean: Address,
    scale: Address,
    shared: number,
    x: Address,
    rows: number,
    columns: number,
    y: Address,
  ) => void;
  /**
   * dμ = dy·(x − μ)/σ², and dσ = dy·(((x − μ)/σ)² − 1)/σ: for every element, or, where σ is shared,
   * one sum for each row.
   */
  readonly normalLogProbGradient: (
    mean: Address,
    scale: Address,
    shared: number,
    x: Address,
    dy: Address,
    rows: number,
    columns: number,
    dmean: Address,
    dscale: Address,
  ) => void;
  /** z[s, i] = μ[i] + σ[i]·ε[s, i] for `size` elements of each sample. */
  readonly reparameterize: (
    mean: Address,
    scale: Address,
    noise: Address,
    samples: number,
    size: number,
    z: Address,
  ) => void;
  /** dμ[i] = Σ_s dz[s, i] and dσ[i] = Σ_s dz[s, i]·ε[s, i]. */
  readonly reparameterizeGradient: (
    dz: Address,
    noise: Address,
    samples: number,
    size: number,
    dmean: Address,
    dscale: Address,
  ) => void;
  /** factors = ½(μ² + σ² − 1 − log σ²), and nats[r] their sum over the columns. */
  readonly normalKl: (
    mean: Address,
    scale: Address,
    rows: number,
    columns: number,
    factors: Address,
    nats: Address,
  ) => void;
  /** dμ = (dfactors + dnats[r])·μ and dσ = (dfactors + dnats[r])·(σ − 1/σ). */
  readonly normalKlGradient: (
    mean: Address,
    scale: Address,
    dfactors: Address,
    dnats: Address,
    rows: number,
    columns: number,
    dmean: Address,
    dscale: Address,
  ) => void;
  /**
   * Patches of pictures `[H, W, C]` as rows `[images·OH·OW, KH·KW·C]`, zeros outside.
   */
  readonly im2col: (
    ...numbers: [x: Address, ...Pictures, ...Geometry, columns: Address]
  ) => void;
  /** The transpose of `im2col`: adds all patches up into pictures (which it clears first). */
  readonly col2im: (
    ...numbers: [columns: Address, ...Pictures, ...Geometry, x: Address]
  ) => void;
  /**
   * Depthwise convolution of `images` pictures: y[…, c·M + q] = Σ x[…, c]·w[…, c, q] with filter
   * `[KH, KW, C, M]`.
   */
  readonly depthwise: (
    ...numbers: [
      x: Address,
      filter: Address,
      ...Pictures,
      multiplier: number,
      ...Geometry,
      y: Address,
    ]
  ) => void;
  /** The gradient of `depthwise` by its pictures, which are cleared first. */
  readonly depthwiseInputGradient: (
    ...numbers: [
      dy: Address,
      filter: Address,
      ...Pictures,
      multiplier: number,
      ...Geometry,
      dx: Address,
    ]
  ) => void;
  /** The gradient of `depthwise` by its filter `[KH, KW, C, M]`, which is cleared first. */
  readonly depthwiseFilterGradient: (
    ...numbers: [
      x: Address,
      dy: Address,
      ...Pictures,
      multiplier: number,
      ...Geometry,
      dfilter: Address,
    ]
  ) => void;
  /** y[ids[i], :] += x[i, :] after y was cleared; an id outside 0 … segments − 1 is left out. */
  readonly segmentSum: (
    x: Address,
    ids: Address,
    rows: number,
    columns: number,
    segments: number,
    y: Address,
  ) => void;
  /**
   * Standard normal noise, elements `from` (even) … `from` + `size` − 1 of the key of a seed: the
   * words of Threefry-2×32-20 by Box and Muller, as `normalNoise` of core/random.ts makes it.
   */
  readonly normalNoise: (
    z: Address,
    size: number,
    key0: number,
    key1: number,
    from: number,
  ) => void;
}

/** The name of a function of the module. */
export type KernelName = keyof WasmKernels;

/** What a function of the module takes. */
export type KernelArguments<N extends KernelName> = Parameters<WasmKernels[N]>;

/** The module, on some heap. */
export interface LoadedKernels {
  /** Its functions. */
  readonly kernels: WasmKernels;
  /** What another thread instantiates on the same heap. */
  readonly module: WebAssembly.Module;
  /** Whether it was built with relaxed SIMD, whose fused multiply-add makes products faster. */
  readonly relaxedSimd: boolean;
}
