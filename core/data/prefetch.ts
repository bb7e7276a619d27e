/**
 * Items that are made before they are wanted.
 *
 * @module
 */

/**
 * Asks for some items before they are taken, so that they are made meanwhile.
 *
 * @param items The items.
 * @param ahead How many are made ahead; none with 0.
 */
export async function* prefetch<T>(items: AsyncGenerator<T>, ahead: number): AsyncGenerator<T> {
  const pending: Promise<IteratorResult<T, unknown>>[] = [];
  const ask = (): void => {
    const next = items.next();
    next.catch(() => {}); // It is thrown when its turn comes.
    pending.push(next);
  };
  try {
    for (;;) {
      if (pending.length === 0) ask();
      const { value, done } = await pending.shift()!;
      if (done) return;
      while (pending.length < ahead) ask();
      yield value as T;
    }
  } finally {
    await items.return(undefined);
  }
}
