/**
 * The document's menu: send a message, or disconnect. People are asked; scripts may choose, or write a message in one line.
 *
 * @module
 */

import type { HalfClosingLink, LinkHandler } from "../../core/link.ts";
import type { ClientEvents, ClientSession, InputResult } from "../dialect.ts";
import type { FrameClient } from "./client.ts";
import { checkDestination, checkMessage } from "./message.ts";

const CHOICE = "1 to send a message, or 2 to disconnect and exit";
const WAY_BACK = ", or an empty line to go back";

/** A message that waits for its destination. */
interface Written {
  readonly text: string;
  readonly bytes: Uint8Array;
}

/** Asks for the choice, then for a message, which may be empty, and its destination, each until it can be used. */
export class FrameMenu implements ClientSession {
  /** As many as the client takes. */
  readonly links: number;
  readonly #client: FrameClient;
  readonly #events: ClientEvents;
  readonly #isInteractive: boolean;
  /** What is asked for: the choice, a message, or the destination of this one. */
  #asked: "choice" | "message" | Written = "choice";

  /** `isInteractive` says whether a person is asked; the lines of a script that are no choice are messages. */
  constructor(client: FrameClient, events: ClientEvents, isInteractive: boolean) {
    this.#isInteractive = isInteractive;
    this.#client = client;
    this.#events = events;
    this.links = client.links;
  }

  /** What is asked for. */
  get prompt(): string | undefined {
    if (!this.#isInteractive) return undefined;
    if (this.#asked === "choice") return `${this.#client.id} - 1 send a message, 2 disconnect and exit> `;
    return this.#asked === "message" ? "Message> " : "Destination ID> ";
  }

  /** A blank line is an empty message, and the way back from a destination. */
  get takesBlanks(): boolean {
    return this.#asked !== "choice";
  }

  /** A destination is somebody's ID; a message, and a choice, are no names. */
  get expects(): "name" | "text" | undefined {
    if (this.#asked === "choice" || !this.#isInteractive) return undefined;
    return this.#asked === "message" ? "text" : "name";
  }

  /** Waits for the ID. */
  start(links: readonly HalfClosingLink[]): readonly LinkHandler[] {
    return this.#client.start(links);
  }

  /** See {@linkcode FrameClient.rename}. */
  rename(name: string): void {
    this.#client.rename(name);
  }

  /** A line answers what was asked. */
  enter(line: string): InputResult {
    if (this.#asked === "choice") return this.#choose(line);
    if (this.#asked === "message") return this.#write(line);
    if (line.trim() === "") return this.#goBack();
    return this.#address(line.trim(), this.#asked);
  }

  /** See {@linkcode FrameClient.post}. */
  post(to: string | undefined, body: Uint8Array): InputResult {
    return this.#client.post(to, body);
  }

  /** See {@linkcode FrameClient.leave}. */
  leave(): void {
    this.#client.leave();
  }

  #choose(line: string): InputResult {
    const choice = line.trim();
    if (choice === "2") return { kind: "leaving" };
    if (choice !== "1") return this.#isInteractive ? { kind: "rejected", hint: CHOICE } : this.#client.enter(line);
    this.#asked = "message";
    return { kind: "taken" };
  }

  #goBack(): InputResult {
    this.#asked = "choice";
    this.#events.notice("nothing was sent: back to the menu");
    return { kind: "taken" };
  }

  #write(line: string): InputResult {
    const bytes = line === "" ? new Uint8Array() : checkMessage(line);
    if (typeof bytes === "string") return { kind: "rejected", hint: bytes };
    this.#asked = { text: line, bytes };
    return { kind: "taken" };
  }

  #address(line: string, { text, bytes }: Written): InputResult {
    const destination = checkDestination(line, this.#client.id);
    if (typeof destination === "string") return { kind: "rejected", hint: `${destination}${WAY_BACK}` };
    this.#asked = "choice";
    return { ...this.#client.send(destination, bytes), line: `${destination} ${text}` };
  }
}
