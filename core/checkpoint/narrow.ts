/**
 * A loaded model for data of a known support.
 *
 * @module
 */
import { wrongType } from "../errors.ts";
import type { Vae } from "../model.ts";
import { accepts, type Support } from "../support.ts";

/**
 * A model of some support as a model of a particular one, as `fit` wants it.
 *
 * @param model A model, as it was loaded.
 * @param support The support that its likelihood is expected to have.
 * @returns The same model.
 * @throws {TypeError} If its likelihood has another support.
 *
 * @example
 * ```ts
 * import { narrow, type Vae } from "@elbo/elbo";
 *
 * const forBinaryData = (model: Vae): Vae<"binary"> => narrow(model, "binary");
 * ```
 */
export function narrow<const S extends Support>(model: Vae, support: S): Vae<S> {
  if (accepts(model.support, support) && accepts(support, model.support)) {
    return model as Vae<S>;
  }
  const shown = typeof support === "string" ? `'${support}'` : JSON.stringify(support);
  throw wrongType("narrow model", `its likelihood must have support ${shown}`, model.support);
}
