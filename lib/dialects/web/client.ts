/**
 * The client's side of web, for a terminal, for scripts, and for tests.
 *
 * @module
 */

import { CLOSE_REASONS, type CloseReason } from "../../core/close_reason.ts";
import type { Link, LinkHandler } from "../../core/link.ts";
import { EVERYONE, isWellFormedName } from "../../core/name.ts";
import type { ClientEvents, ClientSession, InputResult } from "../dialect.ts";
import { fieldsOfBody } from "./body.ts";
import { encodeClientMessage, type WrittenClientMessage } from "./client_messages.ts";
import { USAGE } from "./commands.ts";
import { type HeardMessage, readServerMessage } from "./server_messages.ts";

const encoder = new TextEncoder();
const MALFORMED = "a name is letters (A-Z, a-z) and digits, 255 at most, and not ALL";

/** Joins once the server has said hello, sends what is entered, and acknowledges what it has shown. */
export class WebClient implements ClientSession {
  /** One WebSocket. */
  readonly links = 1;
  readonly #events: ClientEvents;
  #name: string;
  #link: Link | undefined;
  #state: "waiting" | "asked" | "ready" | "leaving" | "closed" = "waiting";
  readonly #present = new Set<string>();
  /** Messages of ours without an outcome. */
  readonly #open = new Set<number>();
  #lastId = 0;
  /** What the server has said of why it closes. */
  #bye: string | undefined;

  constructor(name: string, events: ClientEvents) {
    this.#name = name;
    this.#events = events;
  }

  /** The names of all others who are there. */
  get present(): readonly string[] {
    return [...this.#present];
  }

  /** Waits for the server's hello. */
  start(links: readonly Link[]): readonly LinkHandler[] {
    const [link] = links;
    if (link === undefined) throw new TypeError("web takes one link");
    this.#link = link;
    return [{
      receive: (bytes) => this.#receive(bytes),
      ended: () => this.#close(this.#bye ?? "the server closed the connection"),
      closed: (reason: CloseReason) => this.#close(this.#bye ?? CLOSE_REASONS[reason]),
    }];
  }

  /** Tries another name on the same connection. */
  rename(name: string): void {
    this.#name = name;
    if (this.#state === "asked") this.#join();
  }

  /** A line is `@<user> <message>`. */
  enter(line: string): InputResult {
    if (line === "") return { kind: "taken" };
    const match = /^@(\S+) ([^]+)$/.exec(line);
    if (match === null) return { kind: "rejected", hint: USAGE };
    return this.post(match[1], encoder.encode(match[2]));
  }

  /** Sends a body of any bytes. */
  post(to: string = EVERYONE, body: Uint8Array): InputResult {
    if (to !== EVERYONE && !isWellFormedName(to)) {
      return { kind: "rejected", why: `${to} is no name in web`, hint: "a name of letters and digits" };
    }
    const id = ++this.#lastId;
    this.#open.add(id);
    this.#say({ type: "send", id, ...to !== EVERYONE && { to }, ...fieldsOfBody(body) });
    return { kind: "sent", id, to, audience: to === EVERYONE ? "everyone" : "direct" };
  }

  /** Says goodbye; the server closes. */
  leave(): void {
    if (this.#state === "leaving" || this.#state === "closed") return;
    const isPresent = this.#state === "ready";
    this.#state = "leaving";
    if (isPresent) this.#say({ type: "leave" });
    else this.#link?.end("left");
  }

  #receive(bytes: Uint8Array): void {
    if (this.#state === "closed") return;
    const message = readServerMessage(bytes);
    if (message === undefined) return this.#fault("the server says what is no message of web");
    this.#heard(message);
  }

  #heard(message: HeardMessage): void {
    switch (message.type) {
      case "hello":
        if (this.#state === "waiting") this.#join();
        return;
      case "joined":
        return this.#joined(message);
      case "refused":
        return this.#state === "asked" ? this.#events.refused(message.reason || message.code) : undefined;
      case "present":
        if (this.#present.has(message.name)) return;
        this.#present.add(message.name);
        return this.#events.notice(`${message.name} has joined.`);
      case "absent":
        if (this.#present.delete(message.name)) this.#events.notice(`${message.name} has left.`);
        return;
      case "message":
        // Shown before it is acknowledged: what is confirmed was seen.
        this.#events.message(message.from, message.audience, message.body);
        return this.#say({ type: "received", number: message.number });
      case "outcome":
        if (!this.#open.delete(message.id)) {
          return this.#fault("the server tells the outcome of a message that has none to tell");
        }
        return this.#events.settled(message.id, message.outcome, message.words);
      case "error":
        return this.#events.notice(`the server says: ${message.reason || message.code}`);
      case "bye":
        this.#bye = message.reason || message.code;
        return;
      case "unknown":
        return;
    }
  }

  #joined({ name, present }: HeardMessage & { type: "joined" }): void {
    if (this.#state !== "asked") return;
    this.#state = "ready";
    for (const { name } of present) this.#present.add(name);
    this.#events.ready(name);
    const names = present.map(({ name, dialect }) => `${name} (${dialect})`).join(", ");
    this.#events.notice(names === "" ? "nobody else is here yet" : `here: ${names}`);
  }

  #join(): void {
    this.#state = "asked";
    if (isWellFormedName(this.#name)) this.#say({ type: "join", name: this.#name });
    else this.#events.refused(MALFORMED, "client");
  }

  #say(message: WrittenClientMessage): void {
    this.#link?.write(encodeClientMessage(message));
  }

  #fault(why: string): void {
    this.#close(why, "protocol");
  }

  #close(why: string, fault?: "protocol"): void {
    if (this.#state === "closed") return;
    const isExpected = this.#state === "leaving" && fault === undefined;
    this.#state = "closed";
    this.#link?.end("left");
    if (!isExpected) this.#events.closed(why, fault ?? "connection");
  }
}
