/**
 * The laws of networks.
 *
 * @module
 */
import type { AnyNetwork, Network } from "../../core/network.ts";
import type { Heads } from "../../core/types.ts";
import type { NetworkLawOptions } from "./cases/network.ts";
import { titleOf } from "./cases/subject.ts";
import { type Law, lawsOf } from "./law.ts";
import { networkRules } from "./rules/networks.ts";

/**
 * The laws that an encoder or decoder network must keep: a head for all that is asked, rows that
 * know nothing of each other, and gradients that are those of its outputs.
 *
 * @param network The network.
 * @param options What it is built for, and which laws to leave out.
 * @returns The laws, to be run by any test runner.
 *
 * @example
 * ```ts
 * import { networks } from "@elbo/elbo";
 * import { assertLaws, networkLaws } from "@elbo/elbo/laws";
 *
 * const mlp = networks.mlp({ hidden: [8], activation: "tanh" });
 * await assertLaws(networkLaws(mlp, { condition: [3], cases: 5 }));
 * ```
 */
export function networkLaws<H extends Heads>(
  network: Network<H> | AnyNetwork,
  options: NetworkLawOptions = {},
): readonly Law[] {
  // A network of fixed heads is built for the heads that the options name.
  const subject = { network: network as unknown as Network<Heads>, options };
  return lawsOf(titleOf("network", network), networkRules(subject), options);
}
