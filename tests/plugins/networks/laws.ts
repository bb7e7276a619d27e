/**
 * The networks of Elbo, with the laws that they are held to.
 *
 * @module
 */
import { tf } from "../../../core/tf.ts";
import { networks } from "../../../mod.ts";
import { networkLaws } from "../../laws/mod.ts";
import { type HeldPlugins, holds } from "../held.ts";

/** A small model of `tf.layers`, which the plugin copies. */
function layersModel() {
  const model = tf.sequential({
    layers: [tf.layers.dense({ inputShape: [4], units: 6, activation: "tanh" })],
  });
  const network = networks.layers({ model });
  model.dispose();
  return network;
}

/** By name, and by what else tells two of them apart. */
export const heldNetworks: HeldPlugins = {
  "networks.mlp": holds(networkLaws, networks.mlp({ hidden: [8, 6] })),
  "networks.mlp, conditioned": holds(
    networkLaws,
    networks.mlp({ hidden: [8], activation: "silu" }),
    { condition: [3], input: [2, 3], heads: { logits: [2, 2] } },
  ),
  "networks.conv": holds(networkLaws, networks.conv({ channels: [2, 3], hidden: [4] }), {
    input: [5, 3, 2],
  }),
  "networks.conv, conditioned": holds(
    networkLaws,
    networks.conv({ channels: [2], kernelSize: 2, activation: "silu" }),
    { condition: [3], input: [3, 4] },
  ),
  "networks.deconv": holds(networkLaws, networks.deconv({ channels: [3, 2], hidden: [4] }), {
    heads: { mean: [5, 3, 2], rawScale: [5, 3, 2] },
  }),
  "networks.deconv, conditioned": holds(
    networkLaws,
    networks.deconv({ channels: [2], kernelSize: 2, activation: "silu" }),
    { condition: [3], heads: { logits: [3, 4] } },
  ),
  "networks.gatedMlp": holds(networkLaws, networks.gatedMlp({ hidden: [8, 6] })),
  "networks.gatedMlp, conditioned": holds(networkLaws, networks.gatedMlp({ hidden: [5] }), {
    condition: [3],
    input: [2, 3],
    heads: { logits: [2, 2] },
  }),
  "networks.residualConv": holds(
    networkLaws,
    networks.residualConv({ channels: [2, 3], blocks: 2, hidden: [4], activation: "elu" }),
    { input: [5, 3, 2] },
  ),
  "networks.residualConv, conditioned": holds(
    networkLaws,
    networks.residualConv({ channels: [2], kernelSize: 2, activation: "silu" }),
    { condition: [3], input: [3, 4] },
  ),
  "networks.residualDeconv": holds(
    networkLaws,
    networks.residualDeconv({ channels: [3, 2], blocks: 2, hidden: [4], activation: "elu" }),
    { heads: { mean: [5, 3, 2], rawScale: [5, 3, 2] } },
  ),
  "networks.residualDeconv, conditioned": holds(
    networkLaws,
    networks.residualDeconv({ channels: [2], kernelSize: 2, activation: "silu" }),
    { condition: [3], heads: { logits: [3, 4] } },
  ),
  "networks.symlog": holds(
    networkLaws,
    networks.symlog({ network: networks.mlp({ hidden: [5] }) }),
  ),
  "networks.layers": holds(networkLaws, layersModel()),
};
