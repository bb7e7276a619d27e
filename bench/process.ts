/**
 * One worker: a process that stays, and takes steps whenever it is asked to.
 *
 * @module
 */
import { lines } from "./lines.ts";
import type { Answer, Refusal, Request } from "./protocol.ts";

/** How a worker is started. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/** A worker in TypeScript; the binary of the wasm backend is read from the npm cache. */
export function deno(
  script: string,
  args: readonly string[],
  flags: readonly string[] = [],
): Command {
  const permissions = ["--no-prompt", "--allow-read", ...flags];
  return {
    program: "deno",
    args: [
      "run",
      "--quiet",
      "--lock=tests/deno.lock",
      ...permissions,
      `bench/workers/${script}`,
      ...args,
    ],
  };
}

/** A worker that runs. */
export interface Worker {
  /** Has it take steps. Throws an error with its reason if it cannot. */
  readonly ask: (request: Request) => Promise<Answer>;
  /** Ends it, and waits until it is gone. */
  readonly close: () => Promise<void>;
}

/** The last line that says something: of a stack trace in Python, the error. */
function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) || "it ended without a word";
}

/** Starts a worker; what keeps it from starting is thrown now or at its first answer. */
export function startWorker({ program, args }: Command): Worker {
  const child = new Deno.Command(program, {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(child.stderr).text();
  const output = lines(child.stdout);
  const input = child.stdin.getWriter();
  const encoder = new TextEncoder();

  async function ask(request: Request): Promise<Answer> {
    // A worker that is gone says why on its way out, and not at the broken pipe.
    await input.write(encoder.encode(JSON.stringify(request) + "\n")).catch(() => {});
    for (;;) {
      const { value, done } = await output.next();
      if (done) throw new Error(lastLine(await errors));
      if (!value.startsWith("{")) continue; // What a library prints is not for us.
      const answer: Answer | Refusal = JSON.parse(value);
      if ("cannot" in answer) throw new Error(answer.cannot);
      return answer;
    }
  }

  async function close(): Promise<void> {
    await input.close().catch(() => {});
    await output.return(undefined);
    await child.status;
  }

  return { ask, close };
}
