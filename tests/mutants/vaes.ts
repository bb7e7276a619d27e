/**
 * A small model, and ways to spoil what it is made of and what it answers.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Distribution } from "../../core/distribution.ts";
import type { Divergence } from "../../core/divergence.ts";
import { type Ledger, ledgerOf, weighted } from "../../core/ledger.ts";
import type { Vae } from "../../core/model.ts";
import type { AnyNetwork } from "../../core/network.ts";
import { stopGradient } from "../../core/operations/stop_gradient.ts";
import type { Scope } from "../../core/scope.ts";
import { tidyRecord } from "../../core/tidy.ts";
import { vae } from "../../core/vae.ts";
import { kl } from "../../plugins/divergences/kl.ts";
import { bernoulli } from "../../plugins/likelihoods/bernoulli.ts";
import { mlp } from "../../plugins/networks/mlp.ts";
import { diagonalNormal } from "../../plugins/posteriors/diagonal_normal.ts";
import { standardNormal } from "../../plugins/priors/standard_normal.ts";

/** What a model of bits may be made of. */
export interface ModelParts {
  readonly encoder?: AnyNetwork;
  readonly decoder?: AnyNetwork;
  readonly divergence?: Divergence<Distribution, Distribution>;
  readonly seed?: number;
}

export const mlpOf = (): AnyNetwork => mlp({ hidden: [6], activation: "tanh" });

/** A small model of four bits. */
export const modelOf = ({ divergence = kl(), ...parts }: ModelParts = {}): Vae =>
  vae({
    data: [4],
    latent: 2,
    encoder: mlpOf(),
    decoder: mlpOf(),
    posterior: diagonalNormal(),
    prior: standardNormal(),
    likelihood: bernoulli(),
    divergence: divergence as Divergence<Distribution, Distribution>,
    ...parts,
  }) as unknown as Vae;

/** The same members, which leave nothing behind of what they made on the way. */
export function tidied(members: Partial<Vae>): Partial<Vae> {
  const entries = Object.entries(
    members as { readonly [name: string]: (...given: never[]) => object },
  );
  return Object.fromEntries(
    entries.map(([name, member]) => [
      name,
      name === "dispose" ? member : (...given: never[]) => tidyRecord(() => member(...given)),
    ]),
  );
}

/** A ledger whose rows are other rows. */
export const withTerms = (
  { terms, bound }: Ledger,
  change: (term: Ledger["terms"][number], index: number) => Ledger["terms"][number],
): Ledger => ledgerOf(terms.map(change), bound);

/** A scope that lets no gradient reach one of its weights. */
export const without = (path: string) => (scope: Scope): Scope => ({
  ...scope,
  weight: (name, ...rest) => {
    const read = scope.weight(name, ...rest);
    return name === path ? () => stopGradient(read()) : read;
  },
});

export function negativeKl(): ReturnType<typeof kl> {
  const sound = kl();
  return {
    ...sound,
    estimate: (given) => {
      const [{ nats, ...row }] = sound.estimate(given);
      return [{ ...row, nats: tf.neg(nats), contribution: nats }];
    },
  };
}

/** A KL that grows with every training step that it has seen itself. */
export function countingKl(): ReturnType<typeof kl> {
  const sound = kl();
  let steps = 0;
  return {
    ...sound,
    name: "countingKl",
    estimate: (given) => {
      if (given.context.training) steps++;
      const [row] = sound.estimate(given);
      return [weighted(row, 1 + steps / 10)];
    },
  };
}
