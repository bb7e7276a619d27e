/**
 * The flows of Elbo, with the laws that they are held to.
 *
 * @module
 */
import { flows, networks } from "../../../mod.ts";
import { flowLaws } from "../../laws/mod.ts";
import { type HeldPlugins, holds } from "../held.ts";

/** By name, and by what else tells two of them apart. */
export const heldFlows: HeldPlugins = {
  "flows.affineCoupling": holds(flowLaws, flows.affineCoupling({ hidden: [4] })),
  "flows.affineCoupling, conditioned": holds(
    flowLaws,
    flows.affineCoupling({
      kept: "odd",
      network: networks.mlp({ hidden: [4], activation: "tanh" }),
    }),
    { condition: [2] },
  ),
  "flows.realNvp": holds(flowLaws, flows.realNvp({ layers: 2, hidden: [4] })),
  "flows.maskedAutoregressive": holds(
    flowLaws,
    flows.maskedAutoregressive({ layers: 2, hidden: [4] }),
  ),
  "flows.maskedAutoregressive, conditioned": holds(
    flowLaws,
    flows.maskedAutoregressive({ layers: 1, hidden: [4] }),
    { condition: [2] },
  ),
  "flows.inverseAutoregressive": holds(
    flowLaws,
    flows.inverseAutoregressive({ layers: 1, hidden: [4] }),
  ),
  "flows.chain": holds(
    flowLaws,
    flows.chain({
      flows: [
        flows.affineCoupling({ hidden: [3] }),
        flows.inverseAutoregressive({ layers: 1, hidden: [3] }),
      ],
    }),
  ),
};
