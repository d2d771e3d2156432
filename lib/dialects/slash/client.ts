/**
 * The client's side of slash: gives the alias, then passes lines on.
 *
 * @module
 */

import { Fifo } from "../../core/fifo.ts";
import type { Link, LinkHandler } from "../../core/link.ts";
import { EVERYONE } from "../../core/name.ts";
import { CLOSE_REASONS, type CloseReason } from "../../core/close_reason.ts";
import type { ClientEvents, ClientSession, InputResult, SetTimer } from "../dialect.ts";
import { ReceiveBuffer } from "../session/receive_buffer.ts";
import { notCarried, oneLine } from "../session/one_line.ts";
import { LineDecoder, type LineSink, MAX_LINE } from "../text/line_decoder.ts";
import { COMMANDS, FORMS, parseSlashCommand } from "./commands.ts";
import { Speech } from "./line_ending.ts";
import { GREETING, readWords } from "./words.ts";

const ALL_FORMS = FORMS.map(({ form }) => form).join(", ").replace(/, (?=[^,]*$)/, " or ");

/** The longest line that we take from a server, in bytes: the longest that ours sends, with everything in it escaped. */
const MAX_HEARD = 64 * 1024;

/** How long a server may say nothing before it is told the alias, to a person and to a script, in milliseconds. */
const SILENCE = { person: 2_000, script: 500 } as const;
/** After so long without another byte a server has said the first that it says, in milliseconds. */
const SETTLING = 50;

const encoder = new TextEncoder();
const GREETING_LINE = encoder.encode(`${GREETING}\n`);

/**
 * Waits for the server to say something, answers with the alias, and sends each line that is entered, divided as the server
 * divides what it says; one that says nothing for a while is told the alias first. The document pins no bytes: of a server that begins as ours does it knows what became of each message; what another one says is shown as it
 * comes, and of a message to such a server it can only say that it was handed over.
 */
export class SlashClient implements ClientSession, LineSink {
  /** One socket. */
  readonly links = 1;
  /** Lines are told as they come. */
  readonly isHeld = false;
  readonly #events: ClientEvents;
  readonly #decoder = new LineDecoder(MAX_HEARD, this);
  readonly #text = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #timer: SetTimer;
  readonly #silence: number;
  #alias: string;
  #link: Link | undefined;
  #speech: Speech | undefined;
  /** Calls off what happens if the server says nothing more. */
  #stopListening: () => void = () => {};
  #state: "waiting" | "asked" | "ready" | "leaving" | "closed" = "waiting";
  /** The first that arrived, while nobody knows whose server it is. */
  readonly #opening = new ReceiveBuffer();
  #isOurs: boolean | undefined;
  /** Messages of which our server has not said yet what became of them. */
  readonly #open = new Fifo<number>();
  #lastId = 0;

  /** @param isInteractive whether a person waits, who has more patience. */
  constructor(alias: string, events: ClientEvents, timer: SetTimer, isInteractive = false) {
    this.#alias = alias;
    this.#events = events;
    this.#timer = timer;
    this.#silence = isInteractive ? SILENCE.person : SILENCE.script;
  }

  /** Waits for the server's first words. */
  start(links: readonly Link[]): readonly LinkHandler[] {
    const [link] = links;
    if (link === undefined) throw new TypeError("slash takes one link");
    this.#link = link;
    this.#speech = new Speech(link, this.#timer);
    this.#stopListening = this.#timer(this.#silence, () => this.#askUnheard());
    return [{
      receive: (bytes) => this.#receive(bytes),
      ended: () => this.#close("the server closed the connection", "connection"),
      closed: (reason: CloseReason) => this.#close(CLOSE_REASONS[reason], "connection"),
    }];
  }

  /** Tries another alias. */
  rename(alias: string): void {
    this.#alias = alias;
    if (this.#state === "asked") this.#say(alias);
  }

  /** A line is one of the document's commands; another one only for a server that is not ours. */
  enter(line: string): InputResult {
    const command = parseSlashCommand(line);
    if (command.kind === "quit") return { kind: "leaving" };
    if (command.kind === "usage") return { kind: "rejected", hint: COMMANDS[command.of].form };
    // Other servers may have commands that the document does not know.
    if (command.kind === "text" || command.kind === "unknown" && this.#isOurs) {
      return { kind: "rejected", hint: ALL_FORMS };
    }
    if (encoder.encode(line).length > MAX_LINE) {
      return { kind: "rejected", hint: `at most ${MAX_LINE} bytes in a line` };
    }
    if (command.kind === "nothing") return { kind: "taken" };
    const isMessage = command.kind === "dm" || command.kind === "bm";
    const id = ++this.#lastId;
    // Where lines keep a distance, a request is open until it is its turn, so that not too many wait for that.
    if (!this.#isOurs) this.#say(line, id);
    else {
      if (isMessage) this.#open.push(id);
      this.#say(line);
    }
    if (!isMessage) return this.#isOurs ? { kind: "taken" } : { kind: "asked", id };
    return command.kind === "dm"
      ? { kind: "sent", id, to: command.to, audience: "direct" }
      : { kind: "sent", id, to: EVERYONE, audience: "everyone" };
  }

  /** Sends the line that a server reads as this message, no more and no less: in quotes where it needs them. */
  post(to: string | undefined, body: Uint8Array): InputResult {
    const text = oneLine(body);
    if (typeof text !== "string") return text;
    const isDirect = to !== undefined && to !== EVERYONE;
    const start = isDirect ? `/dm ${to}` : "/bm";
    const line = [`${start} ${text}`, `${start} "${text}"`].find((line) => {
      const command = parseSlashCommand(line);
      if (command.kind === "dm") return isDirect && command.to === to && command.message === text;
      return command.kind === "bm" && !isDirect && command.message === text;
    });
    return line === undefined ? notCarried(`${to} is no alias`, "an alias without blanks") : this.enter(line);
  }

  /** Says goodbye; the server closes when it has told what it still had to tell. */
  leave(): void {
    if (this.#state === "leaving" || this.#state === "closed") return;
    const isPresent = this.#state === "ready";
    this.#state = "leaving";
    if (isPresent) return this.#say(COMMANDS.quit.form);
    this.#stopListening();
    this.#link?.end("left");
  }

  /** A line of a server of ours. */
  line(bytes: Uint8Array): void {
    if (this.#state === "closed") return;
    const heard = readWords(this.#text.decode(bytes));
    switch (heard.kind) {
      case "accepted":
        if (this.#state === "asked") this.#ready(heard.alias);
        return this.#events.notice(heard.words);
      case "refused":
        return this.#state === "asked" ? this.#events.refused(heard.words) : this.#events.notice(heard.words);
      case "message":
        return this.#events.message(heard.from, heard.audience, encoder.encode(heard.text));
      case "outcome": {
        const id = this.#open.shift();
        if (id === undefined) return this.#close("it tells the outcome of a message that nobody sent", "protocol");
        return this.#events.settled(id, heard.outcome, heard.words);
      }
      case "words":
        return this.#events.notice(heard.words);
    }
  }

  /** A line of a server of ours has no end in sight. */
  tooLong(): void {
    this.#close(`it sends a line of more than ${MAX_HEARD} bytes`, "protocol");
  }

  #receive(bytes: Uint8Array): void {
    if (this.#isOurs === undefined) this.#begin(bytes);
    else if (this.#isOurs) this.#decoder.push(bytes);
    else this.#hear(bytes);
  }

  /** Finds out whose server it is; whoever it is, it waits for the alias when it has said what it says first. */
  #begin(bytes: Uint8Array): void {
    this.#opening.append(bytes);
    const opening = this.#opening.take();
    const isOurs = GREETING_LINE.every((byte, at) => at >= opening.length || byte === opening[at]);
    if (isOurs && opening.length < GREETING_LINE.length) return this.#opening.append(opening);
    if (!isOurs) return this.#beginElsewhere(opening);
    this.#isOurs = true;
    this.#speech?.heard(GREETING_LINE);
    // One that greets late may still see that the alias is a line.
    if (this.#state === "asked") this.#say("");
    this.#ask();
    this.#decoder.push(opening.subarray(GREETING_LINE.length));
  }

  /** The first that a foreign server says is what comes within a moment. */
  #beginElsewhere(opening: Uint8Array): void {
    this.#isOurs = false;
    if (this.#state === "waiting") {
      this.#stopListening();
      this.#stopListening = this.#timer(SETTLING, () => this.#ask());
    } else this.#speech?.heard(opening);
    this.#hear(opening);
  }

  #hear(bytes: Uint8Array): void {
    if (this.#state === "waiting") this.#speech?.heard(bytes);
    this.#show(bytes);
  }

  /** The server has said nothing, or only the beginning of what ours says. */
  #askUnheard(): void {
    const opening = this.#opening.take();
    if (opening.length > 0) this.#beginElsewhere(opening);
    this.#ask();
  }

  #ask(): void {
    if (this.#state !== "waiting") return;
    this.#stopListening();
    this.#state = "asked";
    this.#say(this.#alias);
  }

  /** Shows what a foreign server says: its lines, and what it has not ended with a line break, which it may never do. */
  #show(bytes: Uint8Array): void {
    if (this.#state === "asked") this.#ready(this.#alias);
    for (const line of this.#text.decode(bytes, { stream: true }).split(/\r?\n/)) {
      if (line.trim() !== "") this.#events.notice(line);
    }
  }

  #ready(alias: string): void {
    this.#state = "ready";
    this.#events.ready(alias);
  }

  /** Says a line; where it has a number, it is told when that is handed over. */
  #say(line: string, id?: number): void {
    this.#speech?.say(line, (isHandedOver) => {
      if (isHandedOver && id !== undefined) this.#events.settled(id, { kind: "handed-over" });
    });
  }

  #close(why: string, fault: "protocol" | "connection"): void {
    if (this.#state === "closed") return;
    const isExpected = this.#state === "leaving" && fault === "connection";
    this.#state = "closed";
    this.#stopListening();
    this.#speech?.stop();
    this.#link?.end("left");
    if (!isExpected) this.#events.closed(why, fault);
  }
}
