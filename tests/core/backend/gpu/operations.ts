/**
 * Every operation that the GPU backends have kernels for, on shapes that fill no texture and no
 * workgroup, and at the ends of its range.
 *
 * @module
 */
import { tf } from "../../../../core/deps.ts";
import { addBias } from "../../../../core/operations/add_bias.ts";
import { bernoulliLogProb } from "../../../../core/operations/bernoulli_log_prob.ts";
import { dense } from "../../../../core/operations/dense.ts";
import { meanOfTotal } from "../../../../core/operations/mean_of_total.ts";
import { means } from "../../../../core/operations/means.ts";
import { normalKl } from "../../../../core/operations/normal_kl.ts";
import { normalLogProb } from "../../../../core/operations/normal_log_prob.ts";
import { positiveScale } from "../../../../core/operations/positive_scale.ts";
import { reparameterize } from "../../../../core/operations/reparameterize.ts";
import { type Shape, sizeOf, type Tensor } from "../../../../core/types.ts";

/** An operation on some tensors. */
export interface Case {
  readonly name: string;
  /** The tensors in order: their shapes, or their numbers. */
  readonly inputs: readonly (Shape | { readonly numbers: readonly number[] })[];
  readonly run: (inputs: Tensor[]) => Tensor | readonly Tensor[];
  /** Whether gradients pass through it; they do unless told. */
  readonly differentiable?: boolean;
}

const FAR = { numbers: [-1e4, -1000, -90, -30, -17, -7, -1e-3, 0, 1e-3, 7, 17, 30, 90, 1000, 1e4] };

/** σ from what may be any number. */
const positive = (x: Tensor): Tensor => tf.add(tf.abs(x), 0.3);

/** Layers of some sizes, after which the answer may be cut off at zero. */
function layers(): Case[] {
  return ["linear", "relu"].flatMap((name) => {
    const activation = name as "linear" | "relu";
    const sizes = [[1, 1, 1], [5, 7, 3], [33, 18, 21], [2, 130, 259]] as const;
    return [
      ...sizes.map(([rows, from, to]): Case => ({
        name: `dense ${activation} ${rows}x${from}x${to}`,
        inputs: [[rows, from], [from, to], [to]],
        run: ([x, kernel, bias]) => dense(x!, { kernel: kernel!, bias: bias!, activation }),
      })),
      ...[[3, 5], [2, 3, 5, 7], [4, 1, 1, 6], [1100, 3], [4100, 3]].map((shape): Case => ({
        name: `addBias ${activation} ${shape}`,
        inputs: [shape, [shape.at(-1)!]],
        run: ([x, bias]) => addBias(x!, { bias: bias!, activation }),
      })),
    ];
  });
}

/** Shapes `[B, …event]`, with how many axes the event has. */
const EVENTS: readonly (readonly [Shape, number])[] = [
  [[1, 1], 1],
  [[5, 7], 1],
  [[3, 1031], 1],
  [[129, 20], 1],
  [[33_000, 1], 1],
  [[3, 5, 4, 1], 3],
  [[2, 3], 0],
];

/** What is summed over events. */
function densities(): Case[] {
  return EVENTS.flatMap(([shape, axes]): Case[] => {
    const event = shape.slice(shape.length - axes), more = [1, ...shape];
    const sharing = [shape, []].map((scale): Case => ({
      name: `normalLogProb ${shape} / ${axes}, scale [${scale}]`,
      inputs: [shape, scale, more],
      run: ([mean, scale, x]) => normalLogProb({ mean: mean!, scale: positive(scale!) }, x!, event),
    }));
    return [
      {
        name: `bernoulliLogProb ${shape} / ${axes}`,
        inputs: [shape, more],
        run: ([logits, x]) => bernoulliLogProb(logits!, x!, event),
      },
      ...sharing,
      {
        name: `normalKl ${shape} / ${axes}`,
        inputs: [shape, shape],
        run: ([mean, scale]) => normalKl(mean!, positive(scale!), event),
      },
      {
        name: `normalKl ${shape} / ${axes}, of which nats alone`,
        inputs: [shape, shape],
        run: ([mean, scale]) => normalKl(mean!, positive(scale!), event)[1],
      },
    ];
  });
}

/** Draws, of one sample and several. */
function draws(): Case[] {
  return [[1, 1, 1], [1, 5, 7], [3, 5, 7], [2, 4, 20], [3, 2, 3, 4, 1]].map((shape): Case => ({
    name: `reparameterize ${shape}`,
    inputs: [shape.slice(1), shape.slice(1)],
    run: ([mean, scale]) => reparameterize(mean!, scale!, tf.tensor(wave(shape, 9), [...shape])),
  }));
}

/**
 * TensorFlow.js's products over an odd axis, of factors that its own operations made on the device
 * (large enough for no backend to leave them to the host).
 */
function products(): Case[] {
  const more = (x: Tensor): Tensor => tf.add(tf.exp(x), 0.5);
  return [
    ...[[false, false], [true, false], [false, true], [true, true]].map(([a, b]): Case => ({
      name: `matMul over 33${a ? ", first transposed" : ""}${b ? ", second transposed" : ""}`,
      inputs: [a ? [33, 21] : [21, 33], b ? [19, 33] : [33, 19]],
      run: ([x, y]) => tf.matMul(more(x!), more(y!), a, b),
    })),
    {
      name: "two dense layers by way of 33",
      inputs: [[21, 6], [6, 33], [33], [33, 19], [19]],
      run: ([x, first, bias, second, last]) => {
        const hidden = dense(x!, { kernel: more(first!), bias: bias!, activation: "relu" });
        return dense(hidden, { kernel: more(second!), bias: last! });
      },
    },
    ...[1, 3].flatMap((size): Case[] => [
      {
        name: `conv2d of 5 channels, filters of ${size}`,
        inputs: [[3, 5, 7, 5], [size, size, 5, 30]],
        run: ([x, filter]) =>
          tf.conv2d(more(x!) as tf.Tensor4D, more(filter!) as tf.Tensor4D, 1, "same"),
      },
      {
        name: `conv2dTranspose of 5 channels, filters of ${size}`,
        inputs: [[3, 5, 7, 5], [size, size, 30, 5]],
        run: ([x, filter]) =>
          tf.conv2dTranspose(
            more(x!) as tf.Tensor4D,
            more(filter!) as tf.Tensor4D,
            [3, 5, 7, 30],
            1,
            "same",
          ),
      },
    ]),
  ];
}

const SIZES: readonly Shape[] = [[], [1], [7], [128], [5, 7], [128, 20], [101, 333], [2, 3, 5, 7]];

/** All of them. */
export const CASES: readonly Case[] = [
  ...layers(),
  ...densities(),
  ...draws(),
  ...products(),
  ...[[], [1], [7], [5, 7], [2, 3, 5, 7]].map((shape): Case => ({
    name: `positiveScale [${shape}]`,
    inputs: [shape],
    run: ([raw]) => positiveScale(raw!),
  })),
  { name: "positiveScale far out", inputs: [FAR], run: ([raw]) => positiveScale(raw!) },
  {
    name: "bernoulliLogProb far out",
    inputs: [FAR],
    run: ([logits]) => bernoulliLogProb(tf.reshape(logits!, [15, 1]), tf.ones([1, 15, 1]), [1]),
  },
  {
    // Large enough for no backend to leave it to the host.
    name: "sum of comparisons over the first axis",
    inputs: [[50, 7, 5]],
    run: ([x]) => tf.sum(tf.cast(tf.greater(x!, 0), "float32"), 0),
    differentiable: false,
  },
  ...[1, 3, 8, 20].map((count): Case => ({
    name: `means of ${count}`,
    inputs: Array.from({ length: count }, (_, i) => SIZES[i % SIZES.length]!),
    run: means,
    differentiable: false,
  })),
  ...[[[5]], [[130], []], [[130], [130], [130]], [[], []], Array(9).fill([33])].map((
    columns,
  ): Case => ({
    name: `meanOfTotal ${columns.map((shape) => `[${shape}]`)}`,
    inputs: columns,
    run: meanOfTotal,
  })),
];

/** Numbers without a pattern, the same everywhere. */
export function wave(shape: Shape, phase: number): Float32Array {
  return Float32Array.from({ length: sizeOf(shape) }, (_, i) => 2 * Math.sin(12.9 * i + phase));
}

/** The answers of a case on the backend in use, and the gradients by its inputs. */
export async function answersOf({ inputs, run, differentiable = true }: Case): Promise<number[][]> {
  const before = tf.memory().numTensors;
  const tensors = tf.tidy(() => {
    const given = inputs.map((input, i): Tensor =>
      "numbers" in input ? tf.tensor1d([...input.numbers]) : tf.tensor(wave(input, i), [...input])
    );
    const listed = (answer: Tensor | readonly Tensor[]): Tensor[] =>
      answer instanceof tf.Tensor ? [answer] : [...answer as readonly Tensor[]];
    const answers = listed(run(given));
    if (!differentiable) return answers;
    const weighted = (...tensors: Tensor[]): Tensor =>
      listed(run(tensors))
        .map((answer, i) =>
          tf.sum(tf.mul(answer, tf.tensor(wave(answer.shape, 5 + i), answer.shape)))
        )
        .reduce((sum, term) => tf.add(sum, term));
    return [...answers, ...tf.grads(weighted)(given)];
  });
  const numbers = [];
  for (const tensor of tensors) numbers.push([...await tensor.data()]);
  tf.dispose(tensors);
  const left = tf.memory().numTensors - before;
  if (left !== 0) throw new Error(`${left} tensors are left`);
  return numbers;
}
