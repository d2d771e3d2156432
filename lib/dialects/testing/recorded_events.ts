/**
 * What a client session tells, recorded as lines, for tests of sessions.
 *
 * @module
 */

import type { ClientEvents } from "../dialect.ts";

/** Client events whose every call adds a line. */
export class RecordedEvents implements ClientEvents {
  #lines: string[] = [];

  /** All lines since the last call. */
  take(): string[] {
    return this.#lines.splice(0);
  }

  /** Records the name. */
  ready(name: string): void {
    this.#lines.push(`ready ${name}`);
  }

  /** Records why, and whether nobody was asked. */
  refused(why: string, by?: string): void {
    this.#lines.push(`refused${by === "client" ? " without asking" : ""}: ${why}`);
  }

  /** Records who said what to whom. */
  message(from: string, audience: string, body: Uint8Array): void {
    this.#lines.push(`${from} to ${audience}: ${new TextDecoder().decode(body)}`);
  }

  /** Records the text. */
  notice(text: string): void {
    this.#lines.push(`notice: ${text}`);
  }

  /** Records the outcome and the server's words. */
  settled(id: number, outcome: { readonly kind: string; readonly reason?: string }, words?: string): void {
    this.#lines.push([`#${id}`, outcome.kind, outcome.reason, words && `(${words})`].filter(Boolean).join(" "));
  }

  /** Records the file and the line. */
  keep(file: string, line: string): void {
    this.#lines.push(`${file} | ${line}`);
  }

  /** Records why, and whose fault it was. */
  closed(why: string, fault?: string): void {
    this.#lines.push(`closed: ${why}${fault === undefined ? "" : ` (${fault})`}`);
  }
}
