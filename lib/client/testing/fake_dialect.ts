/**
 * A dialect for tests: whatever a server would say, the test says.
 *
 * @module
 */

import type { Link, LinkHandler } from "../../core/link.ts";
import type { ClientEvents, ClientSession, Dialect, InputResult } from "../../dialects/dialect.ts";

/**
 * Any line is a message, but `?…`, which is rejected, `/leave`, which leaves, and any other `/…`, which is a request without an
 * outcome.
 */
export class FakeSession implements ClientSession {
  /** One link. */
  readonly links = 1;
  /** What was entered, in order, rejected lines excluded. */
  readonly entered: string[] = [];
  /** The names that were asked for, in order. */
  readonly names: string[];
  /** Is told when something was entered, or another name was tried. */
  onCall: () => void = () => {};
  /** What it asks for. */
  prompt: string | undefined;
  /** What it calls the line of a message, if it is not what was entered. */
  whole: string | undefined;
  /** Whether each message waits for the one before it to be answered. */
  isOneByOne = false;
  /** Whether it was told to leave. */
  hasLeft = false;
  #links: readonly Link[] = [];

  constructor(name: string, readonly events: ClientEvents) {
    this.names = [name];
  }

  start(links: readonly Link[]): readonly LinkHandler[] {
    this.#links = links;
    return links.map(() => ({
      receive: (bytes) => this.events.message("bob", "direct", bytes),
      ended: () => this.events.closed("the server closed the connection", "connection"),
      closed: () => {},
    }));
  }

  rename(name: string): void {
    this.names.push(name);
    this.onCall();
  }

  enter(line: string): InputResult {
    if (line.startsWith("?")) return { kind: "rejected", hint: "anything else" };
    this.entered.push(line);
    this.onCall();
    for (const link of this.#links) link.write(new TextEncoder().encode(line));
    if (line === "/leave") return { kind: "leaving" };
    if (line.startsWith("/")) return { kind: "taken" };
    const whole = this.whole === undefined ? {} : { line: this.whole };
    const waits = this.isOneByOne ? { waits: this.entered.length > 1 } : {};
    return { kind: "sent", id: this.entered.length, to: "bob", audience: "direct", ...whole, ...waits };
  }

  post(to: string | undefined, body: Uint8Array): InputResult {
    if (to === "?") return { kind: "rejected", why: "nobody is called ?", hint: "a name" };
    return this.enter(`to ${to ?? "all"}: ${new TextDecoder().decode(body)}`);
  }

  leave(): void {
    this.hasLeft = true;
    for (const link of this.#links) link.end("left");
  }
}

/** The dialect. */
export class FakeDialect implements Dialect {
  readonly name = "fake";
  readonly transport = "tcp";
  readonly defaultPort = 4321;
  /** Any word. */
  readonly ping = { answer: /./ };
  readonly usage = "anything";
  readonly forms = [{ form: "to <name> <message>", does: "says something" }];

  client(name: string, events: ClientEvents): Promise<FakeSession> {
    return Promise.resolve(new FakeSession(name, events));
  }

  server(): Promise<never> {
    return Promise.reject(new TypeError("only clients speak it"));
  }
}
