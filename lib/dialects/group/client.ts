/**
 * The client's side of group, from before its port is open.
 *
 * @module
 */

import type { DatagramHandler, DatagramPort } from "../../core/datagrams.ts";
import type { Deadlines } from "../../core/deadlines.ts";
import type { Endpoint } from "../../core/link.ts";
import { EVERYONE } from "../../core/name.ts";
import type { ClientEvents, DatagramSession, InputResult } from "../dialect.ts";
import { notCarried, oneLine } from "../session/one_line.ts";
import { parseCommand } from "./commands.ts";
import { fieldText } from "./fields.ts";
import { GroupSession } from "./talk.ts";

/** A session that talks once it is started. */
export class GroupClient implements DatagramSession {
  readonly #name: string;
  readonly #events: ClientEvents;
  readonly #deadlines: Deadlines;
  #talk: GroupSession | undefined;

  /** Takes the name to register, who is told what happens, and the time. */
  constructor(name: string, events: ClientEvents, deadlines: Deadlines) {
    this.#name = name;
    this.#events = events;
    this.#deadlines = deadlines;
  }

  /** Shows the group that the client is in. */
  get prompt(): string | undefined {
    return this.#talk?.prompt;
  }

  /** Everybody else who is online. */
  get present(): readonly string[] {
    return this.#talk?.present ?? [];
  }

  /** The groups that the server has told us of. */
  get groups(): readonly string[] {
    return this.#talk?.groups ?? [];
  }

  /** Whether the server has yet to answer. */
  get isWaiting(): boolean {
    return this.#talk?.isWaiting ?? true;
  }

  /** Registers. */
  start(port: DatagramPort, server: Endpoint): DatagramHandler {
    return this.#talk = new GroupSession(this.#name, this.#events, this.#deadlines, port, server);
  }

  /** Registers under another name. */
  rename(name: string): void {
    this.#talk?.rename(name);
  }

  /** Takes one of the document's commands. */
  enter(line: string): InputResult {
    return this.#talk?.enter(line) ?? { kind: "rejected", hint: "it again when the client is registered" };
  }

  /** Sends a line to one user; group has no message to everybody. */
  post(to: string | undefined, body: Uint8Array): InputResult {
    if (to === undefined || to === EVERYONE) {
      return notCarried("group has no messages to everybody", "a name, or a group that you are in");
    }
    return this.#enter(`send ${to}`, body);
  }

  /** Sends a line to the group that we are in. */
  postToGroup(group: string, body: Uint8Array): InputResult {
    if (group !== this.#talk?.group) return notCarried(`you are not in group ${group}`, `join_group ${group} first`);
    return this.#enter("send_group", body);
  }

  /** Enters a command with a message behind it, if the message is understood as it is. */
  #enter(command: string, body: Uint8Array): InputResult {
    const text = oneLine(body);
    if (typeof text !== "string") return text;
    if (fieldText(text) !== text) return notCarried("the message has control characters", "text without them");
    const understood = parseCommand(`${command} ${text}`, command === "send_group");
    const isWhole = typeof understood !== "string" && "message" in understood && understood.message === text;
    return isWhole
      ? this.enter(`${command} ${text}`)
      : notCarried("the name or the ends of the message are blank", "it without");
  }

  /** Leaves: with `dereg`, or without a word (a silent leave) where the user has broken off. */
  leave(isInterrupted?: boolean): void {
    this.#talk?.leave(isInterrupted);
  }

  /** Takes no messages, or takes them again. */
  pause(pause: boolean): void {
    this.#talk?.pause(pause);
  }
}
