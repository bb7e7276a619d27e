/**
 * What drives a browser. It is named where no tool looks for it, so that only those who start a
 * browser fetch it.
 *
 * @module
 */
const DRIVER = "npm:playwright-core@1.55.0";

/** What looks for what some people cannot use. */
const ACCESSIBILITY = "npm:axe-core@4.10.3";

/** A file as it is put into a page. */
export interface PageFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Uint8Array;
}

/** A request of a page that is answered in the server's stead. */
export interface Route {
  abort(): Promise<void>;
  fetch(): Promise<{ headers(): Record<string, string> }>;
  fulfill(
    answer: { readonly response: unknown; readonly headers: Record<string, string> },
  ): Promise<
    void
  >;
}

/** A file that a page hands out. */
export interface Download {
  suggestedFilename(): string;
  path(): Promise<string>;
}

/** What the checks ask of a page. */
export interface Page {
  readonly keyboard: { press(key: string): Promise<void> };
  readonly mouse: {
    move(x: number, y: number): Promise<void>;
    down(): Promise<void>;
    up(): Promise<void>;
  };
  on(
    event: "console",
    listener: (message: { text(): string; type(): string }) => void,
  ): void;
  on(event: "pageerror", listener: (error: Error) => void): void;
  on(event: "crash" | "close", listener: () => void): void;
  addInitScript(script: string): Promise<void>;
  goto(url: string): Promise<unknown>;
  route(pattern: string, answer: (route: Route) => Promise<void>): Promise<void>;
  evaluate<T>(expression: string): Promise<T>;
  click(selector: string): Promise<void>;
  fill(selector: string, value: string): Promise<void>;
  focus(selector: string): Promise<void>;
  selectOption(selector: string, value: string): Promise<unknown>;
  setInputFiles(selector: string, path: string): Promise<void>;
  textContent(selector: string): Promise<string | null>;
  waitForEvent(event: "download"): Promise<Download>;
  waitForTimeout(milliseconds: number): Promise<void>;
  screenshot(options: { readonly path: string; readonly fullPage: boolean }): Promise<unknown>;
  workers(): readonly { evaluate<T>(expression: string): Promise<T> }[];
  close(): Promise<void>;
}

/** How a page is looked at. */
export interface PageOptions {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: "light" | "dark";
  readonly reducedMotion?: "reduce" | "no-preference";
}

/** What the checks ask of a browser. */
export interface Browser {
  newPage(options?: PageOptions): Promise<Page>;
  close(): Promise<void>;
}

/** Without a window, and without anything that asks the net. */
const QUIET = [
  "--headless",
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What has Chromium draw WebGL with the processor. */
export const SOFTWARE_WEBGL = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"];

/** The same for WebGPU, where there is no GPU. */
export const SOFTWARE_WEBGPU = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

/** What leaves Chromium without WebGL. */
export const NO_WEBGL = ["--disable-gpu", "--disable-software-rasterizer"];

/** Starts Chromium. */
export async function launchChromium(
  { executablePath, args }: {
    readonly executablePath: string;
    readonly args: readonly string[];
  },
): Promise<Browser> {
  const { chromium } = await import(DRIVER);
  return await chromium.launch({ executablePath, args: [...QUIET, ...args] });
}

/** The source of axe-core. */
export async function accessibilityChecks(): Promise<string> {
  const { default: axe } = await import(ACCESSIBILITY);
  return axe.source;
}
