/**
 * Whether two threads have two cores to run on. What a virtual machine calls its cores may be the two
 * halves of one, and may change from one second to the next.
 *
 * @module
 */
import { deno, startWorker } from "./process.ts";

/** Two processes that are made to run alone and together. */
export interface Cores {
  /** How much two threads do in the time of one: 2 on two cores, 1 on one. */
  readonly measure: () => Promise<number>;
  /** Ends the processes. */
  readonly close: () => Promise<void>;
}

/** Matrix products of one measurement, which take some 10 ms, and those before the first. */
const STEPS = 40, WARM_UP = 1000;

/** Starts the two processes. */
export async function startCores(): Promise<Cores> {
  const workers = [startWorker(deno("cores.ts", [])), startWorker(deno("cores.ts", []))] as const;
  const times = (steps: number) =>
    workers.map((worker) => async () => (await worker.ask({ steps })).milliseconds);
  for (const alone of times(WARM_UP)) await alone();
  return {
    measure: async () => {
      let alone = 0;
      for (const time of times(STEPS)) alone += await time();
      const together = await Promise.all(times(STEPS).map((time) => time()));
      return alone / Math.max(...together);
    },
    close: async () => void await Promise.all(workers.map((worker) => worker.close())),
  };
}
