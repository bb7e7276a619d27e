/**
 * What files are called in errors.
 *
 * @module
 */

/** The name of a file, wherever it lies: its path, its address, or the name that it was given. */
export function nameOf(file: string | URL | Blob | ArrayBuffer | Uint8Array): string {
  if (typeof file === "string") return file;
  if (file instanceof URL) return file.href;
  return file instanceof Blob ? "name" in file ? String(file.name) : "Blob" : "bytes";
}
