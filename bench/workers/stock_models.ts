/**
 * The models in the plain operations of TensorFlow.js.
 *
 * @module
 */
import type { tf as TensorFlow } from "../../core/tf.ts";
import type { ModelName } from "../models.ts";

type Tensor = TensorFlow.Tensor;

/** A model whose variables are made when its batch size is known. */
interface StockModel {
  /** One datum. */
  readonly shape: readonly number[];
  /** −ELBO of a batch in nats per datum. */
  readonly loss: (batch: number) => (x: Tensor) => TensorFlow.Scalar;
}

/** Every model by its name. */
export function stockModels(tf: typeof TensorFlow): Record<ModelName, StockModel> {
  /** A variable between ±√(6 / (in + out)), after Glorot and Bengio. */
  function weight(shape: number[], fanIn: number, fanOut: number): TensorFlow.Variable {
    const limit = Math.sqrt(6 / (fanIn + fanOut));
    return tf.variable(tf.randomUniform(shape, -limit, limit));
  }

  function dense(inputs: number, outputs: number): (x: Tensor) => Tensor {
    const kernel = weight([inputs, outputs], inputs, outputs);
    const bias = tf.variable(tf.zeros([outputs]));
    return (x) => tf.add(tf.matMul(x, kernel), bias);
  }

  /** The kernel of a 3 × 3 convolution, or of one transposed, with a bias for what comes out. */
  function convolution(inputs: number, outputs: number, channels: number) {
    const kernel = weight([3, 3, inputs, outputs], 9 * inputs, 9 * outputs) as TensorFlow.Tensor4D;
    return { kernel, bias: tf.variable(tf.zeros([channels])) };
  }

  /** −ELBO, where z = μ + σ·ε and p(x|z) is Bernoulli. */
  function negativeElbo(
    x: Tensor,
    [mean, logVariance]: readonly [Tensor, Tensor],
    decode: (z: Tensor) => Tensor,
  ): TensorFlow.Scalar {
    const noise = tf.randomNormal(mean.shape);
    const logits = decode(tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise)));
    const flat = tf.reshape(x, logits.shape);
    const reconstruction = tf.sum(tf.sub(tf.softplus(logits), tf.mul(flat, logits)), 1);
    const both = tf.add(tf.square(mean), tf.exp(logVariance));
    const kl = tf.mul(-0.5, tf.sum(tf.sub(tf.add(1, logVariance), both), 1));
    return tf.mean(tf.add(reconstruction, kl));
  }

  function mlp(): (x: Tensor) => TensorFlow.Scalar {
    const hidden = dense(784, 400), mean = dense(400, 20), logVariance = dense(400, 20);
    const back = dense(20, 400), logits = dense(400, 784);
    return (x) => {
      const h = tf.relu(hidden(x));
      return negativeElbo(x, [mean(h), logVariance(h)], (z) => logits(tf.relu(back(z))));
    };
  }

  function conv(batch: number): (x: Tensor) => TensorFlow.Scalar {
    const first = convolution(1, 32, 32), second = convolution(32, 64, 64);
    const hidden = dense(3136, 16), mean = dense(16, 16), logVariance = dense(16, 16);
    const back = dense(16, 16), wide = dense(16, 3136);
    const third = convolution(32, 64, 32), fourth = convolution(1, 32, 1);

    function down(x: Tensor, { kernel, bias }: ReturnType<typeof convolution>): Tensor {
      return tf.relu(tf.add(tf.conv2d(x as TensorFlow.Tensor4D, kernel, 2, "same"), bias));
    }
    function up(x: Tensor, { kernel, bias }: ReturnType<typeof convolution>, size: number): Tensor {
      const shape: [number, number, number, number] = [batch, size, size, kernel.shape[2]];
      return tf.add(
        tf.conv2dTranspose(x as TensorFlow.Tensor4D, kernel, shape, 2, "same"),
        bias,
      );
    }
    function decode(z: Tensor): Tensor {
      const small = tf.reshape(tf.relu(wide(tf.relu(back(z)))), [batch, 7, 7, 64]);
      return tf.reshape(up(tf.relu(up(small, third, 14)), fourth, 28), [batch, 784]);
    }
    return (x) => {
      const h = tf.relu(hidden(tf.reshape(down(down(x, first), second), [batch, 3136])));
      return negativeElbo(x, [mean(h), logVariance(h)], decode);
    };
  }

  return {
    mlp: { shape: [784], loss: mlp },
    conv: { shape: [28, 28, 1], loss: conv },
  };
}
