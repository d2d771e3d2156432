/**
 * The client's side of relay: two links, one name, one message on its way at a time.
 *
 * @module
 */

import { Fifo } from "../../core/fifo.ts";
import type { Link, LinkHandler } from "../../core/link.ts";
import { EVERYONE, isWellFormedName } from "../../core/name.ts";
import { DELIVERED, refused } from "../../core/outcome.ts";
import { CLOSE_REASONS, type CloseReason } from "../../core/close_reason.ts";
import type { ClientEvents, ClientSession, InputResult } from "../dialect.ts";
import { encodeBodyHeader, encodeMessage, RelayDecoder } from "./codec.ts";
import type { Header, HeaderFault } from "./header.ts";
import { bytesOfText, spelled } from "./header_text.ts";
import { beginsMessage, Rest } from "./resynchronization.ts";
import { USAGE } from "./commands.ts";

/** The largest body that we take from a server, in bytes; it says `Content-length` and we keep that much. */
const MAX_BODY = 16 * 1024 * 1024;

/** What a name is here, for one that is none. */
const MALFORMED = "a name is letters (A-Z, a-z) and digits, 255 at most, and not ALL";
/** What a server may say on the TORECV socket besides FORWARD. */
const KNOWN_WORDS: ReadonlySet<string> = new Set(["REGISTERED", "ERROR", "SENT", "SEND"]);

const encoder = new TextEncoder();

/** A message that was entered and is not answered yet. */
interface Pending {
  readonly id: number;
  readonly to: string;
  readonly body: Uint8Array;
}

/** What the session waits for from its server. */
type Phase = "tosend" | "torecv" | "ready" | "closed";

/**
 * Registers TOSEND, then TORECV, then sends what is entered: one message after the other, each when the one before it is
 * answered, as the documents' client does (many servers read one message at a time).
 */
export class RelayClient implements ClientSession {
  /** TOSEND and TORECV. */
  readonly links = 2;
  readonly #answers = new RelayDecoder(undefined, MAX_BODY, {
    message: (header) => this.#answer(header),
    body: () => {},
    unreadable: () => this.#fault("the server sends a header without an end"),
  });
  readonly #forwards = new RelayDecoder("FORWARD", MAX_BODY, {
    message: (header) => this.#told(header),
    body: (from, body) => this.#forwarded(from, body),
    unreadable: (fault) => this.#unreadable(fault),
  });
  readonly #rest = new Rest((text) => this.#events.notice(text));
  readonly #events: ClientEvents;
  #name: string;
  #sending: Link | undefined;
  #receiving: Link | undefined;
  #phase: Phase = "tosend";
  /** The first is on its way; the others wait for its answer. */
  readonly #pending = new Fifo<Pending>();
  /** Whether the first is on its way: whoever is told of an event may enter the next message at once. */
  #isSent = false;
  #lastId = 0;

  constructor(name: string, events: ClientEvents) {
    this.#name = name;
    this.#events = events;
  }

  /** Registers on both links. */
  start(links: readonly Link[]): readonly LinkHandler[] {
    const [sending, receiving] = links;
    if (sending === undefined || receiving === undefined) throw new TypeError("relay takes two links");
    this.#sending = sending;
    this.#receiving = receiving;
    this.#register();
    return [
      this.#handler((bytes) => this.#answers.push(bytes)),
      this.#handler((bytes) => this.#receive(bytes)),
    ];
  }

  /** Tries another name on the same sockets (`relay/register-retry`). */
  rename(name: string): void {
    if (this.#phase !== "tosend" && this.#phase !== "torecv") return;
    this.#name = name;
    this.#register();
  }

  /** A line is `@<user> <message>`. */
  enter(line: string): InputResult {
    if (line === "") return { kind: "taken" };
    const match = /^@(\S+) ([^]+)$/.exec(line);
    const to = match?.[1] ?? "";
    if (match === null || !isRecipient(to)) return { kind: "rejected", hint: USAGE };
    return this.post(to, encoder.encode(match[2]));
  }

  /** Sends a body of any bytes; relay counts them. */
  post(to: string = EVERYONE, body: Uint8Array): InputResult {
    if (!isRecipient(to)) {
      return { kind: "rejected", why: `${to} is no name in relay`, hint: "a name of letters and digits" };
    }
    const pending = { id: ++this.#lastId, to, body };
    this.#pending.push(pending);
    const waits = this.#pending.size > 1;
    this.#sendNext();
    return { kind: "sent", id: pending.id, to, audience: to === EVERYONE ? "everyone" : "direct", waits };
  }

  /** Closes both sockets: relay has no word for goodbye. */
  leave(): void {
    this.#phase = "closed";
    this.#answers.stop();
    this.#forwards.stop();
    this.#sending?.end("left");
    this.#receiving?.end("left");
  }

  #handler(receive: (bytes: Uint8Array) => void): LinkHandler {
    return {
      receive,
      ended: () => this.#close("the server closed the connection"),
      closed: (reason: CloseReason) => this.#close(CLOSE_REASONS[reason]),
    };
  }

  /** A name is looked at before it is asked for: what a server then refuses is taken. */
  #register(): void {
    if (!isWellFormedName(this.#name)) return this.#events.refused(MALFORMED, "client");
    const [link, side] = this.#phase === "tosend" ? [this.#sending, "TOSEND"] : [this.#receiving, "TORECV"];
    link?.write(encodeMessage(`REGISTER ${side} ${this.#name}`));
  }

  #sendNext(): void {
    const next = this.#pending.peek();
    if (next === undefined || this.#isSent || this.#phase !== "ready") return;
    this.#isSent = true;
    this.#sending?.write(encodeBodyHeader("SEND", next.to, next.body.length));
    this.#sending?.write(next.body);
  }

  /** What the server says on the TOSEND socket. */
  #answer(header: Header): void {
    if (this.#phase === "tosend") return this.#registered(header);
    const said = wordsOf(header);
    const pending = this.#pending.peek();
    if (pending === undefined) return this.#events.notice(`the server said ${said}, to nothing that was asked`);
    if (header.verb === "ERROR") {
      const reason = header.argument.startsWith("103") ? "unreadable" : "undeliverable";
      this.#settle(pending, reason, said);
    } else if (header.verb === "SENT" || header.verb === "SEND") {
      // Whomever it names, the recipient, the sender or nobody: there is only one that it can answer.
      this.#settle(pending, "delivered");
    } else this.#fault(`the answer to a message for ${pending.to} was ${said}`);
  }

  /** Bytes on the TORECV socket. Behind a rest, a message is looked for at the start of a read and nowhere else. */
  #receive(bytes: Uint8Array): void {
    if (this.#phase === "ready" && beginsMessage(bytes)) this.#skip(this.#forwards.drop());
    const read = this.#forwards.push(bytes);
    if (this.#phase === "ready") this.#skip(bytes.subarray(read));
  }

  /** What the server says on the TORECV socket that is not a FORWARD. */
  #told(header: Header): void {
    if (this.#phase === "torecv") return this.#registered(header);
    if (KNOWN_WORDS.has(header.verb)) return this.#events.notice(`the server said ${wordsOf(header)}`);
    // What follows in this read may be a sender's own words, whatever they look like.
    this.#forwards.skipRest();
    const gap = header.argument === "" || header.argument.startsWith("\n") ? "" : " ";
    this.#skip(bytesOfText(`${header.verb}${gap}${header.argument}\n\n`));
  }

  #unreadable(fault: HeaderFault): void {
    if (fault === "too-long") {
      if (this.#phase !== "ready") return this.#fault("the server sends a header without an end");
      this.#skip(this.#forwards.drop());
      return this.#forwards.skipRest();
    }
    this.#forwards.skipRest();
    this.#receiving?.write(encodeMessage("ERROR 103 Header incomplete"));
    this.#events.notice(`the server sent a message whose header cannot be read (${fault})`);
  }

  /** Bytes of no message: those that were lost in them are answered, since somebody may wait for that. */
  #skip(bytes: Uint8Array): void {
    for (let lost = this.#rest.skip(bytes); lost > 0; lost--) {
      this.#receiving?.write(encodeMessage("ERROR 103 Header incomplete"));
    }
  }

  #registered(header: Header): void {
    const side = this.#phase === "tosend" ? "TOSEND" : "TORECV";
    if (header.verb === "ERROR") return this.#events.refused(whyRefused(wordsOf(header)));
    if (header.verb !== "REGISTERED" || !header.argument.startsWith(side)) {
      return this.#fault(`the answer to REGISTER ${side} ${this.#name} was ${wordsOf(header)}`);
    }
    if (this.#phase === "tosend") {
      this.#phase = "torecv";
      this.#register();
    } else {
      this.#phase = "ready";
      this.#events.ready(this.#name);
      this.#sendNext();
    }
  }

  #forwarded(from: string, body: Uint8Array): void {
    this.#rest.passed();
    // Shown before it is acknowledged: what is confirmed was seen.
    this.#events.message(spelled(from), "untold", body);
    this.#receiving?.write(encodeMessage(`RECEIVED ${from}`));
  }

  #settle(pending: Pending, how: "delivered" | "unreadable" | "undeliverable", words?: string): void {
    this.#pending.shift();
    this.#isSent = false;
    this.#events.settled(pending.id, how === "delivered" ? DELIVERED : refused(how), words);
    this.#sendNext();
  }

  #fault(why: string): void {
    this.#close(why, "protocol");
  }

  #close(why: string, fault?: "protocol"): void {
    if (this.#phase === "closed") return;
    if (this.#phase === "ready") this.#rest.skip(this.#forwards.drop());
    this.leave();
    this.#events.closed(why, fault ?? "connection");
  }
}

function isRecipient(name: string): boolean {
  return isWellFormedName(name) || name === EVERYONE;
}

/** A header as it was said, on one line. */
function wordsOf(header: Header): string {
  return spelled(`${header.verb} ${header.argument}`).trim().replace(/ ?\n/g, " ");
}

/** Why a well-formed name was refused: the document has one phrase for names that are malformed and for those in use. */
function whyRefused(words: string): string {
  return /^ERROR 100 malformed username$/i.test(words) ? `${words} (it is taken)` : words;
}
