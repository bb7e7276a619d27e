/**
 * Turns for the event loop: a run that only computes would let timers, signals and the page wait.
 *
 * @module
 */

/** Milliseconds after which there is a turn. */
const TURN = 50;

/** Waits for a message, as the shortest timer takes milliseconds. */
function yieldToEventLoop(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** Opens the turns of a run: what it answers gives one, where it is time. */
export function openTurns(): () => Promise<void> {
  let next = performance.now() + TURN;
  return async () => {
    if (performance.now() <= next) return;
    await yieldToEventLoop();
    next = performance.now() + TURN;
  };
}
