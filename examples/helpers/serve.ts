/**
 * Serves the files of the repository over loopback, as any host of it would.
 *
 *     deno run --allow-read=. --allow-net=localhost:8000 examples/helpers/serve.ts
 *
 * @module
 */

const ROOT = new URL("../../", import.meta.url);

async function answer(request: Request): Promise<Response> {
  const file = new URL(`.${new URL(request.url).pathname}`, ROOT);
  if (!file.href.startsWith(ROOT.href)) return new Response("Forbidden", { status: 403 });
  try {
    const type = file.pathname.endsWith(".ts") ? "application/typescript" : "application/json";
    return new Response(await Deno.readFile(file), { headers: { "content-type": type } });
  } catch {
    return new Response("Not found", { status: 404 });
  }
}

/** Starts the server; port 0 takes any that is free. */
export function serveRepository(port: number): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "localhost", port, onListen: () => {} }, answer);
}

if (import.meta.main) {
  const { addr } = serveRepository(8000);
  // deno-lint-ignore no-console -- whoever starts it wants to know
  console.log(`serving the repository on http://localhost:${addr.port}/mod.ts`);
}
