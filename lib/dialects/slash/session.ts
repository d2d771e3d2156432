/**
 * The server's side of one slash client.
 *
 * @module
 */

import type { Link } from "../../chat/link.ts";
import { isWellFormedName } from "../../chat/name.ts";
import type { Outcome, Refusal } from "../../chat/outcome.ts";
import type { CloseReason } from "../../chat/reasons.ts";
import type { Form } from "../../hub/forms.ts";
import { LineDecoder, type LineSink, MAX_LINE } from "../lines.ts";
import { marking, textOf } from "../text.ts";
import { type TextHost, TextSession } from "../text_session.ts";
import { type Command, parseCommand } from "./command.ts";
import {
  closingWords,
  GOODBYE,
  GREETING,
  helloWords,
  HELP,
  LINE_TOO_LONG,
  MALFORMED,
  markWords,
  NO_COMMAND,
  NOT_TEXT,
  outcomeWords,
  takenWords,
  TOO_MANY_TRIES,
  UNKNOWN_COMMAND,
  USAGE,
  usersWords,
} from "./words.ts";

const encoder = new TextEncoder();

/** A message as all clients get it. */
const FORM = marking(({ from, audience }) => markWords(from, audience));

/** One client: it is asked for its alias, then each of its lines is a command. */
export class SlashSession extends TextSession implements LineSink {
  readonly #host: TextHost;
  /** What divides the client's bytes into messages. */
  protected override readonly decoder: LineDecoder = new LineDecoder(MAX_LINE, this);

  /** Takes the server that it belongs to, and its link. */
  constructor(host: TextHost, link: Link) {
    super(host, link);
    this.#host = host;
  }

  /** The last words of the server. */
  protected override farewell(reason: CloseReason): string {
    return closingWords(reason);
  }

  /** Asks for the alias. */
  override greet(): void {
    this.say(GREETING);
  }

  /** A line from the client. */
  line(bytes: Uint8Array): void {
    const line = textOf(bytes);
    if (line === undefined) this.#notText();
    else if (this.presence === undefined) this.#choose(line.trim());
    else this.#obey(parseCommand(line));
  }

  /** A line has no end in sight. */
  tooLong(): void {
    this.finish("malformed", LINE_TOO_LONG);
  }

  /** All that the client is told ends in a line break. */
  protected override readonly speaksLines = true;

  /** Each line with `alice to you: ` or `alice to all: ` before it. */
  protected override readonly form: Form<Uint8Array | Refusal> = FORM;

  /** Tells every outcome. */
  protected override outcome(to: string | undefined, outcome: Outcome): void {
    this.say(outcomeWords(to, outcome));
  }

  #choose(alias: string): void {
    if (parseCommand(alias).kind === "quit") return this.finish("left", GOODBYE);
    if (!isWellFormedName(alias)) return this.askAgain(MALFORMED, TOO_MANY_TRIES);
    const { hub } = this.#host.context;
    if (!this.claim(alias)) {
      return this.askAgain(takenWords(alias, hub.nameFault(alias) ?? "taken"), TOO_MANY_TRIES);
    }
    this.say(helloWords(alias, hub.members()));
    this.enter();
  }

  #notText(): void {
    if (this.presence === undefined) this.askAgain(MALFORMED, TOO_MANY_TRIES);
    else this.say(NOT_TEXT);
  }

  #obey(command: Command): void {
    switch (command.kind) {
      case "users":
        return this.recite(usersWords(this.#host.context.hub.members(), this.presence!));
      case "dm":
        return this.send(command.to, encoder.encode(command.message));
      case "bm":
        return this.send(undefined, encoder.encode(command.message));
      case "help":
        return this.say(HELP);
      case "quit":
        return this.finish("left", GOODBYE);
      case "usage":
        return this.say(USAGE[command.of]);
      case "unknown":
        return this.say(UNKNOWN_COMMAND);
      case "text":
        return this.say(NO_COMMAND);
      case "nothing":
        return;
    }
  }
}
