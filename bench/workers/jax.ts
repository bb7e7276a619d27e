/**
 * A worker that trains the same model with jax-js on its wasm device, the step compiled by `jit`. One
 * batch is used again and again, which spares it the work of making batches.
 *
 *     jax.ts MODEL BATCH
 *
 * @module
 */
import { type JaxArray, lazy } from "../deps.ts";
import type { ModelName } from "../models.ts";
import { type Arrays, jaxModels } from "./jax_models.ts";
import { serve } from "./serve.ts";

/** Of Adam: Kingma and Ba, arXiv:1412.6980, algorithm 1. */
const RATE = 1e-3, DECAY = 0.9, SQUARE_DECAY = 0.999, EPSILON = 1e-7;

/** Another record, made of the arrays that stand under the same name. */
function together(make: (...arrays: JaxArray[]) => JaxArray, ...records: Arrays[]): Arrays {
  return Object.fromEntries(
    Object.keys(records[0]!).map((name) => [name, make(...records.map((one) => one[name]!))]),
  );
}

await serve(async () => {
  const [name, size] = Deno.args;
  const jax = await lazy.jax();
  const { jit, numpy, random, tree, valueAndGrad } = jax;
  if (!(await jax.init("wasm")).includes("wasm")) throw new Error("it has no wasm device here");
  jax.defaultDevice("wasm");
  const batch = Number(size);
  const { shape, latent, initial, loss } = jaxModels(jax)[name as ModelName];

  const average = (decay: number, of: Arrays, by: Arrays): Arrays =>
    together((a, b) => a!.mul(decay).add(b!.mul(1 - decay)), of, by);

  // Arrays are used up where they are read, except through `ref`.
  const step = jit((
    parameters: Arrays,
    means: Arrays,
    squares: Arrays,
    corrections: Arrays,
    x: JaxArray,
    noise: JaxArray,
  ) => {
    const [value, gradients] = valueAndGrad(loss)(tree.ref(parameters), x, noise);
    value.dispose();
    const m = average(DECAY, means, tree.ref(gradients));
    const v = average(SQUARE_DECAY, squares, together((g) => g!.ref.mul(g!), gradients));
    const { mean, square } = corrections;
    const next = together(
      (parameter, m, v) => {
        const width = numpy.sqrt(v!.mul(square!.ref)).add(EPSILON);
        return parameter!.sub(m!.mul(mean!.ref).mul(RATE).div(width));
      },
      parameters,
      tree.ref(m),
      tree.ref(v),
    );
    tree.dispose(corrections);
    return [next, m, v] as [Arrays, Arrays, Arrays];
  });
  const drawNoise = jit((key: JaxArray) => random.normal(key, [batch, latent]));

  let state: [Arrays, Arrays, Arrays] = [
    initial(),
    together((array) => numpy.zerosLike(array!), initial()),
    together((array) => numpy.zerosLike(array!), initial()),
  ];
  const x = numpy.round(random.uniform(random.key(0), [batch, ...shape]));
  let taken = 0;
  return {
    run: async (steps, { begin, end }) => {
      begin();
      for (let i = 0; i < steps; i++) {
        taken++;
        const corrections = {
          mean: numpy.array(1 / (1 - DECAY ** taken)),
          square: numpy.array(1 / (1 - SQUARE_DECAY ** taken)),
        };
        state = step(...state, corrections, x.ref, drawNoise(random.key(taken)));
      }
      await jax.blockUntilReady(state);
      end();
    },
  };
});
