/**
 * Connections that stay open when their fixture is over.
 *
 * @module
 */

import type { Runtime } from "../../../lib/core/runtime.ts";
import type { Connection } from "./connection.ts";
import { closeAll } from "./connections.ts";

/** So many stay open at most: fewer than a server has places for, and than this system has descriptors. */
const MOST = 200;

/** Keeps connections open until they are released; from then on none. */
export class KeptOpen {
  readonly #connections = new Set<Connection>();
  #isOver = false;

  /** Whether none is open. */
  get isEmpty(): boolean {
    return this.#connections.size === 0;
  }

  /** Keeps one, on which nothing counts any more, and says whether it does: there may be too many. */
  keep(connection: Connection): boolean {
    if (this.#isOver || this.#connections.size >= MOST || !connection.isOpen) return false;
    connection.forget();
    this.#connections.add(connection);
    connection.gone.then(() => this.#connections.delete(connection));
    return true;
  }

  /** Closes them all, and waits until the server has noticed. */
  async release(runtime: Runtime): Promise<void> {
    this.#isOver = true;
    const connections = [...this.#connections];
    if (connections.length > 0) await closeAll(connections, runtime);
  }
}
