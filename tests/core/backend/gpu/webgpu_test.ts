import type { Findings } from "./check.ts";
import { requireFine } from "./fine.ts";
import { testOnWebgpu } from "./test_on_webgpu.ts";

testOnWebgpu<Findings>(
  "the WebGPU kernels do what the definitions do",
  new URL("./webgpu.ts", import.meta.url),
  ["--allow-read"],
  (found) => requireFine(found, 49),
);
