/**
 * What a server sends on a client's TORECV socket that belongs to no message: most often the rest of a body that was longer
 * than its header said, because the server counts characters.
 *
 * @module
 */

import { visibleBytes } from "../../core/visible.ts";
import { textOf } from "./header_text.ts";

/** What a message begins with, and what its header looks like anywhere in a text. */
const BEGINNING = new TextEncoder().encode("FORWARD ");
const HEADER = /FORWARD \S{1,255}\r?\n[Cc]ontent-[Ll]ength:/g;
/** How much of the text that was skipped before is looked at again, since a header may be cut: more than most have. */
const KEPT = 512;
/** How much of what was skipped is shown, in bytes. */
const SHOWN = 200;
/** How often in a row something is told to be skipped; what comes then is added up, and told with the next message. */
const MAX_NOTICES = 5;

/** Says whether a message begins at the start of a read: only there can a client find its way back behind a rest. */
export function beginsMessage(read: Uint8Array): boolean {
  return read.length > BEGINNING.length && BEGINNING.every((byte, i) => read[i] === byte);
}

/** Tells the user of what was skipped, and counts the messages that were lost in it. */
export class Rest {
  readonly #notice: (text: string) => void;
  #kept = "";
  #notices = 0;
  #untold = 0;

  constructor(notice: (text: string) => void) {
    this.#notice = notice;
  }

  /**
   * Tells what was skipped, and how many messages had their headers in it. A header in two parts that were skipped one
   * after the other counts as well. What one says may be a sender's invention: it is never followed.
   */
  skip(bytes: Uint8Array): number {
    if (bytes.length === 0) return 0;
    const lost = this.#count(bytes);
    const messages = lost === 0 ? "" : `, and in it ${lost === 1 ? "a message was" : `${lost} messages were`} lost`;
    if (++this.#notices > MAX_NOTICES) this.#untold += bytes.length;
    else this.#notice(`skipped ${size(bytes.length)} of no message${messages}: ${visibleBytes(bytes, SHOWN)}`);
    return lost;
  }

  /** A message has come: what was skipped before has nothing to do with what is skipped later. */
  passed(): void {
    if (this.#notices === 0) return;
    if (this.#untold > 0) this.#notice(`skipped ${size(this.#untold)} more of no message`);
    this.#kept = "";
    this.#notices = this.#untold = 0;
  }

  #count(bytes: Uint8Array): number {
    const text = this.#kept + textOf(bytes, 0, bytes.length);
    let [lost, end] = [0, 0];
    for (const match of text.matchAll(HEADER)) {
      lost++;
      end = match.index + match[0].length;
    }
    this.#kept = text.slice(Math.max(end, text.length - KEPT));
    return lost;
  }
}

function size(bytes: number): string {
  return bytes === 1 ? "1 byte" : `${bytes} bytes`;
}
