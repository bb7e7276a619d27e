/**
 * A VAE for counts, whose variance may exceed their mean.
 *
 * The encoder reads log(1 + x), the likelihood is negative binomial; log size factors may come with
 * the data as their offset. After Lopez et al., "Deep generative modeling for single-cell
 * transcriptomics", Nature Methods 15, 2018.
 *
 * @module
 */
import type { Vae } from "../../core/model.ts";
import { vae as compose } from "../../core/vae.ts";
import type { NegativeBinomial } from "../distributions/negative_binomial.ts";
import type { Normal } from "../distributions/normal.ts";
import { kl } from "../divergences/kl.ts";
import { negativeBinomial } from "../likelihoods/negative_binomial.ts";
import { symlog } from "../networks/symlog.ts";
import { diagonalNormal } from "../posteriors/diagonal_normal.ts";
import { standardNormal } from "../priors/standard_normal.ts";
import { common, type PresetOptions } from "./_common.ts";

/**
 * A VAE for counts 0, 1, 2, … with one dispersion for each feature.
 *
 * @param options Shapes, hidden layers and seed.
 * @returns The model, ready to be trained.
 *
 * @example
 * ```ts
 * import { presets } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = presets.countVae({ data: [50], latent: 10 });
 * assert.equal(model.support, "count");
 * model.dispose();
 * ```
 */
export function countVae(
  options: PresetOptions,
): Vae<"count", Normal, NegativeBinomial> {
  const { encoder: network, ...others } = common(options);
  return compose({
    ...others,
    encoder: symlog({ network }),
    posterior: diagonalNormal(),
    prior: standardNormal(),
    likelihood: negativeBinomial(),
    divergence: kl(),
  });
}
