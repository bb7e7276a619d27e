/**
 * Records of options: what is not known is not passed over.
 *
 * @module
 */
import { wrongType } from "./errors.ts";
import { isRecord } from "./files/json.ts";

/** All names of a record of options, each of them once. */
export type OptionNames<O extends object> = { readonly [Name in keyof O]-?: true };

/**
 * Throws unless options are a record, and all of its names are known: one that is misspelt would say
 * nothing, and the run be another than the one that was meant.
 *
 * @param action The attempted action.
 * @param options The options.
 * @param names The names that are known, in a record that `satisfies OptionNames`; any if there is
 * none.
 * @param of The option that they are those of, if they lie in another record.
 */
export function requireOptions(
  action: string,
  options: unknown,
  names?: Readonly<Record<string, true>>,
  of?: string,
): void {
  const what = of === undefined ? "its options" : `'${of}'`;
  if (!isRecord(options)) {
    throw wrongType(action, `${what} must be a record of options`, options);
  }
  const unknown = names && Object.keys(options).find((name) => !Object.hasOwn(names, name));
  if (unknown === undefined) return;
  const known = Object.keys(names!).join(", ");
  throw wrongType(action, `every name in ${what} must be one of ${known}`, unknown);
}
