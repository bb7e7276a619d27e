/**
 * Holds the kernels of the wasm backend to what the cpu backend answers, which has none of ours: there
 * an operation follows its definition.
 *
 * @module
 */
import assert from "node:assert/strict";
import { tf } from "../../core/deps.ts";
import { type Shape, sizeOf, type Tensor } from "../../core/types.ts";

/** A tensor that is yet to be made, on either backend. */
export interface Given {
  readonly shape: Shape;
  readonly values: ArrayLike<number>;
  /** @default "float32" */
  readonly dtype?: "float32" | "int32" | "bool";
}

/** Some tensors by their names. */
export type GivenInputs = Readonly<Record<string, Given>>;

/** What is held to its definition. */
export type Operation<I extends GivenInputs> = (
  inputs: { readonly [name in keyof I]: Tensor },
) => Tensor | readonly Tensor[];

/** What to look at, and how closely. */
export interface Holding {
  /** The kernel that wasm must launch; it must not where `fits` is false. */
  readonly kernel?: string;
  /** @default true */
  readonly fits?: boolean;
  /** The inputs to differentiate by: all of float32 unless told. */
  readonly by?: readonly string[];
  /** Whether to look at second derivatives too, or at those of the gradients by some inputs alone. */
  readonly second?: boolean | readonly string[];
  /** How far numbers may be apart, as a share of the largest of their tensor. @default 1e-5 */
  readonly tolerance?: number;
  /** What the largest number counts as at least, where the definition is a small difference. */
  readonly least?: number;
}

/** Below this the kernels answer 0. */
const SUBNORMAL = 2 ** -126;

/** What a backend answered, by what it is. */
type Observed = Map<string, { readonly shape: Shape; readonly values: ArrayLike<number> }>;

/** Numbers that look random, the same for the same seed. */
export function numbers(seed: number, size: number, low = -1, high = 1): Float32Array {
  let state = (Math.imul(seed, 2654435761) + 1) >>> 0;
  return Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return low + (high - low) * (state / 2 ** 32);
  });
}

/** A tensor to be made of numbers that look random. */
export function given(shape: Shape, seed: number, low = -1, high = 1): Given {
  return { shape, values: numbers(seed, sizeOf(shape), low, high) };
}

/** The names of the kernels that are launched meanwhile. */
export function kernelsOf(run: () => void): ReadonlySet<string> {
  const engine = tf.engine(), launched = new Set<string>();
  const runKernel = engine.runKernel;
  engine.runKernel = ((...call: Parameters<typeof runKernel>) => {
    launched.add(call[0]);
    return runKernel.apply(engine, call);
  }) as typeof runKernel;
  try {
    run();
  } finally {
    engine.runKernel = runKernel;
  }
  return launched;
}

/** Every choice of one or more of some things. */
function choicesOf<T>(things: readonly T[]): T[][] {
  const all = things.reduce<T[][]>((some, thing) => [...some, ...some.map((s) => [...s, thing])], [
    [],
  ]);
  return all.filter((choice) => choice.length > 0);
}

const isList = (answer: Tensor | readonly Tensor[]): answer is readonly Tensor[] =>
  Array.isArray(answer);

/** One number that every element of some tensors has its own weight in. */
function weigh(tensors: readonly Tensor[], seed: number): Tensor {
  const sums = tensors.map((tensor, i) => {
    const weights = tf.tensor(numbers(seed + i, tensor.size, 0.5, 1.5), [...tensor.shape]);
    return tf.sum(tf.mul(tensor, weights));
  });
  return sums.reduce((sum, next) => tf.add(sum, next));
}

/** What the backend in use answers: values, and derivatives by every choice of inputs. */
function observe<I extends GivenInputs>(
  operation: Operation<I>,
  inputs: I,
  { by, second = true }: Holding,
): Observed {
  const observed: Observed = new Map();
  const take = (what: string, tensor: Tensor | null | undefined): void => {
    // A gradient that does not pass and one of zeros are the same.
    const values = tensor?.dataSync() ?? [];
    observed.set(what, { shape: tensor?.shape ?? [], values: Float32Array.from(values) });
  };
  // A kernel that forgets an output leaves data without a tensor.
  const held = () => [tf.memory().numTensors, tf.backend().numDataIds()];
  const before = held();
  tf.tidy(() => {
    const tensors = Object.fromEntries(
      Object.entries(inputs).map(([name, { shape, values, dtype = "float32" }]) => [
        name,
        tf.tensor(Array.from(values), [...shape], dtype),
      ]),
    ) as { [name in keyof I]: Tensor };
    const answersOf = (some: { readonly [name in keyof I]: Tensor }): readonly Tensor[] => {
      const answer = operation(some);
      return isList(answer) ? answer : [answer];
    };
    answersOf(tensors).forEach((answer, i) => take(`answer ${i}`, answer));
    const names = by ?? Object.keys(inputs).filter((name) => tensors[name]!.dtype === "float32");
    if (names.length === 0) return;
    const derive = (f: () => Tensor, some: readonly string[]): (Tensor | null)[] =>
      tf.engine().gradients(f, some.map((name) => tensors[name]!), undefined, true)
        .grads as (Tensor | null)[];

    const once = () => weigh(answersOf(tensors), 1);
    // All else is frozen, as a layer may be.
    for (const choice of choicesOf(names)) {
      const gradients = derive(once, choice);
      choice.forEach((name, i) => take(`gradient by ${name} of ${choice}`, gradients[i]));
    }
    const twice = () => tf.add(once(), weigh(answersOf(tensors), 7));
    derive(twice, names).forEach((gradient, i) =>
      take(`gradient by ${names[i]}, used twice`, gradient)
    );
    if (!second) return;
    const slope = () => {
      const slopes = derive(once, second === true ? names : second).filter((gradient) =>
        gradient !== null
      );
      return weigh(slopes, 3);
    };
    derive(slope, names).forEach((gradient, i) => take(`second by ${names[i]}`, gradient));
  });
  assert.deepEqual(held(), before, `tensors and data that are left on ${tf.getBackend()}`);
  return observed;
}

/** Throws where numbers are further apart than a share of the largest finite one. */
export function assertAlike(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { tolerance = 1e-5, what = "the numbers", least = 0 }: {
    readonly tolerance?: number;
    readonly what?: string;
    /** What the largest number counts as at least. */
    readonly least?: number;
  } = {},
): void {
  assert.equal(actual.length, expected.length, `how many ${what} are`);
  let largest = least;
  for (let i = 0; i < expected.length; i++) {
    if (Number.isFinite(expected[i]!)) largest = Math.max(largest, Math.abs(expected[i]!));
  }
  for (let i = 0; i < expected.length; i++) {
    const a = actual[i]!, e = expected[i]!;
    const bothNaN = Number.isNaN(a) && Number.isNaN(e);
    if (a === e || bothNaN || Math.abs(a - e) <= tolerance * largest + SUBNORMAL) continue;
    assert.fail(`${what} at ${i}: actual ${a}, expected ${e}, beside at most ${largest}`);
  }
}

/** Runs the same call on cpu and then on wasm, which must have been started. */
export async function onBoth<T>(run: () => T): Promise<{ readonly cpu: T; readonly wasm: T }> {
  await tf.setBackend("cpu");
  const cpu = run();
  await tf.setBackend("wasm");
  return { cpu, wasm: run() };
}

/**
 * Holds a call of an operation on wasm to the same call on cpu: its values and its gradients, by all
 * inputs and by some, of inputs that are used twice, and those of its gradients. Nothing may be left.
 */
export async function holdsToDefinition<I extends GivenInputs>(
  operation: Operation<I>,
  inputs: I,
  holding: Holding = {},
): Promise<void> {
  const { kernel, fits = true, tolerance = 1e-5 } = holding;
  let launched: ReadonlySet<string> = new Set();
  const { cpu, wasm } = await onBoth(() => {
    let observed: Observed = new Map();
    launched = kernelsOf(() => observed = observe(operation, inputs, holding));
    return observed;
  });
  if (kernel !== undefined) {
    assert.equal(launched.has(kernel), fits, `${kernel} is launched on ${Object.keys(inputs)}`);
  }
  for (const [what, expected] of cpu) {
    const actual = wasm.get(what)!;
    assert.deepEqual(actual.shape, expected.shape, `the shape of ${what}`);
    // Where functions saturate, second derivatives are differences of numbers around 1.
    const least = Math.max(holding.least ?? 0, what.startsWith("second") ? 1 : 0);
    assertAlike(actual.values, expected.values, { tolerance, what, least });
  }
}
