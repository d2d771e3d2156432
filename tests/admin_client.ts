/**
 * Asks a server as its operators do, over a socket of the file system.
 *
 * @module
 */

/** What came back. */
export interface Answered {
  /** The status: 200, for example. */
  readonly status: number;
  /** The body. */
  readonly text: string;
  /** The body, if it is JSON. */
  readonly json: unknown;
}

/**
 * Sends one request, with an object in JSON if there is one. Rejects if nobody is there, or too slow.
 *
 * @param patience how long the answer may take, in milliseconds.
 */
export async function askUnix(
  path: string,
  method: string,
  target: string,
  value?: unknown,
  patience = 60_000,
): Promise<Answered> {
  const connection = await Deno.connect({ transport: "unix", path });
  const late = setTimeout(() => connection.close(), patience);
  const body = new TextEncoder().encode(value === undefined ? "" : JSON.stringify(value));
  const accept = "Accept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5\r\n";
  const head = `${method} ${target} HTTP/1.1\r\nHost: localhost\r\n${accept}Content-Length: ${body.length}\r\n\r\n`;
  const writer = connection.writable.getWriter();
  await writer.write(new TextEncoder().encode(head));
  if (body.length > 0) await writer.write(body);
  writer.releaseLock();
  const whole = await new Response(connection.readable).text().finally(() => clearTimeout(late));
  const [, status, text = ""] = /^HTTP\/1.1 (\d+)[^]*?\r\n\r\n([^]*)$/.exec(whole) ?? [];
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    // Not all that is asked for is JSON.
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { status: Number(status), text, json };
}
