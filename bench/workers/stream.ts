/**
 * A worker that trains the MLP with `fit` on binary digits in an IDX file, in memory or as a stream.
 *
 *     stream.ts FILE BATCH memory|stream
 *
 * @module
 */
import { collect, fit, sources, stream } from "../../mod.ts";
import { models } from "../models.ts";
import { startWasm } from "./backend.ts";
import { serve } from "./serve.ts";

/** The first steps of a run make the optimizer's slots, and fill the buffers. */
const UNMEASURED = 2;

/** The steps between two looks at the memory. */
const LOOK = 10;

await serve(async () => {
  const [file, size, kind] = Deno.args as [string, string, "memory" | "stream"];
  const detail = await startWasm(2, "wasm");
  const model = models.mlp();
  const options = { support: "binary", shape: [784] } as const;
  const read = kind === "memory" ? collect : stream;
  const data = await read(sources.idx(file), options);
  let highest: number[] = [];
  return {
    detail,
    highestBytes: () => highest,
    run: async (steps, { begin, end }) => {
      highest = Array(10).fill(0);
      await fit(model, data, {
        batchSize: Number(size),
        steps: UNMEASURED + steps,
        callbacks: [{
          kind: "callback",
          name: "stopwatch",
          step: ({ step }) => {
            if (step === UNMEASURED) begin();
            if (step === UNMEASURED + steps) end();
            if (step % LOOK !== 0) return;
            const tenth = Math.min(9, Math.floor(10 * step / steps));
            highest[tenth] = Math.max(highest[tenth]!, Deno.memoryUsage().rss);
          },
        }],
      });
    },
  };
});
