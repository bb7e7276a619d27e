/**
 * Affine couplings in turns: one keeps the even elements, the next the odd ones.
 *
 * Dinh, Sohl-Dickstein and Bengio, "Density estimation using Real NVP", arXiv:1605.08803, §3.5.
 *
 * @module
 */
import { requirePositiveInteger } from "../../core/errors.ts";
import type { Flow } from "../../core/flow.ts";
import type { AnyNetwork } from "../../core/network.ts";
import { compose } from "./_compose.ts";
import { affineCoupling } from "./affine_coupling.ts";

/** Options of {@linkcode realNvp}. */
export interface RealNvpOptions {
  /**
   * The number of couplings; two of them change every element once.
   * @default 6
   */
  readonly layers?: number;
  /**
   * The network of each coupling, which says `rawLogScale` and `shift`. The one that it has unless
   * told has layers with tanh, and starts at 0, so that the flow starts as the identity.
   * @default undefined
   */
  readonly network?: AnyNetwork | undefined;
  /**
   * The width of each hidden layer of the networks that it has unless told.
   * @default [64]
   */
  readonly hidden?: readonly number[];
}

/**
 * Real NVP, fast in both directions. Each layer stretches by e⁻³ to e³.
 *
 * @param options The number of couplings, and their networks.
 * @throws {RangeError} If the number of layers or a width is not a positive integer.
 * @throws {TypeError} If the network is no plugin, or the widths are no list.
 *
 * @example
 * ```ts
 * import { flows, priors } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const prior = priors.flow({ flow: flows.realNvp({ layers: 4, hidden: [32] }) });
 * assert.equal(prior.name, "flow");
 * ```
 */
export function realNvp({ layers = 6, network, hidden = [64] }: RealNvpOptions = {}): Flow {
  requirePositiveInteger("build flow", "layers", layers);
  const couplings = [
    affineCoupling({ kept: "even", network, hidden }),
    affineCoupling({ kept: "odd", network, hidden }),
  ] as const;
  return {
    kind: "flow",
    name: "realNvp",
    options: { layers, network, hidden },
    build: (scope, shapes) =>
      compose(Array.from(
        { length: layers },
        (_, i) => couplings[i % 2 === 0 ? 0 : 1].build(scope.child(`coupling${i}`), shapes),
      )),
  };
}
