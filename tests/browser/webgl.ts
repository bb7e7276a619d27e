/**
 * Checks the WebGL kernels in a real Chromium, which Deno cannot stand in for.
 *
 *     deno task test:webgl --chromium /usr/bin/chromium
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { parseArgs } from "node:util";
import { requireFine } from "../core/backend/gpu/fine.ts";
import { launchChromium } from "./deps.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: { chromium: { type: "string", default: "/usr/bin/chromium" } },
});

const bundling = await new Deno.Command("deno", {
  args: [
    "bundle",
    "--quiet",
    "--platform=browser",
    "--lock=tests/deno.lock",
    "tests/browser/webgl_page.ts",
  ],
  stderr: "inherit",
}).output();
if (!bundling.success) Deno.exit(1);

const browser = await launchChromium({
  executablePath: values.chromium,
  args: [
    "--headless",
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
try {
  const page = await browser.newPage();
  const lastLine = new Promise<string>((resolve) =>
    page.on("console", (message) => {
      if (message.text().startsWith("{")) resolve(message.text());
      else console.log(message.text().slice(0, 3000));
    })
  );
  page.on("pageerror", (error) => console.log(String(error)));
  const content = new TextDecoder().decode(bundling.stdout);
  await page.addScriptTag({ type: "module", content });
  const { findings, failure } = JSON.parse(await lastLine);
  if (failure !== undefined) throw new Error(failure);
  console.log(findings);
  requireFine(findings, 84);
} finally {
  await browser.close();
}
