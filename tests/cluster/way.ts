/**
 * The way from one server to its NATS, which can be cut.
 *
 * @module
 */

/** Passes on what goes between a server and NATS, until it is cut: then nothing arrives any more, and nobody is told. */
export class Way implements Disposable {
  readonly #listener: Deno.TcpListener;
  readonly #to: number;
  readonly #connections = new Set<Deno.TcpConn>();
  #isCut = false;

  private constructor(listener: Deno.TcpListener, to: number) {
    this.#listener = listener;
    this.#to = to;
  }

  /** Opens a way to a port of this machine. */
  static open(to: number): Way {
    const way = new Way(Deno.listen({ hostname: "127.0.0.1", port: 0 }), to);
    void way.#accept();
    return way;
  }

  /** Where it begins. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** Nothing arrives any more. */
  cut(): void {
    this.#isCut = true;
  }

  /** It is whole again; the connections that there were are not. */
  heal(): void {
    this.#isCut = false;
    this.#closeAll();
  }

  /** Closes it. */
  [Symbol.dispose](): void {
    this.#listener.close();
    this.#closeAll();
  }

  async #accept(): Promise<void> {
    for await (const near of this.#listener) {
      const far = this.#isCut
        ? undefined
        : await Deno.connect({ hostname: "127.0.0.1", port: this.#to }).catch(() => {});
      if (far === undefined) {
        // Whoever connects while it is cut gets no answer.
        if (this.#isCut) this.#connections.add(near);
        else near.close();
        continue;
      }
      this.#connections.add(near).add(far);
      void this.#carry(near, far);
      void this.#carry(far, near);
    }
  }

  async #carry(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
    const buffer = new Uint8Array(16 * 1024);
    try {
      for (let size = await from.read(buffer); size !== null; size = await from.read(buffer)) {
        if (this.#isCut) continue;
        for (let bytes = buffer.subarray(0, size); bytes.length > 0;) bytes = bytes.subarray(await to.write(bytes));
      }
    } catch {
      // Closed, by us or by one of the two.
    }
    for (const connection of [from, to]) if (this.#connections.delete(connection)) connection.close();
  }

  #closeAll(): void {
    for (const connection of this.#connections) connection.close();
    this.#connections.clear();
  }
}
