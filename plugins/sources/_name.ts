/**
 * What sources are called in errors.
 *
 * @module
 */
import type { Place } from "../../core/data/place.ts";

/** The name of a file, wherever it lies. */
export function nameOf(place: Place): string {
  if (typeof place === "string") return place;
  if (place instanceof URL) return place.href;
  return place instanceof Blob ? "name" in place ? String(place.name) : "Blob" : "bytes";
}
