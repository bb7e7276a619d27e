/**
 * What our kernels allocate on the heap beside tensors: one place for each purpose, which is used
 * again.
 *
 * @module
 */
import type { WasmBackend } from "./backend.ts";
import type { Address } from "./kernels.ts";

/** Places on a heap. */
export interface Room {
  /** The place for a purpose, of at least so many bytes: the last one if it is large enough. */
  readonly take: (purpose: string, bytes: number) => Address;
}

/** A heap that cannot grow any more. */
export function noRoom(bytes: number, heap: number): Error {
  return new Error(
    `Cannot run a kernel as ${bytes} bytes must be free: the heap has ${heap} bytes in all`,
  );
}

/** Opens the places of one backend. */
export function openRoom({ wasm }: WasmBackend): Room {
  const places = new Map<string, { readonly start: Address; readonly bytes: number }>();
  return {
    take: (purpose, bytes) => {
      const place = places.get(purpose);
      if (place !== undefined && place.bytes >= bytes) return place.start;
      if (place !== undefined) wasm._free(place.start);
      places.delete(purpose);
      const start = wasm._malloc(bytes) >>> 0;
      if (start === 0) throw noRoom(bytes, wasm.HEAPU8.length);
      places.set(purpose, { start, bytes });
      return start;
    },
  };
}
