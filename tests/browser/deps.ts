/**
 * What drives a browser. It is named where no tool looks for it, so that only those who start a
 * browser fetch it.
 *
 * @module
 */
const DRIVER = "npm:playwright-core@1.55.0";

/** What the checks ask of a page. */
export interface Page {
  on(event: "console", listener: (message: { text(): string }) => void): void;
  on(event: "pageerror", listener: (error: Error) => void): void;
  goto(url: string): Promise<unknown>;
}

/** What the checks ask of a browser. */
export interface Browser {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

/** Starts Chromium. */
export async function launchChromium(
  options: { readonly executablePath: string; readonly args: readonly string[] },
): Promise<Browser> {
  const { chromium } = await import(DRIVER);
  return await chromium.launch(options);
}
