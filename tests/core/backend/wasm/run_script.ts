/** How a script ended. */
export interface Ending {
  readonly code: number;
  /** What it printed, errors as well. */
  readonly output: string;
  readonly milliseconds: number;
}

/** One that does not end by itself is ended. */
const LONGEST_MILLISECONDS = 20_000;

/** Runs a script in a process of its own, with no permission but these. */
export async function runScript(
  script: string,
  permissions: readonly string[] = [],
): Promise<Ending> {
  const url = `data:application/typescript,${encodeURIComponent(script)}`;
  const args = ["run", "--quiet", "--no-prompt", "--no-lock", "--no-check", ...permissions, url];
  const start = performance.now();
  const child = new Deno.Command("deno", {
    args,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), LONGEST_MILLISECONDS);
  const { code, stdout, stderr } = await child.output();
  clearTimeout(timer);
  const [printed, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, output: printed! + errors!, milliseconds: performance.now() - start };
}
