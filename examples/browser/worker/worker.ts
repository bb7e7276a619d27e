/**
 * The worker: holds data and model, trains, and draws what the page asks for.
 *
 * @module
 */
import type { Reply, Request } from "../protocol.ts";
import { openSession } from "./session.ts";

/** What a worker's global scope has, of which the types of a page know nothing. */
interface Scope {
  postMessage(message: unknown, transfer: readonly Transferable[]): void;
  onmessage: ((event: MessageEvent<Request>) => void) | null;
}

const scope = globalThis as unknown as Scope;

/** The numbers in a reply, which need not be copied. */
function buffersIn(reply: Reply): ArrayBuffer[] {
  switch (reply.type) {
    case "reconstructions":
      return [reply.inputs.values.buffer, reply.outputs.values.buffer];
    case "samples":
    case "decoded":
      return [reply.rows.values.buffer];
    case "means":
      return [reply.values.buffer];
    default:
      return [];
  }
}

const session = openSession((reply) => scope.postMessage(reply, buffersIn(reply)));
scope.onmessage = ({ data }) => void session(data);
scope.postMessage({ type: "hello" } satisfies Reply, []);
