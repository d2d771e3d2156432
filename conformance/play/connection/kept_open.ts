/**
 * Connections that stay open when their fixture is over.
 *
 * @module
 */

import type { Connection } from "./connection.ts";
import { closeAll, type ClosedServer } from "./connections.ts";
import type { Result } from "../../results/verdict.ts";

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
  async release(server: ClosedServer): Promise<void> {
    this.#isOver = true;
    const connections = [...this.#connections];
    if (connections.length > 0) await closeAll(connections, server);
  }
}

/** Whether a fixture may have failed because the server has no room for more connections: it closed one, or left one without a word. */
export function mayLackRoom({ failure, wire }: Result): boolean {
  if (failure?.kind === "closed") return true;
  const events = wire?.events ?? [];
  const heard = new Set(events.filter(({ kind }) => kind === "received").map(({ connection }) => connection));
  return failure !== undefined && events.some(({ kind, connection }) => kind === "connected" && !heard.has(connection));
}
