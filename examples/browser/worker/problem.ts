/**
 * What the visitor is told of an error.
 *
 * @module
 */
import { NonFiniteError } from "../../../mod.ts";
import type { Problem } from "../protocol.ts";
import { Refusal } from "./refusal.ts";

/** What to do where the error does not say it. */
const ADVICE: { readonly [about in Problem["about"]]: string } = {
  data: "The data that were there before are still here.",
  model: "Choose a .safetensors file that Elbo saved. Your model is still here.",
  training: "Choose other settings or another backend, and start again.",
};

/** What happened, and what to do about it. */
export function toProblem(error: unknown, about: Problem["about"]): Problem {
  if (error instanceof Refusal) return { about, happened: error.message, advice: error.advice };
  const message = error instanceof Error ? error.message : String(error);
  const [, kind, name] = /(\w+) '(\w+)' must be passed as/.exec(message) ?? [];
  if (kind !== undefined) {
    return {
      about,
      happened: `The file names the ${kind} “${name}”, which this page does not have.`,
      advice: "Load it in a program that passes this plugin to load(). Your model is still here.",
    };
  }
  const happened = `${message}.`;
  if (error instanceof NonFiniteError) {
    return {
      about,
      happened,
      advice: "The parameters are those of the last good step. Choose a smaller learning rate.",
    };
  }
  return { about, happened, advice: ADVICE[about] };
}
