/**
 * The client's side of room: gives the name, then passes on what is entered.
 *
 * @module
 */

import { Fifo } from "../../core/fifo.ts";
import type { Link, LinkHandler } from "../../core/link.ts";
import { EVERYONE } from "../../core/name.ts";
import { CLOSE_REASONS, type CloseReason } from "../../core/close_reason.ts";
import type { ClientEvents, ClientSession, InputResult } from "../dialect.ts";
import { notCarried, oneLine } from "../session/one_line.ts";
import { ROOM_INPUT } from "./input.ts";
import { Echo } from "./echo.ts";
import { RoomLines } from "./heard.ts";
import { QUIT } from "./commands.ts";
import { ASK, GREETING, OURS, welcomeWords } from "./words.ts";

const encoder = new TextEncoder();

/** A message that was entered and that the room has not repeated yet. */
interface Pending {
  readonly id: number;
  readonly text: string;
}

/**
 * Speaks as the document's own client does, since it cannot know which server it has found: without line breaks. What
 * leaves in one read is one message there, so that each waits until the room has repeated the one before. The room
 * confirms nothing else: of a message that it repeats, nobody knows more than that it took it.
 */
export class RoomClient implements ClientSession {
  /** One socket. */
  readonly links = 1;
  readonly #events: ClientEvents;
  readonly #text = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #lines = new RoomLines();
  #name: string;
  #link: Link | undefined;
  #state: "waiting" | "asked" | "ready" | "leaving" | "closed" = "waiting";
  /** What has arrived and was not shown yet: the greeting, or what may be the beginning of our own message. */
  #heard = "";
  /** The first is on its way; the others wait until it comes back. */
  readonly #pending = new Fifo<Pending>();
  #echo: Echo | undefined;
  #lastId = 0;

  constructor(name: string, events: ClientEvents) {
    this.#name = name.trim();
    this.#events = events;
  }

  /** Waits for the greeting. */
  start(links: readonly Link[]): readonly LinkHandler[] {
    const [link] = links;
    if (link === undefined) throw new TypeError("room takes one link");
    this.#link = link;
    return [{
      receive: (bytes) => this.#receive(this.#text.decode(bytes, { stream: true })),
      ended: () => this.#close("the server closed the connection"),
      closed: (reason: CloseReason) => this.#close(CLOSE_REASONS[reason]),
    }];
  }

  /** Tries another name. */
  rename(name: string): void {
    this.#name = name.trim();
    if (this.#state === "asked") this.#say(this.#name);
  }

  /** A line is a message, whatever it says. */
  enter(line: string): InputResult {
    if (line === QUIT) return { kind: "leaving" };
    if (encoder.encode(line).length > ROOM_INPUT.maxRead) {
      return { kind: "rejected", hint: `at most ${ROOM_INPUT.maxRead} bytes in a message` };
    }
    const pending = { id: ++this.#lastId, text: line };
    this.#pending.push(pending);
    if (this.#pending.size === 1) this.#sendNext();
    return { kind: "sent", id: pending.id, to: EVERYONE, audience: "everyone" };
  }

  /** Sends a line to everybody: a room knows no other messages. */
  post(to: string | undefined, body: Uint8Array): InputResult {
    if (to !== undefined && to !== EVERYONE) {
      return notCarried("a room has no messages to one alone", "null, for everybody");
    }
    const text = oneLine(body);
    if (typeof text !== "string") return text;
    return text === QUIT
      ? notCarried(`${QUIT} is how one leaves`, `it as a command: {"command":"${QUIT}"}`)
      : this.enter(text);
  }

  /** Says goodbye, unless that would become part of a message that is still on its way. */
  leave(): void {
    if (this.#state === "leaving" || this.#state === "closed") return;
    const isIdle = this.#state === "ready" && this.#pending.size === 0;
    this.#state = "leaving";
    if (isIdle) this.#say(QUIT);
    else this.#link?.end("left");
  }

  #receive(text: string): void {
    this.#heard += text;
    switch (this.#state) {
      case "waiting":
        return this.#greeted();
      case "asked":
        return this.#answered();
      case "ready":
        return this.#showUpToEcho();
      case "leaving":
        if (this.#heard.endsWith(QUIT)) this.#heard = this.#heard.slice(0, -QUIT.length);
        return this.#show(this.#takeHeard());
    }
  }

  /** The first words of the server: whatever they are, it waits for a name. */
  #greeted(): void {
    if (this.#heard.length < GREETING.length && GREETING.startsWith(this.#heard)) return;
    const greeting = this.#takeHeard();
    if (greeting !== GREETING) {
      this.#lines.treatAsForeign();
      this.#show(greeting);
    }
    this.#state = "asked";
    this.#say(this.#name);
  }

  #answered(): void {
    const answer = this.#takeHeard();
    if (answer.endsWith(ASK)) {
      const why = answer.slice(answer.startsWith(OURS) ? OURS.length : 0, -ASK.length);
      return this.#events.refused(why.trim());
    }
    this.#state = "ready";
    this.#events.ready(this.#name);
    const welcome = welcomeWords(this.#name);
    // What somebody says at that moment may come in the same read, with nothing between.
    const end = answer.startsWith(welcome) ? welcome.length : answer.length;
    this.#show(answer.slice(0, end));
    this.#sendNext();
    if (end < answer.length) this.#receive(answer.slice(end));
  }

  /** Shows what others said, and finds out whether our own message has come back. */
  #showUpToEcho(): void {
    const place = this.#echo?.find(this.#heard);
    if (place === "open") return;
    const heard = this.#takeHeard();
    if (place === undefined) return this.#show(heard);
    this.#show(heard.slice(0, place.start));
    const pending = this.#pending.shift();
    if (pending !== undefined) this.#events.settled(pending.id, { kind: "handed-over" });
    this.#sendNext();
    this.#receive(heard.slice(place.end));
  }

  #sendNext(): void {
    const next = this.#pending.peek();
    this.#echo = next === undefined ? undefined : new Echo(this.#name, next.text);
    if (next !== undefined && this.#state === "ready") this.#say(next.text);
  }

  #show(text: string): void {
    for (const line of text.split(/\r?\n/)) {
      if (line.trim() === "") continue;
      const heard = this.#lines.read(line);
      if (heard.kind === "words") this.#events.notice(heard.words);
      else this.#events.message(heard.from, heard.audience, encoder.encode(heard.text));
    }
  }

  #takeHeard(): string {
    const heard = this.#heard;
    this.#heard = "";
    return heard;
  }

  #say(text: string): void {
    this.#link?.write(encoder.encode(text));
  }

  #close(why: string): void {
    if (this.#state === "closed") return;
    const isExpected = this.#state === "leaving";
    this.#state = "closed";
    this.#show(this.#takeHeard());
    this.#link?.end("left");
    if (!isExpected) this.#events.closed(why, "connection");
  }
}
