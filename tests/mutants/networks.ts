/**
 * Wrong networks.
 *
 * @module
 */
import type { Context } from "../../core/context.ts";
import { tf } from "../../core/deps.ts";
import { glorotUniform, type Initializer, zeros } from "../../core/initializers.ts";
import type { AnyNetwork } from "../../core/network.ts";
import { stopGradient } from "../../core/operations/stop_gradient.ts";
import type { Scope } from "../../core/scope.ts";
import { type Heads, type Outputs, type Shape, sizeOf, type Tensor } from "../../core/types.ts";
import { type NetworkLawOptions, networkLaws } from "../laws/mod.ts";
import type { Mutant, Suite } from "./mutant.ts";

/** What a network of one hidden layer is made of. */
interface NetworkPieces {
  /** What the layer sees of the input and the condition: `[B, inputs]`. */
  readonly features: (x: Tensor, condition: Tensor | undefined) => Tensor;
  /** The first values of its kernels. */
  readonly initial: Initializer;
  /** What follows the hidden layer. */
  readonly activation: (x: Tensor, context: Context) => Tensor;
  /** How a weight is read. */
  readonly read: (weight: Tensor, path: string) => Tensor;
  /** What is said of the answer in other words. */
  readonly spoil: (sound: Outputs<Heads>, x: Tensor) => Outputs<Heads>;
  /** The scope that it is built in. */
  readonly scope: (given: Scope) => Scope;
}

const flatten = (x: Tensor): Tensor => tf.reshape(x, [x.shape[0]!, -1]);

const HIDDEN = 5;

/** A network of one hidden layer with some pieces replaced. */
export function networkWith(pieces: Partial<NetworkPieces>): AnyNetwork {
  const { initial = glorotUniform, activation = (x) => tf.tanh(x), read = (weight) => weight } =
    pieces;
  const features = pieces.features ??
    ((x, condition) =>
      condition === undefined ? flatten(x) : tf.concat([flatten(x), flatten(condition)], 1));

  const dense = (scope: Scope, name: string, inputs: number, outputs: number) => {
    const kernel = scope.weight(`${name}/kernel`, [inputs, outputs], initial);
    const bias = scope.weight(`${name}/bias`, [outputs], zeros);
    return (x: Tensor): Tensor => {
      const weights = read(kernel(), `${name}/kernel`) as tf.Tensor2D;
      return tf.add(tf.matMul(x as tf.Tensor2D, weights), read(bias(), `${name}/bias`));
    };
  };

  return {
    kind: "network",
    name: "mutant",
    options: {},
    build: (given, { input, heads }) => {
      const scope = pieces.scope?.(given) ?? given;
      const inputs = sizeOf(input) + (scope.condition ? sizeOf(scope.condition) : 0);
      const hidden = dense(scope, "hidden", inputs, HIDDEN);
      const layers = Object.entries<Shape>(heads).map(([name, shape]) =>
        [name, shape, dense(scope, name, HIDDEN, sizeOf(shape))] as const
      );
      return (x, context) => {
        const seen = activation(hidden(features(x, context.condition)), context);
        const outputs = Object.fromEntries(
          layers.map(([name, shape, layer]) => [name, tf.reshape(layer(seen), [-1, ...shape])]),
        );
        return (pieces.spoil?.(outputs, x) ?? outputs) as never;
      };
    },
  };
}

const CONDITION: NetworkLawOptions = { condition: [2] };

const network = (
  bug: string,
  pieces: Partial<NetworkPieces>,
  options: NetworkLawOptions = CONDITION,
): Mutant => ({
  bug: `network: ${bug}`,
  laws: () => networkLaws(networkWith(pieces), options),
});

/** The same operation on every output. */
const each = (outputs: Outputs<Heads>, f: (output: Tensor) => Tensor): Outputs<Heads> =>
  Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, f(output)]));

/** tanh with a gradient of one's own, for y = tanh x. */
function tanhWith(gradient: (upstream: Tensor, y: Tensor) => Tensor): (x: Tensor) => Tensor {
  const tanh = tf.customGrad((x, save) => {
    const y = tf.tanh(x as Tensor);
    (save as tf.GradSaveFunc)([y]);
    return { value: y, gradFunc: (upstream: Tensor, [y]: Tensor[]) => gradient(upstream, y!) };
  });
  return (x) => tanh(x);
}

let calls = 0;
const standing = new Map<Tensor, Tensor>();

const mutants: readonly Mutant[] = [
  network("the mean over the batch is subtracted", {
    spoil: (outputs) => each(outputs, (output) => tf.sub(output, tf.mean(output, 0))),
  }),
  network("batch normalization by the statistics of the batch", {
    activation: (x) => {
      const { mean, variance } = tf.moments(x, 0);
      return tf.tanh(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-3))));
    },
  }),
  network("softmax over the batch, not over the features", {
    activation: (x) => tf.transpose(tf.softmax(tf.transpose(x))),
  }),
  network("no gradient by a bias", {
    read: (weight, path) => path === "hidden/bias" ? stopGradient(weight) : weight,
  }),
  network("no gradient by the kernel of a head", {
    read: (weight, path) => path === "mean/kernel" ? stopGradient(weight) : weight,
  }),
  network("no gradient by the input", {
    features: (x, condition) => tf.concat([stopGradient(flatten(x)), flatten(condition!)], 1),
  }),
  network("no gradient by the condition", {
    features: (x, condition) => tf.concat([flatten(x), stopGradient(flatten(condition!))], 1),
  }),
  network("the gradient is clipped on the way back", {
    activation: tanhWith((upstream, y) =>
      tf.mul(tf.clipByValue(upstream, -0.1, 0.1), tf.sub(1, tf.square(y)))
    ),
  }),
  network("the gradient of tanh is that of the sigmoid", {
    activation: tanhWith((upstream, y) => tf.mul(upstream, tf.mul(y, tf.sub(1, y)))),
  }),
  network("a head is forgotten", { spoil: ({ mean }) => ({ mean: mean! }) }),
  network("a head is called otherwise", {
    spoil: ({ mean, rawScale }) => ({ mean: mean!, scale: rawScale! }),
  }),
  network("the heads are swapped in shape", {
    spoil: (outputs) => each(outputs, (output) => tf.transpose(output)),
  }),
  network("heads of several axes stay flat", { spoil: (outputs) => each(outputs, flatten) }, {
    heads: { logits: [2, 3] },
  }),
  network("heads of several axes have them in another order", {
    spoil: (outputs) => each(outputs, (output) => tf.transpose(output, [0, 2, 1])),
  }, { heads: { logits: [2, 3] } }),
  network("an input of several axes is not flattened", { features: (x) => x }, {
    input: [2, 3],
  }),
  network("the rows are answered in reverse", {
    spoil: (outputs) => each(outputs, (output) => tf.reverse(output, 0)),
  }),
  network("the answer has the batch of the first row", {
    spoil: (outputs) => each(outputs, (output) => tf.slice(output, 0, 1)),
  }),
  network("the condition is ignored", {
    features: (x, condition) => tf.concat([flatten(x), tf.zerosLike(flatten(condition!))], 1),
  }),
  network("the condition is that of the first row", {
    features: (x, condition) => {
      const first = tf.slice(flatten(condition!), 0, 1);
      return tf.concat([flatten(x), tf.tile(first, [x.shape[0]!, 1])], 1);
    },
  }),
  network("the condition is averaged over the batch", {
    features: (x, condition) => {
      const mean = tf.mean(flatten(condition!), 0, true);
      return tf.concat([flatten(x), tf.tile(mean, [x.shape[0]!, 1])], 1);
    },
  }),
  network("dropout also at rest", { activation: (x) => tf.dropout(tf.tanh(x), 0.5) }),
  network("noise on the features also at rest", {
    activation: (x) => tf.tanh(tf.add(x, tf.randomNormal(x.shape))),
  }),
  network("it counts its calls", { activation: (x) => tf.tanh(tf.add(x, 0.1 * (calls++ % 7))) }),
  network("exp as activation, which overflows", { activation: (x) => tf.exp(x) }),
  network("softmax without the maximum subtracted", {
    activation: (x) => tf.div(tf.exp(x), tf.sum(tf.exp(x), -1, true)),
  }),
  network("log-cosh by way of cosh, which overflows", { activation: (x) => tf.log(tf.cosh(x)) }),
  network("a norm whose gradient at 0 is NaN", {
    activation: (x) => tf.tanh(tf.add(x, tf.norm(tf.relu(x), 2, 1, true))),
  }),
  network("its first weights come from Math.random", {
    initial: (shape) => tf.randomUniform([...shape], -0.5, 0.5, "float32", Math.random()),
  }),
  network("its first weights come from a counter", {
    initial: (shape) => tf.fill([...shape], 0.1 * (calls++ % 7)),
  }),
  network("a tensor is kept for ever", { activation: (x) => tf.keep(tf.tanh(x)) }),
  network("it remembers every input", {
    activation: (x) => {
      standing.set(x, tf.keep(tf.clone(x)));
      return tf.tanh(x);
    },
  }),
  network("it disposes its input", {
    spoil: (outputs, x) => {
      x.dispose();
      return outputs;
    },
  }),
  network("two weights of one name", {
    scope: (scope) => ({
      ...scope,
      weight: (name, ...rest) => scope.weight(name.replace("rawScale", "mean"), ...rest),
    }),
  }),
  network("1 % off on wasm", {
    activation: (x) => tf.mul(tf.tanh(x), tf.getBackend() === "wasm" ? 1.01 : 1),
  }),
];

/** Wrong networks. */
export const networks: Suite = {
  name: "networks",
  sound: [
    { name: "network", laws: () => networkLaws(networkWith({})) },
    { name: "network with a condition", laws: () => networkLaws(networkWith({}), CONDITION) },
    {
      name: "network of several axes",
      laws: () => networkLaws(networkWith({}), { input: [2, 3], heads: { logits: [2, 3] } }),
    },
  ],
  mutants,
};
