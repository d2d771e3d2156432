/**
 * Clients that a client has found silent, and tells its server of.
 *
 * @module
 */

import type { Deadline, Deadlines } from "../../core/deadlines.ts";
import { encodeRequest } from "./messages.ts";
import type { Row } from "./table.ts";
import { ACK_MS, TRIES } from "./times.ts";

/** A report that the server has not followed yet. */
interface Report {
  readonly row: Row;
  readonly settled: (isFollowed: boolean) => void;
  tries: number;
  deadline: Deadline | undefined;
}

/**
 * Asks the server to deregister others. It answers to the client that it deregisters and not to the one that asks for it;
 * what tells this one is the next table.
 */
export class Reports {
  readonly #deadlines: Deadlines;
  readonly #send: (datagram: Uint8Array) => void;
  readonly #open = new Map<string, Report>();

  /** Takes the time, and what sends a datagram to the server. */
  constructor(deadlines: Deadlines, send: (datagram: Uint8Array) => void) {
    this.#deadlines = deadlines;
    this.#send = send;
  }

  /** Reports somebody, up to five times; `settled` is told whether the table has followed. */
  report(row: Row, settled: (isFollowed: boolean) => void = () => {}): void {
    if (this.#open.has(row.name)) return settled(false);
    const report: Report = { row, settled, tries: 0, deadline: undefined };
    this.#open.set(row.name, report);
    this.#try(report);
  }

  /** There is a new table. */
  compare(table: ReadonlyMap<string, Row>): void {
    for (const report of [...this.#open.values()]) {
      const now = table.get(report.row.name);
      const isThere = now !== undefined && now.isOnline && now.port === report.row.port && now.ip === report.row.ip;
      if (!isThere) this.#close(report, true);
    }
  }

  /** Reports nobody any more. */
  close(): void {
    for (const report of [...this.#open.values()]) this.#close(report, false);
  }

  #try(report: Report): void {
    if (report.tries === TRIES) return this.#close(report, false);
    report.tries++;
    report.deadline = this.#deadlines.set(ACK_MS, { expired: () => this.#try(report) });
    this.#send(encodeRequest({ verb: "dereg", port: report.row.port }));
  }

  #close(report: Report, isFollowed: boolean): void {
    report.deadline?.cancel();
    this.#open.delete(report.row.name);
    report.settled(isFollowed);
  }
}
