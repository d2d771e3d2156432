/**
 * A connection of the runtime's without what `Deno.Conn` lays round each read: an asynchronous function, and a set of what is pending.
 * See docs/decisions/0068-measured-by-processor-time.md.
 *
 * @module
 */

import type { ByteStream } from "./stream_link.ts";

/** What the runtime's own modules work with. It is no public interface: where it is not like this, it is not used. */
interface RuntimeCore {
  /** Where a connection keeps the number that the runtime knows it by. */
  readonly internalRidSymbol: symbol;
  /** Gives 0 at the end. */
  readonly read: (resource: number, buffer: Uint8Array) => Promise<number>;
  readonly write: (resource: number, bytes: Uint8Array) => Promise<number>;
  readonly shutdown: (resource: number) => Promise<void>;
  readonly close: (resource: number) => void;
}

const FUNCTIONS = ["read", "write", "shutdown", "close"] as const;

function findCore(): RuntimeCore | undefined {
  const { internal } = Deno as unknown as { readonly internal: symbol };
  const internals = Deno as unknown as Readonly<Record<symbol, { readonly core?: RuntimeCore } | undefined>>;
  const core = internals[internal]?.core;
  const isUsable = typeof core?.internalRidSymbol === "symbol" &&
    FUNCTIONS.every((name) => typeof core[name] === "function");
  return isUsable ? core : undefined;
}

const core = findCore();

/** Keeps the number alone: the runtime's object with its addresses and sets is a tenth of what an idle link takes. */
class RawConnection implements ByteStream {
  readonly #core: RuntimeCore;
  readonly #resource: number;
  readonly closingEnds: boolean;

  constructor(core: RuntimeCore, resource: number, closingEnds: boolean) {
    this.#core = core;
    this.#resource = resource;
    this.closingEnds = closingEnds;
  }

  read(buffer: Uint8Array): Promise<number> {
    return this.#core.read(this.#resource, buffer);
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.#core.write(this.#resource, bytes);
  }

  closeWrite(): Promise<void> {
    return this.#core.shutdown(this.#resource);
  }

  close(): void {
    this.#core.close(this.#resource);
  }
}

/** The same connection at less cost, which owns it from then on; or itself where this runtime does not let us. */
export function rawConnection(connection: Deno.Conn): ByteStream {
  if (core === undefined) return connection;
  const resource = (connection as unknown as Readonly<Record<symbol, unknown>>)[core.internalRidSymbol];
  // Over TLS, which has no Nagle to switch off, an end must be said before.
  return typeof resource === "number" ? new RawConnection(core, resource, "setNoDelay" in connection) : connection;
}
