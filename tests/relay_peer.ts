/**
 * A user who speaks relay by hand, and does only what a test says.
 *
 * @module
 */

/** Both sockets of a registered user; disposing it closes them. */
export class RelayPeer implements AsyncDisposable {
  readonly #sending: Deno.TcpConn;
  readonly #receiving: Deno.TcpConn;

  private constructor(sending: Deno.TcpConn, receiving: Deno.TcpConn) {
    this.#sending = sending;
    this.#receiving = receiving;
  }

  /** Connects and registers. */
  static async register(name: string, port: number): Promise<RelayPeer> {
    const sending = await Deno.connect({ hostname: "127.0.0.1", port });
    const receiving = await Deno.connect({ hostname: "127.0.0.1", port });
    for (const [connection, side] of [[sending, "TOSEND"], [receiving, "TORECV"]] as const) {
      await write(connection, `REGISTER ${side} ${name}\n\n`);
      const answer = await readUntil(connection, (text) => text.endsWith("\n\n"));
      if (answer.startsWith("REGISTERED")) continue;
      sending.close();
      receiving.close();
      throw new Error(`the server said ${answer}`);
    }
    return new RelayPeer(sending, receiving);
  }

  /** Sends a message, and does not wait for its outcome. */
  async send(to: string, body: string): Promise<void> {
    await write(this.#sending, `SEND ${to}\nContent-length: ${new TextEncoder().encode(body).length}\n\n${body}`);
  }

  /** Waits for a message with a body that contains no empty line, and gives it as it came. */
  forwarded(): Promise<string> {
    return readUntil(this.#receiving, (text) => {
      const [, length, body] = /^FORWARD .*\nContent-length: (\d+)\n\n([^]*)$/.exec(text) ?? [];
      return body !== undefined && new TextEncoder().encode(body).length === Number(length);
    });
  }

  /** Waits for the outcome of the message that was sent last. */
  answer(): Promise<string> {
    return readUntil(this.#sending, (text) => text.endsWith("\n\n"));
  }

  /** Says anything on the socket for what is received. */
  async say(text: string): Promise<void> {
    await write(this.#receiving, text);
  }

  /** Leaves. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#sending.close();
    this.#receiving.close();
    return Promise.resolve();
  }
}

async function write(connection: Deno.TcpConn, text: string): Promise<void> {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(await connection.write(bytes));
}

async function readUntil(connection: Deno.TcpConn, isWhole: (text: string) => boolean): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(4096);
  let text = "";
  while (!isWhole(text)) {
    const size = await connection.read(buffer);
    if (size === null) throw new Error(`the server closed after ${JSON.stringify(text)}`);
    text += decoder.decode(buffer.subarray(0, size), { stream: true });
  }
  return text;
}
