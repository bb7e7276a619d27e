/**
 * The contract of encoder and decoder networks.
 *
 * @module
 */
import type { Context } from "./context.ts";
import type { Plugin } from "./plugin.ts";
import type { Scope } from "./scope.ts";
import type { Heads, Outputs, Shape, Tensor } from "./types.ts";

/** What a network is built for: the shape that comes in and the heads that go out. */
export interface NetworkShapes<H extends Heads = Heads> {
  /** The shape of one input, without the batch axis. */
  readonly input: Shape;
  /** The shape of each head, without the batch axis. */
  readonly heads: H;
}

/**
 * A network for some fixed heads. Its answer is a function of an input `[B, …input]` and gives
 * `[B, …shape]` for each head.
 */
export interface Network<H extends Heads> extends Plugin {
  /** It is a network. */
  readonly kind: "network";
  /** Asks the scope for weights and returns the network's function. */
  readonly build: (
    scope: Scope,
    shapes: NetworkShapes<H>,
  ) => (input: Tensor, context: Context) => Outputs<H>;
}

/** A network that can be built for whatever heads are asked of it. */
export interface AnyNetwork extends Plugin {
  /** It is a network. */
  readonly kind: "network";
  /** Asks the scope for weights and returns the network's function. */
  readonly build: <H extends Heads>(
    scope: Scope,
    shapes: NetworkShapes<H>,
  ) => (input: Tensor, context: Context) => Outputs<H>;
}
