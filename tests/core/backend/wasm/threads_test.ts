import assert from "node:assert/strict";
import type { Threads } from "../../../../core/backend/wasm/pool.ts";
import { startThreads } from "../../../../core/backend/wasm/threads.ts";
import {
  type Launch,
  launchWorker,
  type WorkerHandle,
} from "../../../../core/backend/wasm/worker.ts";
import { loadHandMade, run, smallHeap } from "./hand_made.ts";
import { runScript } from "./run_script.ts";

const PAGE = 65536;

/** A launch that lets the test end workers behind the pool's back. */
function observed(): { launch: Launch; workers: WorkerHandle[] } {
  const workers: WorkerHandle[] = [];
  const launch: Launch = (start, events) => {
    const worker = launchWorker(start, events);
    workers.push(worker);
    return worker;
  };
  return { launch, workers };
}

/** Runs a test on threads over a small heap, and stops them. */
async function withThreads(
  count: number,
  test: (threads: Threads, heap: WebAssembly.Memory, workers: WorkerHandle[]) => unknown,
  patience?: number,
): Promise<void> {
  const heap = smallHeap();
  const { launch, workers } = observed();
  const options = patience === undefined ? { launch } : { launch, patience };
  const threads = await startThreads(count, loadHandMade(heap), heap, options);
  try {
    await test(threads, heap, workers);
  } finally {
    await threads.stop();
  }
}

/** Lets the events of workers come in. */
const eventsOfWorkers = () => new Promise((resolve) => setTimeout(resolve, 100));

Deno.test("run() runs every part once, however many there are", async () => {
  await withThreads(3, (threads, heap) => {
    assert.equal(threads.count, 3);
    const numbers = new Float32Array(heap.buffer);
    for (const parts of [0, 1, 2, 3, 7, 65, 66, 200]) {
      numbers.fill(0, 0, 8000);
      for (let i = 0; i < parts * 8; i++) numbers[i] = i;
      // In place, so that a part that ran twice would show.
      const places = Array.from({ length: parts }, (_, part) => [32 * part, 32 * part, 8]);
      const results = run(threads, "addOne", places);
      assert.deepEqual(results, Array(parts).fill(NaN), "it answers nothing");
      const expected = Array.from({ length: parts * 8 }, (_, i) => i + 1);
      assert.deepEqual([...numbers.subarray(0, parts * 8)], expected);
      assert.equal(numbers[parts * 8], 0);
    }
    assert.equal(threads.problem, undefined);
  });
});

Deno.test("run() answers what the parts do, in their order and in float64", async () => {
  await withThreads(2, (threads) => {
    for (let round = 0; round < 2000; round++) {
      const parts = [[round + 0.1], [1 / 3], [-round], [1e300]];
      assert.deepEqual(run(threads, "twice", parts), parts.map(([x]) => 2 * x!));
    }
  });
});

Deno.test("run() has parts run at the same time, on workers that slept as well", async () => {
  await withThreads(2, async (threads, heap) => {
    for (let round = 0; round < 1000; round++) {
      new Int32Array(heap.buffer).fill(0, 0, 2);
      run(threads, "meet", [[0, 4, 0], [4, 0, 0]]); // Each waits for the other.
      if (round % 200 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });
});

Deno.test("parts see a heap that has grown, before and while they run", async () => {
  await withThreads(2, (threads, heap) => {
    for (let round = 0; round < 20; round++) {
      const end = heap.buffer.byteLength;
      heap.grow(1);
      new Int32Array(heap.buffer)[0] = 0;
      run(threads, "meet", [[0, end, 0], [end, 0, 0]]); // The worker writes to the new page.

      const larger = heap.buffer.byteLength;
      new Int32Array(heap.buffer).fill(0, 0, 2);
      run(threads, "grow", [[1, 0, 4], [0, 4, 0]]); // The worker is at work meanwhile.
      assert.equal(heap.buffer.byteLength, larger + PAGE);
      new Int32Array(heap.buffer)[0] = 0;
      run(threads, "meet", [[0, larger, 0], [larger, 0, 0]]);
    }
  });
});

Deno.test("a part that stops is an error, on any thread, after all others have ended", async () => {
  await withThreads(2, (threads, heap) => {
    for (const thread of [0, 1]) {
      new Int32Array(heap.buffer).fill(0, 0, 2);
      const parts = [[0, 4, thread === 0 ? 1 : 0], [4, 0, thread], [8, 0, 0], [12, 0, 0]];
      assert.throws(() => run(threads, "meet", parts), {
        message: "Cannot run 'meet' on 2 threads as no part may stop: " +
          `thread ${thread} stopped at 'unreachable'`,
      });
      assert.deepEqual([...new Int32Array(heap.buffer, 0, 4)], [1, 1, 1, 1]);
      new Int32Array(heap.buffer).fill(0, 0, 4);
      assert.deepEqual(run(threads, "twice", [[1], [2]]), [2, 4], "the threads go on");
    }
    assert.deepEqual([threads.count, threads.problem], [2, undefined]);
  });
});

Deno.test("a worker that has died is done without", async () => {
  await withThreads(3, async (threads, heap, workers) => {
    await workers[0]!.end();
    // Events of workers may have no turn yet, as in a loop that never waits.
    const parts = Array.from({ length: 9 }, (_, part) => [4 * part, 4 * part, 1]);
    run(threads, "addOne", parts);
    assert.deepEqual([...new Float32Array(heap.buffer, 0, 10)], [1, 1, 1, 1, 1, 1, 1, 1, 1, 0]);
    await eventsOfWorkers();
    assert.equal(threads.count, 2);
    assert.match(threads.problem ?? "", /^thread 1 died: /);
    await workers[1]!.end();
    await eventsOfWorkers();
    assert.equal(threads.count, 1);
    assert.deepEqual(run(threads, "twice", [[1], [2]]), [2, 4]);
  });
});

Deno.test("a worker that never answers is an error, and no wait without an end", async () => {
  await withThreads(3, (threads, heap) => {
    const lost = threads.count - 1;
    // A worker takes the second part, and waits for what nobody writes.
    assert.throws(
      () => run(threads, "meet", [[0, 4, 0], [4, 100, 0]]),
      /^Error: Cannot run 'meet' on 3 threads as thread [12] must answer: it died, or has been silent for \d/,
    );
    assert.equal(threads.count, lost);
    assert.match(threads.problem ?? "", /^thread [12] did not answer for \d/);
    new Int32Array(heap.buffer).fill(0, 0, 2);
    run(threads, "meet", [[0, 4, 0], [4, 0, 0]]); // The other one goes on.
  }, 100);
});

Deno.test("stop() ends the workers, and may be called twice", async () => {
  await withThreads(3, async (threads) => {
    await Promise.all([threads.stop(), threads.stop()]);
    assert.deepEqual([threads.count, threads.problem], [1, undefined]);
    assert.deepEqual(run(threads, "twice", [[1], [2], [3]]), [2, 4, 6]);
    await threads.stop();
    await eventsOfWorkers();
    assert.equal(threads.problem, undefined);
  });
});

let left: Threads;

Deno.test("threads that a test leaves running disturb no other", async () => {
  const heap = smallHeap();
  left = await startThreads(2, loadHandMade(heap), heap);
  run(left, "meet", [[0, 4, 0], [4, 0, 0]]);
});

Deno.test("threads that a test left running go on in the next", async () => {
  assert.deepEqual(run(left, "twice", [[1], [2]]), [2, 4]);
  await left.stop();
});

Deno.test("run() refuses what is no kernel, and parts unlike each other", async () => {
  await withThreads(2, (threads) => {
    assert.throws(() => run(threads, "nothing" as "meet", [[1]]), {
      message: "Cannot run a kernel as it must be one of addOne, meet, grow, twice: " +
        "current value is 'nothing'",
    });
    assert.throws(() => run(threads, "twice", [[1], [1, 2]]), {
      message: "Cannot run a kernel on threads as its parts must have equally many arguments, " +
        "32 at most: current value is '1 and 2'",
    });
    assert.deepEqual(run(threads, "twice", [[1], [2]]), [2, 4]);
  });
});

Deno.test("startThreads() says why threads cannot start", async () => {
  const heap = smallHeap();
  const loaded = loadHandMade(heap);
  const unshared = new WebAssembly.Memory({ initial: 1 });
  await assert.rejects(startThreads(2, loaded, unshared), {
    message: "Cannot start 2 threads as the heap must be shared: it is not",
  });
  assert.equal((await startThreads(1, loaded, unshared)).count, 1, "one needs nothing");
  await assert.rejects(startThreads(0, loaded, heap), {
    message: "Cannot start threads as 'count' must be a positive integer: current value is 0",
  });
  // A module that the worker cannot instantiate.
  const unlike = { ...loaded, module: new WebAssembly.Module(unlikeModule()) };
  await assert.rejects(
    startThreads(3, unlike, heap),
    /^Error: Cannot start 3 threads as each must/,
  );
  // A worker that dies before it is ready.
  const launch: Launch = (start, events) => {
    events.ended("it was not let in");
    return launchWorker(start, { ready: () => {}, ended: () => {} });
  };
  await assert.rejects(startThreads(2, loaded, heap, { launch }), {
    message: "Cannot start 2 threads as each must be ready: it was not let in",
  });
});

/** A module whose heap may not be shared. */
function unlikeModule(): Uint8Array<ArrayBuffer> {
  const imports = [3, ...new TextEncoder().encode("env"), 6, ...new TextEncoder().encode("memory")];
  const section = [2, imports.length + 4, 1, ...imports, 2, 0, 1];
  return new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...section]);
}

Deno.test("threads that nobody stops let a program end, and need no permission", async () => {
  const { code, output, milliseconds } = await runScript(
    `import { startThreads } from "${
      import.meta.resolve("../../../../core/backend/wasm/threads.ts")
    }";
    import { loadHandMade, run, smallHeap } from "${import.meta.resolve("./hand_made.ts")}";
    const heap = smallHeap();
    const threads = await startThreads(3, loadHandMade(heap), heap);
    run(threads, "meet", [[0, 4, 0], [4, 0, 0]]);
    console.log(threads.count, Worker.name);`,
  );
  assert.deepEqual({ code, output }, { code: 0, output: "3 Worker\n" });
  assert.ok(milliseconds < 5000, `it took ${milliseconds} ms`);
});
