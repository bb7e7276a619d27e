/**
 * Runs a program in a page of Debian's Chromium.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { launchChromium } from "./deps.ts";

/** What a page is run with. */
export interface PageOptions {
  /** The path of the program, which is bundled. */
  readonly script: string;
  /** The path of the browser. */
  readonly chromium: string;
  /** More arguments of the browser. */
  readonly args?: readonly string[];
  /** What the address of the page ends with: `?` and what the program is told. */
  readonly query?: string;
  /** WebAssembly that it finds beside it, by name. */
  readonly files?: Readonly<Record<string, Uint8Array<ArrayBuffer>>>;
}

/** Milliseconds within which a page has to answer unless told. */
const LIMIT = 900_000;

/** What lets a page share memory with its workers. */
const ISOLATED = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/** A program as one script for a browser. */
async function bundled(script: string): Promise<Uint8Array<ArrayBuffer>> {
  const { success, stdout } = await new Deno.Command("deno", {
    args: ["bundle", "--quiet", "--platform=browser", "--lock=tests/deno.lock", script],
    stderr: "inherit",
  }).output();
  if (!success) Deno.exit(1);
  return stdout;
}

/** Pages that a program can be run in, one after the other. */
export interface Pages {
  /**
   * What the program says in the first line of JSON that it writes to the console of a new page; its
   * other lines are passed on.
   *
   * @param query What the address of the page ends with.
   * @param milliseconds How long it may take.
   */
  readonly run: (
    query?: string,
    milliseconds?: number,
  ) => Promise<Readonly<Record<string, unknown>>>;
  readonly close: () => Promise<void>;
}

/**
 * Bundles a program, and opens a browser and a server for it. The pages have an origin, and share
 * memory with their workers; `POST /file` keeps a file that `GET /file` gives back.
 */
export async function openPages(
  { script, chromium, args = [], files = {} }: PageOptions,
): Promise<Pages> {
  const program = await bundled(script);
  let file: Uint8Array<ArrayBuffer> | undefined;
  const typed = (name: string) => ({ headers: { ...ISOLATED, "content-type": name } });
  const server = Deno.serve(
    { hostname: "localhost", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      if (request.method === "POST") file = await request.bytes();
      if (pathname === "/script.js") return new Response(program, typed("text/javascript"));
      const wasm = files[pathname.slice(1)];
      if (wasm !== undefined) return new Response(wasm, typed("application/wasm"));
      if (pathname !== "/file") {
        return new Response('<script type="module" src="script.js"></script>', typed("text/html"));
      }
      return file === undefined ? new Response("", { status: 404 }) : new Response(file);
    },
  );
  const browser = await launchChromium({ executablePath: chromium, args });
  return {
    run: async (query = "", milliseconds = LIMIT) => {
      const page = await browser.newPage();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const line = new Promise<string>((resolve, reject) => {
        const late = () => reject(new Error(`the page took more than ${milliseconds / 1000} s`));
        timer = setTimeout(late, milliseconds);
        page.on("console", (message) => {
          if (message.text().startsWith("{")) resolve(message.text());
          else console.log(message.text().slice(0, 3000));
        });
        for (const event of ["crash", "close"] as const) {
          page.on(event, () => reject(new Error(`the page ended early (${event})`)));
        }
      });
      line.catch(() => {}); // Whoever waits hears of it; that it is closed in the end is no failure.
      page.on("pageerror", (error) => console.log(String(error)));
      let answer;
      try {
        await page.goto(`http://localhost:${server.addr.port}/${query}`);
        answer = JSON.parse(await line);
      } finally {
        clearTimeout(timer);
        await page.close();
      }
      if (answer.failure !== undefined) throw new Error(answer.failure);
      return answer;
    },
    close: async () => {
      await browser.close();
      await server.shutdown();
    },
  };
}

/** What a program says in the first line of JSON that it writes to the console of its page. */
export async function runPage(options: PageOptions): Promise<Readonly<Record<string, unknown>>> {
  const pages = await openPages(options);
  try {
    return await pages.run(options.query);
  } finally {
    await pages.close();
  }
}
