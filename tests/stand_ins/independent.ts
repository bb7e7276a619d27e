/**
 * Distributions whose event elements are independent: log p(x) = Σₖ log p(xₖ).
 *
 * @module
 */
import { type Factorized, type Seed, type Shape, sumOverEvent, type Tensor } from "../../mod.ts";

/** What is known of one element. */
export interface Element<Family extends string = string>
  extends Pick<Factorized<Family>, "family" | "domain" | "reparameterized" | "batch" | "event"> {
  /** Draws of the shape `[S, B, …event]` that is asked for. */
  readonly sample: (seed: Seed, shape: Shape) => Tensor;
  /** The log-density of every element `[S, B, …event]`, in nats. */
  readonly logDensities: (value: Tensor) => Tensor;
}

/** The distribution of such elements, with whatever else is said of them. */
export function independent<const E extends Element>(element: E): E & Factorized<E["family"]> {
  const { batch, event, sample, logDensities } = element;
  const logProb = (value: Tensor): Tensor => sumOverEvent(logDensities(value), event);
  return {
    ...element,
    logProb,
    draw: (seed, samples = 1) => {
      const value = sample(seed, [samples, batch, ...event]);
      return { value, logProb: () => logProb(value) };
    },
  };
}
