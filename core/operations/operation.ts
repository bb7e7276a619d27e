/**
 * Operations that have a definition in ordinary TensorFlow.js operations, and kernels which do the
 * same in one launch on the backends that have them.
 *
 * The definition is the truth: it runs on every backend, and every kernel is tested against it.
 *
 * @module
 */
import { tf } from "../deps.ts";
import type { Tensor } from "../types.ts";

/** The tensors that an operation takes, by name. */
export type Inputs = Readonly<Record<string, Tensor>>;

/** What an operation answers: one tensor or several. */
export type Answer = Tensor | readonly (Tensor | undefined)[];

/** The upstream gradient of every tensor of an answer. */
export type Upstream<O extends Answer> = O extends Tensor ? Tensor
  : { readonly [i in keyof O]: Tensor };

/** What an operation is made of. */
export interface OperationParts<I extends Inputs, A extends object, O extends Answer> {
  /** The name under which backends register a kernel for it. */
  readonly name: string;
  /** What it computes, in ordinary operations. */
  readonly define: (inputs: I, attributes: A) => O;
  /** Whether the kernels are made for these inputs of float32; always unless told. */
  readonly fits?: (inputs: I, attributes: A) => boolean;
  /** The inputs that the gradient reads, and whether it reads the answer too. */
  readonly saves: {
    readonly inputs: readonly (keyof I & string)[];
    readonly answer?: (attributes: A) => boolean;
  };
  /**
   * The gradients by the inputs, where a kernel computed the answer. What several of them need is
   * computed at once: a tensor that one of the functions makes beside its answer ends with it.
   */
  readonly gradient: (
    upstream: Upstream<O>,
    saved: I & { readonly answer: Tensor },
    attributes: A,
  ) => { readonly [input in keyof I]: () => Tensor };
}

/** Runs a kernel of the backend in use. */
export function launch<O extends Answer>(
  name: string,
  inputs: Inputs | readonly Tensor[],
  attributes: object = {},
): O {
  return tf.engine().runKernel(
    name,
    inputs as unknown as tf.NamedTensorMap,
    attributes as tf.NamedAttrMap,
  ) as unknown as O;
}

/** Whether the backend in use has a kernel of this name. */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined;
}

/**
 * The same data as another tensor, which ends with the tape that it is put on. TensorFlow.js takes a
 * launch of `Identity` and a node of the tape for it: 18 of the 59 launches of a small model's step.
 */
function share(tensor: Tensor): Tensor {
  const engine = tf.engine();
  engine.backend.incRef(tensor.dataId);
  return engine.keep(engine.makeTensorFromTensorInfo(tensor));
}

/**
 * Makes an operation: a function that launches the kernel of the backend in use, if it has one and
 * the kernel is made for the inputs, and follows the definition otherwise.
 *
 * @param parts The definition, and the gradient for kernels.
 */
export function operation<I extends Inputs, A extends object, O extends Answer>(
  { name, define, fits = () => true, saves, gradient }: OperationParts<I, A, O>,
): (inputs: I, attributes: A) => O {
  tf.registerGradient({
    kernelName: name,
    gradFunc: (upstream, tensors, attributes) => {
      const names = [...saves.inputs, "answer"];
      const saved = Object.fromEntries(tensors.map((tensor, i) => [names[i]!, tensor]));
      return gradient(
        upstream as Upstream<O>,
        saved as I & { answer: Tensor },
        attributes as unknown as A,
      ) as unknown as ReturnType<tf.GradFunc>;
    },
  });
  return (inputs, attributes) => {
    const { gradientDepth, kernelDepth, activeTape: tape } = tf.engine().state;
    // Kernels have a first derivative only; the definition has them all.
    const nested = gradientDepth > 1;
    const floats = Object.values(inputs).every(({ dtype }) => dtype === "float32");
    if (nested || !floats || !hasKernel(name) || !fits(inputs, attributes)) {
      return define(inputs, attributes);
    }
    const answer = launch<O>(name, inputs, attributes);
    if (gradientDepth > 0 && kernelDepth === 0) { // It was put on the tape.
      const saved = saves.inputs.map((input): Tensor => inputs[input]!);
      if (saves.answer?.(attributes)) saved.push([answer].flat()[0] as Tensor);
      tape.at(-1)!.saved!.push(...saved.map(share)); // The very array that the gradient is given.
    }
    return answer;
  };
}
