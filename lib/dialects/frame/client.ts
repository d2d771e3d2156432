/**
 * The client's side of frame: one link, the ID that it was given, and no confirmations.
 *
 * @module
 */

import type { HalfClosingLink, LinkHandler } from "../../core/link.ts";
import { CLOSE_REASONS, type CloseReason } from "../../core/close_reason.ts";
import { visibleBytes } from "../../core/visible.ts";
import type { ClientEvents, ClientSession, InputResult } from "../dialect.ts";
import { Assignment } from "./assignment.ts";
import { encodeFrame, FrameDecoder, type FrameSink, MAX_MESSAGE } from "./codec.ts";
import { type FrameHeaderFault, NO_ID, SERVER_ID } from "./header.ts";
import { checkDestination, checkMessage } from "./message.ts";
import { readPassedOn } from "./notices.ts";
import { USAGE } from "./commands.ts";

/** What the document's client says of a frame for somebody else. */
const NOT_OURS = "Received a data that does not belong here";

const FAULTS: Readonly<Record<FrameHeaderFault, string>> = {
  "endless-id": "it sends a frame whose IDs do not end",
  "bad-size": "it sends a frame whose size is no number",
};

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Sends what is entered, at once: nothing is ever confirmed, so that all it can say of a message is that it was handed
 * over. What the server says as ID 1 is shown, also what it says when it has been told that we leave.
 */
export class FrameClient implements ClientSession, FrameSink {
  /** One socket. */
  readonly links = 1;
  readonly #events: ClientEvents;
  readonly #assignment = new Assignment();
  readonly #decoder = new FrameDecoder(this);
  #link: HalfClosingLink | undefined;
  /** Whether all that arrives is frames. */
  #isAssigned = false;
  /** The ID that the user was told. */
  #id = NO_ID;
  #state: "open" | "leaving" | "closed" = "open";
  #lastId = 0;

  constructor(events: ClientEvents) {
    this.#events = events;
  }

  /** The ID that the server has given us; {@linkcode NO_ID} before that. */
  get id(): number {
    return this.#id;
  }

  /** Waits for the ID. */
  start(links: readonly HalfClosingLink[]): readonly LinkHandler[] {
    const [link] = links;
    if (link === undefined) throw new TypeError("frame takes one link");
    this.#link = link;
    return [{
      receive: (bytes) => this.#receive(bytes),
      ended: () => this.#ended(),
      closed: (reason: CloseReason) => this.#close(CLOSE_REASONS[reason], "connection"),
    }];
  }

  /** The server says who we are, and refuses nobody a name. */
  rename(_name: string): void {}

  /** A line is `<destination> <message>`. */
  enter(line: string): InputResult {
    const match = /^(\S+) ([^]*)$/.exec(line);
    return match === null ? { kind: "rejected", hint: USAGE } : this.#address(match[1]!, match[2]!);
  }

  /** Sends up to 255 bytes, whatever they are; to one ID, since frame has no message to everybody. */
  post(to: string | undefined, body: Uint8Array): InputResult {
    return this.#address(to ?? "", body);
  }

  #address(to: string, text: string | Uint8Array): InputResult {
    const destination = checkDestination(to, this.#id);
    if (typeof destination === "string") return { kind: "rejected", hint: destination };
    const message = checkMessage(text);
    if (typeof message === "string") return { kind: "rejected", hint: message };
    return this.send(destination, message);
  }

  /** Sends a message that a frame can carry. */
  send(destination: number, message: Uint8Array): Extract<InputResult, { kind: "sent" }> {
    const id = ++this.#lastId;
    this.#link?.write(encodeFrame(this.#id, destination, message));
    this.#link?.flushed((isHandedOver) => {
      if (isHandedOver) this.#events.settled(id, { kind: "handed-over" });
    });
    this.#keep("input", destination, message);
    return { kind: "sent", id, to: String(destination), audience: "direct" };
  }

  /** Tells the server that this was all, hears what it has to say to that, and closes when it does. */
  leave(): void {
    if (this.#state !== "open") return;
    this.#state = "leaving";
    this.#link?.finish();
  }

  /** A frame from the server. */
  message(source: number, destination: number, message: Uint8Array): void {
    if (destination !== this.#id) return this.#events.notice(NOT_OURS);
    this.#keep("output", source, message);
    if (source === SERVER_ID) this.#events.notice(serverText(decoder.decode(message)));
    else this.#events.message(String(source), "untold", message);
  }

  /** An ACK frame. Servers do not pass on those that acknowledge something, so that this is somebody's empty message. */
  acknowledged(source: number, destination: number): void {
    this.message(source, destination, new Uint8Array());
  }

  /** A frame with a message that we do not take. */
  tooLong(source: number, _destination: number, size: number): void {
    this.#events.notice(`${source} sent a message of ${size} bytes, and ${MAX_MESSAGE} is frame's limit: left out`);
  }

  /** Where the next frame begins cannot be known any more. */
  unreadable(fault: FrameHeaderFault): void {
    this.#close(FAULTS[fault], "protocol");
  }

  #receive(bytes: Uint8Array): void {
    if (this.#state === "closed") return;
    if (this.#isAssigned) return this.#decoder.push(bytes);
    const frames = this.#assignment.push(bytes);
    const { id } = this.#assignment;
    if (id !== NO_ID && id !== this.#id) {
      this.#id = id;
      this.#events.ready(String(id));
    }
    if (frames === undefined) return;
    if (id === NO_ID) return this.#close("the first that it sends is no ID", "protocol");
    this.#isAssigned = true;
    this.#decoder.push(frames);
  }

  #ended(): void {
    const isRefused = this.#id === NO_ID;
    this.#close(
      `the server closed the connection${isRefused ? " without giving an ID: all may be taken" : ""}`,
      "connection",
    );
  }

  #keep(which: "input" | "output", other: number, message: Uint8Array): void {
    this.#events.keep?.(`node${this.#id}_${which}.txt`, `${other}: ${visibleBytes(message)}`);
  }

  #close(why: string, fault: "protocol" | "connection"): void {
    if (this.#state === "closed") return;
    const isExpected = this.#state === "leaving" && fault === "connection";
    this.#state = "closed";
    this.#decoder.stop();
    this.#link?.end("left");
    if (!isExpected) this.#events.closed(why, fault);
  }
}

/** What came as ID 1. Whether it is the server's own, or who says it, is only known of a server of ours: no sender is claimed. */
function serverText(text: string): string {
  const passedOn = readPassedOn(text);
  return passedOn === undefined ? `the server: ${text}` : `the server passes on: ${text}`;
}
