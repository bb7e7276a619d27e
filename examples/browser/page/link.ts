/**
 * The line to the worker.
 *
 * @module
 */
import type { Encoded, Reply, Request, Rows } from "../protocol.ts";

/** The model that was asked is there no more, or failed. */
export class Unanswered extends Error {}

/** Who listens. */
export interface Listener {
  /** What the worker says of itself. */
  readonly hear: (reply: Reply) => void;
  /** The worker stopped, for a reason in a sentence. */
  readonly stopped: (happened: string) => void;
}

/** Who waits for an answer. */
interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Unanswered) => void;
}

/** Opens a worker. */
export function openLink({ hear, stopped }: Listener) {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let worker = open();

  function open(): Worker {
    const opened = new Worker(new URL("../worker/worker.js", import.meta.url), { type: "module" });
    opened.onmessage = ({ data }: MessageEvent<Reply>) => {
      if (opened === worker) receive(data);
    };
    opened.onerror = (event) => {
      event.preventDefault();
      if (opened !== worker) return;
      stopped(`The worker stopped: ${event.message || "its code could not be loaded"}.`);
    };
    return opened;
  }

  function receive(reply: Reply): void {
    switch (reply.type) {
      case "decoded":
        return settle(reply.id, ({ resolve }) => resolve(reply.rows as never));
      case "encoded":
        return settle(reply.id, ({ resolve }) => resolve(reply.datum as never));
      case "unanswered":
        return settle(reply.id, ({ reject }) => reject(new Unanswered()));
      default:
        return hear(reply);
    }
  }

  function settle(id: number, answer: (one: Waiting) => void): void {
    const one = waiting.get(id);
    waiting.delete(id);
    if (one) answer(one);
  }

  /** Asks for something that has an answer. */
  function ask<T>(request: (id: number) => Request): Promise<T> {
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      worker.postMessage(request(id));
    });
  }

  return {
    tell: (request: Request): void => worker.postMessage(request),
    decode: (latents: { values: Float32Array<ArrayBuffer>; label: number }): Promise<Rows> =>
      ask((id) => ({ type: "decode", id, latents })),
    encode: (index: number): Promise<Encoded> => ask((id) => ({ type: "encode", id, index })),
    /** Ends the worker, and opens another. */
    replace(): void {
      worker.terminate();
      for (const id of [...waiting.keys()]) settle(id, ({ reject }) => reject(new Unanswered()));
      worker = open();
    },
  };
}
