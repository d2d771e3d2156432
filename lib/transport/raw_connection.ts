/**
 * A connection of the runtime's without what `Deno.Conn` lays round each read: an asynchronous function, and a set of what is pending.
 * See docs/decisions/0068-measured-by-processor-time.md.
 *
 * @module
 */

import type { ByteStream } from "./stream_link.ts";

/** What the runtime's own modules read and write with. It is no public interface: where it is not like this, it is not used. */
interface RuntimeCore {
  /** Where a connection keeps the number that the runtime knows it by. */
  readonly internalRidSymbol: symbol;
  /** Gives 0 at the end. */
  readonly read: (resource: number, buffer: Uint8Array) => Promise<number>;
  readonly write: (resource: number, bytes: Uint8Array) => Promise<number>;
}

function findCore(): RuntimeCore | undefined {
  const { internal } = Deno as unknown as { readonly internal: symbol };
  const internals = Deno as unknown as Readonly<Record<symbol, { readonly core?: Partial<RuntimeCore> } | undefined>>;
  const { internalRidSymbol, read, write } = internals[internal]?.core ?? {};
  const isUsable = typeof internalRidSymbol === "symbol" && typeof read === "function" && typeof write === "function";
  return isUsable ? { internalRidSymbol, read, write } : undefined;
}

const core = findCore();

class RawConnection implements ByteStream {
  readonly #connection: Deno.Conn;
  readonly #core: RuntimeCore;
  readonly #resource: number;

  constructor(connection: Deno.Conn, core: RuntimeCore, resource: number) {
    this.#connection = connection;
    this.#core = core;
    this.#resource = resource;
  }

  read(buffer: Uint8Array): Promise<number> {
    return this.#core.read(this.#resource, buffer);
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.#core.write(this.#resource, bytes);
  }

  closeWrite(): Promise<void> {
    return this.#connection.closeWrite();
  }

  /** Over TLS, which has no Nagle to switch off, an end must be said before. */
  get closingEnds(): boolean {
    return "setNoDelay" in this.#connection;
  }

  close(): void {
    this.#connection.close();
  }
}

/** The same connection at less cost, which owns it from then on; or itself where this runtime does not let us. */
export function rawConnection(connection: Deno.Conn): ByteStream {
  if (core === undefined) return connection;
  const resource = (connection as unknown as Readonly<Record<symbol, unknown>>)[core.internalRidSymbol];
  return typeof resource === "number" ? new RawConnection(connection, core, resource) : connection;
}
