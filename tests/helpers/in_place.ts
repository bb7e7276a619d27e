/**
 * A network outside of a model.
 *
 * @module
 */
import type { Context } from "../../core/context.ts";
import { tf } from "../../core/deps.ts";
import { normalNoise, seed } from "../../core/random.ts";
import { openParameters } from "../../core/scope.ts";
import type { Heads, Outputs, Shape, Tensor, Variable } from "../../core/types.ts";
import type { AnyNetwork } from "../../mod.ts";

/** What a network is built for. */
export interface Place<H extends Heads> {
  readonly input: Shape;
  readonly heads: H;
  readonly condition?: Shape;
}

/** A network that was built, and its weights by their paths. */
export interface BuiltNetwork<H extends Heads> {
  readonly run: (x: Tensor, context: Context) => Outputs<H>;
  readonly variables: ReadonlyMap<string, Variable>;
}

/** Builds a network in its place, and lets go of its weights when a check is over. */
export async function inPlace<H extends Heads>(
  network: AnyNetwork,
  { input, heads, condition }: Place<H>,
  check: (built: BuiltNetwork<H>) => void | Promise<void> = () => {},
): Promise<void> {
  const shapes = { data: [1], latent: [1], support: "real", condition } as const;
  const { scope, variables } = openParameters(shapes, seed(0));
  try {
    await check({ run: network.build(scope, { input, heads }), variables });
  } finally {
    tf.dispose([...variables.values()]);
  }
}

/** The shapes of weights by their paths. */
export function shapesOf(
  variables: ReadonlyMap<string, Variable>,
): Readonly<Record<string, Shape>> {
  return Object.fromEntries([...variables].map(([path, { shape }]) => [path, shape]));
}

/** Moves all weights off their first values, so that biases count. */
export function move(variables: ReadonlyMap<string, Variable>): void {
  for (const [path, variable] of variables) {
    tf.tidy(() => variable.assign(tf.mul(normalNoise(seed(1).split(path), variable.shape), 0.5)));
  }
}
