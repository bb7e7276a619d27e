/**
 * Serves the playground as it was built, over loopback.
 *
 *     deno run --allow-read=out/playground --allow-net=localhost:8080 examples/browser/serve.ts
 *
 * @module
 */

const ROOT = new URL("../../out/playground/", import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  wasm: "application/wasm",
  bin: "application/octet-stream",
};

/** What the page needs so that threads may share memory. */
const HEADERS = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "x-content-type-options": "nosniff",
  "cache-control": "no-cache",
};

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const file = new URL(`.${pathname === "/" ? "/index.html" : pathname}`, ROOT);
  const type = TYPES[file.pathname.split(".").at(-1)!];
  if (!file.href.startsWith(ROOT.href) || type === undefined) {
    return new Response("Not found", { status: 404 });
  }
  try {
    const { body } = new Response((await Deno.open(file)).readable);
    return new Response(body, { headers: { ...HEADERS, "content-type": type } });
  } catch {
    return new Response("Not found", { status: 404 });
  }
}

/** Starts the server; port 0 takes any that is free. */
export function servePlayground(port: number): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "localhost", port, onListen: () => {} }, answer);
}

if (import.meta.main) {
  const { addr } = servePlayground(8080);
  // deno-lint-ignore no-console -- whoever starts it wants to know
  console.log(`the playground is at http://localhost:${addr.port}`);
}
