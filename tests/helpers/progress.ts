/**
 * A bar for long work on a terminal.
 *
 * @module
 */
import { lazy } from "../../core/deps.ts";

/** What is used of `cli-progress`, whose package has no types. */
interface BarModule {
  readonly SingleBar: new (options: Readonly<Record<string, unknown>>) => {
    readonly start: (total: number, value: number) => void;
    readonly increment: () => void;
    readonly stop: () => void;
  };
}

/** Does some work for every item, one after the other, and shows how far it has come. */
export async function eachWithProgress<T>(
  what: string,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const { SingleBar } = await lazy.progress() as BarModule;
  const format = `${what} {value}/{total} {bar} · {eta_formatted} left`;
  const bar = new SingleBar({ format, hideCursor: true, barsize: 30, noTTYOutput: false });
  bar.start(items.length, 0);
  for (const item of items) {
    await work(item);
    bar.increment();
  }
  bar.stop();
}
