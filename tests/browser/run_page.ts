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
}

/** Milliseconds within which a page has to answer. */
const LIMIT = 900_000;

/** A program as one script for a browser. */
async function bundled(script: string): Promise<Uint8Array<ArrayBuffer>> {
  const { success, stdout } = await new Deno.Command("deno", {
    args: ["bundle", "--quiet", "--platform=browser", "--lock=tests/deno.lock", script],
    stderr: "inherit",
  }).output();
  if (!success) Deno.exit(1);
  return stdout;
}

/**
 * What a program says in the first line of JSON that it writes to the console of its page; its other
 * lines are passed on. It comes from a server of its own, so that it has an origin, and `POST /file`
 * there keeps a file that `GET /file` gives back.
 */
export async function runPage(
  { script, chromium, args = [], query = "" }: PageOptions,
): Promise<Readonly<Record<string, unknown>>> {
  const program = await bundled(script);
  let file: Uint8Array<ArrayBuffer> | undefined;
  const type = (name: string) => ({ headers: { "content-type": name } });
  const server = Deno.serve(
    { hostname: "localhost", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      if (request.method === "POST") file = await request.bytes();
      if (pathname === "/script.js") return new Response(program, type("text/javascript"));
      if (pathname !== "/file") {
        return new Response('<script type="module" src="script.js"></script>', type("text/html"));
      }
      return file === undefined ? new Response("", { status: 404 }) : new Response(file);
    },
  );
  const browser = await launchChromium({ executablePath: chromium, args });
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const page = await browser.newPage();
    const line = new Promise<string>((resolve, reject) => {
      page.on("console", (message) => {
        if (message.text().startsWith("{")) resolve(message.text());
        else console.log(message.text().slice(0, 3000));
      });
      timer = setTimeout(() => reject(new Error(`${script} does not end`)), LIMIT);
    });
    page.on("pageerror", (error) => console.log(String(error)));
    await page.goto(`http://localhost:${server.addr.port}/${query}`);
    const answer = JSON.parse(await line);
    if (answer.failure !== undefined) throw new Error(answer.failure);
    return answer;
  } finally {
    clearTimeout(timer);
    await browser.close();
    await server.shutdown();
  }
}
