/**
 * Whether WebGPU can be had.
 *
 * @module
 */

/** Why there is no adapter of WebGPU, if there is none. */
export async function reasonAgainstWebgpu(): Promise<string | undefined> {
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<object | null> } };
  if (gpu === undefined) return "there is no WebGPU here";
  return await gpu.requestAdapter() === null ? "there is no GPU adapter here" : undefined;
}
