/**
 * A divergence, and the pair that it is tested on.
 *
 * @module
 */
import type { Progress } from "../../../core/context.ts";
import type { Distribution } from "../../../core/distribution.ts";
import type { Divergence } from "../../../core/divergence.ts";
import type { SubjectPair } from "./pair.ts";

/** What an author says that a row contributes, as plain numbers. */
export type Contributes = (row: {
  /** The name of the row. */
  readonly name: string;
  /** Its raw value, in nats. */
  readonly nats: number;
  /** The raw value of each latent element, where the row has them. */
  readonly factors: readonly number[] | undefined;
  /** How far training has come. */
  readonly progress: Progress;
  /** The same of every datum in the batch, for rows that contribute one number for all. */
  readonly batch: readonly {
    readonly nats: number;
    readonly factors: readonly number[] | undefined;
  }[];
}) => number;

/** A divergence that forgets what pairs it is for. */
export type AnyDivergence = Divergence<Distribution, Distribution>;

/** A divergence and the pair that it is tested on. */
export interface DivergenceSubject {
  readonly divergence: AnyDivergence;
  readonly pair: SubjectPair;
  readonly contributes: Contributes | undefined;
}
