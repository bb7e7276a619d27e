import { testOnWebgpu } from "../test_on_webgpu.ts";
import { requireOfDevice } from "./requirements.ts";

testOnWebgpu(
  "training on WebGPU reads nothing unasked, and a lost device ends it well",
  new URL("./webgpu.ts", import.meta.url),
  ["--allow-read", "--allow-write"],
  requireOfDevice,
);
