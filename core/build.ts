/**
 * Builds the plugins of a model: specifications become functions of tensors.
 *
 * @module
 */
import type { Context } from "./context.ts";
import type { Distribution, Reparameterized } from "./distribution.ts";
import { wrongType } from "./errors.ts";
import type { Parts } from "./model.ts";
import type { Objective } from "./objective.ts";
import type { BuiltParts } from "./pass.ts";
import type { ModelShapes, Parameters } from "./scope.ts";
import { requireSupport, type Support } from "./support.ts";
import type { Heads, Tensor } from "./types.ts";
import { verify } from "./verify.ts";

/**
 * Builds every plugin in the scope of its part, and runs each once.
 *
 * The parts of a stored model are not run: they were when it was composed, their weights must fit,
 * and what they would do to a batch is not for the one who only opens the file.
 *
 * @param parts The plugins.
 * @param shapes What they are built for.
 * @param parameters Where their weights live; none is left if a plugin does not fit.
 * @throws {TypeError} If a plugin answers something of the wrong shape.
 * @throws {RangeError} If stored weights are not the ones that the plugins want.
 */
export function buildParts<
  HQ extends Heads,
  Q extends Reparameterized,
  P extends Distribution,
  HL extends Heads,
  S extends Support,
  X extends Distribution,
>(
  parts: Parts<HQ, Q, P, HL, S, X> & { readonly objective: Objective<Q, P> },
  shapes: ModelShapes,
  { scope, detachedScope, variables, stored, requireAllTaken }: Parameters,
): BuiltParts<HQ, Q, P, HL, X> {
  const { encoder, posterior, prior, decoder, likelihood, objective } = parts;
  const { data, latent, support } = shapes;
  try {
    requireSupport(`use likelihood '${likelihood.name}'`, support, data);
    const heads = { posterior: posterior.heads(latent), likelihood: likelihood.heads(data) };
    const encode = encoder.build(scope.child("encoder"), { input: data, heads: heads.posterior });
    const approximate = posterior.build(scope.child("posterior"));
    const infer = (x: Tensor, context: Context): Q => approximate(encode(x, context), context);
    let detached: typeof approximate | undefined;
    const built: BuiltParts<HQ, Q, P, HL, X> = {
      encoder: encode,
      posterior: approximate,
      detachedPosterior: (outputs, context) => {
        detached ??= posterior.build(detachedScope.child("posterior"));
        return detached(outputs, context);
      },
      prior: prior.build({ ...scope.child("prior"), infer }),
      decoder: decoder.build(scope.child("decoder"), { input: latent, heads: heads.likelihood }),
      likelihood: likelihood.build(scope.child("likelihood")),
      objective,
    };
    for (const part of ["encoder", "posterior", "prior", "decoder", "likelihood"] as const) {
      if (typeof built[part] === "function") continue;
      const action = `run ${part} '${parts[part].name}'`;
      throw wrongType(action, "'build' must return a function", built[part]);
    }
    if (stored) requireAllTaken();
    else verify(built, { ...shapes, heads }, parts);
    return built;
  } catch (error) {
    for (const variable of variables.values()) variable.dispose();
    throw error;
  }
}
