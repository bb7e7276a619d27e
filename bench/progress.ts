/**
 * One line on the standard error that says what is being done; nothing where nobody watches.
 *
 * @module
 */

const encoder = new TextEncoder();
const watched = Deno.stderr.isTerminal();

/** Replaces the line. */
export function say(line: string): void {
  if (watched) Deno.stderr.writeSync(encoder.encode(`\r\x1b[2K${line}`));
}

/** Takes the line away. */
export function hush(): void {
  say("");
}
