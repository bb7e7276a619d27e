/**
 * Streams of bytes as lines of text: what a driver and its workers talk in.
 *
 * @module
 */

/** The lines of a stream, without their ends. */
export async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of stream) {
    const whole = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = whole.pop()!;
    yield* whole;
  }
  if (rest !== "") yield rest;
}
