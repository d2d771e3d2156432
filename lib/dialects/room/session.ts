/**
 * The server's side of one room client.
 *
 * @module
 */

import { MAX_NAME_LENGTH } from "../../core/name.ts";
import type { Outcome, Refusal } from "../../core/outcome.ts";
import type { CloseReason } from "../../core/close_reason.ts";
import type { Form } from "../../hub/forms.ts";
import { InputDecoder } from "../text/input_decoder.ts";
import type { LineSink } from "../text/line_decoder.ts";
import { decodeText, marking } from "../text/text.ts";
import { TextSession } from "../text/text_session.ts";
import { ROOM_INPUT } from "./input.ts";
import { addressNames } from "./names.ts";
import { QUIT } from "./commands.ts";
import {
  BAD_NAME,
  closingWords,
  GREETING,
  LINE_TOO_LONG,
  markWords,
  nameFaultWords,
  NOT_TEXT,
  outcomeWords,
  TOO_MANY_LINES,
  TOO_MANY_TRIES,
  welcomeWords,
} from "./words.ts";

const encoder = new TextEncoder();

/** A message as all clients get it. */
const FORM = marking(({ from, audience }) => markWords(from, audience));

/** One client: the first that it says is its name, everything after that is for everybody. */
export class RoomSession extends TextSession implements LineSink {
  /** What divides the client's bytes into messages. */
  protected override readonly decoder: InputDecoder = new InputDecoder(this, ROOM_INPUT);

  /** The last words of the server. */
  protected override farewell(reason: CloseReason): string {
    return closingWords(reason);
  }

  /** Asks for the name. */
  override greet(): void {
    this.say(GREETING);
  }

  /** A message from the client. */
  line(bytes: Uint8Array): void {
    // With reads, some clients put a line break behind what they say after all.
    const text = decodeText(bytes)?.replace(/\r?\n$/, "");
    if (text === QUIT) this.finish("left", QUIT);
    else if (this.presence === undefined) this.#choose(text?.trim() ?? "");
    else if (text === undefined) this.say(NOT_TEXT);
    else if (text !== "") this.#tellAll(text);
  }

  /** A line has no end in sight. */
  tooLong(): void {
    this.finish("malformed", LINE_TOO_LONG);
  }

  /** The document's client shows what it reads at once as one message. */
  protected override get speaksLines(): boolean {
    return this.decoder.framing === "lines";
  }

  /** Each line with `alice: ` before it, as in the document, or `alice (to you alone): `. */
  protected override readonly form: Form<Uint8Array | Refusal> = FORM;

  /** Tells only what somebody did not get. */
  override tell(_to: string | undefined, outcome: Outcome): void {
    const words = outcomeWords(outcome);
    if (words !== undefined) this.say(words);
  }

  #choose(title: string): void {
    if (title === "" || title.length > MAX_NAME_LENGTH) return this.askAgain(BAD_NAME, TOO_MANY_TRIES);
    this.#claimOneOf(addressNames(title), title);
  }

  #claimOneOf(names: Generator<string, never>, title: string): void {
    const { hub } = this.host.context;
    let name = names.next().value;
    // Where only the address is somebody's, there is a next one.
    while (hub.nameFault(name, title) === "taken") name = names.next().value;
    this.claim(name, { title }, (fault) => {
      if (fault === "taken") return this.#claimOneOf(names, title);
      if (fault !== undefined) return this.askAgain(nameFaultWords(fault), TOO_MANY_TRIES);
      this.say(welcomeWords(title));
      this.enter();
    });
  }

  #tellAll(text: string): void {
    const body = encoder.encode(text);
    if (this.repeat(this.presence!, body)) this.send(undefined, body);
    else this.say(TOO_MANY_LINES);
  }
}
