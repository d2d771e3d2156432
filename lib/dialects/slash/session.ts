/**
 * The server's side of one slash client.
 *
 * @module
 */

import type { Deadline } from "../../core/deadlines.ts";
import { isWellFormedName } from "../../core/name.ts";
import type { Outcome, Refusal } from "../../core/outcome.ts";
import type { CloseReason } from "../../core/close_reason.ts";
import type { Form } from "../../hub/forms.ts";
import { InputDecoder, type InputDecoderOptions } from "../text/input_decoder.ts";
import { type LineSink, MAX_LINE } from "../text/line_decoder.ts";
import { decodeText, marking } from "../text/text.ts";
import { TextSession } from "../text/text_session.ts";
import { type CommandHandler, parseSlashCommand, runCommand, type SlashCommand } from "./commands.ts";
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
  usageWords,
  usersWords,
} from "./words.ts";

/** What is written at once is a message, if no line break comes in time behind the first. */
export const SLASH_INPUT: InputDecoderOptions = { maxRead: MAX_LINE, decidesAtOnce: false };

/** How long after its last byte a first input may still turn out to be a line, in milliseconds (PROTOCOLS.md, slash). */
const SETTLING = 300;

const encoder = new TextEncoder();

/** A message as all clients get it. */
const FORM = marking(({ from, audience }) => markWords(from, audience));

/** One client: it is asked for its alias, then each of its lines is a command. */
export class SlashSession extends TextSession implements LineSink, CommandHandler {
  /** What divides the client's bytes into messages. */
  protected override readonly decoder: InputDecoder = new InputDecoder(this, SLASH_INPUT);
  /** When a first input that has no line break is taken for a message. */
  #settling: Deadline | undefined;

  /** The last words of the server. */
  protected override farewell(reason: CloseReason): string {
    return closingWords(reason);
  }

  /** Asks for the alias. */
  override greet(): void {
    this.say(GREETING);
  }

  /** Bytes from the client; the first decide how it speaks, at once or a moment later. */
  override receive(bytes: Uint8Array): void {
    super.receive(bytes);
    this.#settling?.cancel();
    const isOpen = this.decoder.framing === undefined && this.decoder.unfinished > 0;
    this.#settling = isOpen ? this.host.context.deadlines.set(SETTLING, { expired: () => this.#settle() }) : undefined;
  }

  /** The client sends no more: what it has said without a line break is a message, if it has not spoken in lines. */
  override ended(): void {
    if (this.#settling !== undefined) this.#settle();
    super.ended();
  }

  /** The link is closed. */
  override closed(reason: CloseReason): void {
    this.#settling?.cancel();
    super.closed(reason);
  }

  #settle(): void {
    this.receive(this.decoder.settle());
  }

  /** A line from the client, or what it has written at once. */
  line(bytes: Uint8Array): void {
    // With writes, some clients put a line break behind what they say after all.
    const line = decodeText(bytes)?.replace(/\r?\n$/, "");
    if (line === undefined) this.#notText();
    else if (this.presence === undefined) this.#choose(line.trim());
    else this.#obey(parseSlashCommand(line));
  }

  /** A line has no end in sight. */
  tooLong(): void {
    this.finish("malformed", LINE_TOO_LONG);
  }

  /** Unless it turns out that the client does not: the first that it is told ends in a line break in any case. */
  protected override get speaksLines(): boolean {
    return this.decoder.framing !== "reads";
  }

  /** Each line with `alice to you: ` or `alice to all: ` before it. */
  protected override readonly form: Form<Uint8Array | Refusal> = FORM;

  /** Tells every outcome. */
  override tell(to: string | undefined, outcome: Outcome): void {
    this.say(outcomeWords(to, outcome));
  }

  #choose(alias: string): void {
    if (parseSlashCommand(alias).kind === "quit") return this.quit();
    if (!isWellFormedName(alias)) return this.askAgain(MALFORMED, TOO_MANY_TRIES);
    this.claim(alias, {}, (fault) => {
      if (fault !== undefined) return this.askAgain(takenWords(alias, fault), TOO_MANY_TRIES);
      this.say(helloWords(alias, this.host.context.hub.members()));
      this.enter();
    });
  }

  #notText(): void {
    if (this.presence === undefined) this.askAgain(MALFORMED, TOO_MANY_TRIES);
    else this.say(NOT_TEXT);
  }

  #obey(command: SlashCommand): void {
    switch (command.kind) {
      case "usage":
        return this.say(usageWords(command.of));
      case "unknown":
        return this.say(UNKNOWN_COMMAND);
      case "text":
        return this.say(NO_COMMAND);
      case "nothing":
        return;
      default:
        return runCommand(this, command.kind, command);
    }
  }

  /** Answers `/users`. */
  listUsers(): void {
    this.recite(usersWords(this.host.context.hub.members(), this.presence!));
  }

  /** Follows `/dm` and `/bm`. */
  pass(to: string | undefined, message: string): void {
    this.send(to, encoder.encode(message));
  }

  /** Answers `/help`. */
  help(): void {
    this.say(HELP);
  }

  /** Follows `/quit`. */
  quit(): void {
    this.finish("left", GOODBYE);
  }
}
