/**
 * What a room's lines say, as far as that can be told: nothing divides a sender from what they say but `: `.
 *
 * @module
 */

import { titleFault } from "../../hub/titles.ts";
import type { Audience } from "../../hub/delivery.ts";
import { ALONE, OURS } from "./words.ts";

/** What a line is. */
export type RoomLine =
  /** What somebody says. */
  | { readonly kind: "message"; readonly from: string; readonly audience: Audience | "untold"; readonly text: string }
  /** What the room says, or what cannot be told from it. */
  | { readonly kind: "words"; readonly words: string };

/** A message as the document's server puts it: `alice: hi`. */
const MESSAGE = /^([^\n]{1,255}?): ([^]*)$/;
/** Somebody comes or leaves. */
const ANNOUNCED = /^([^\n]{1,600}?) (?:from \[[^\]]*\] has joined the chat!|has left the chat\.)$/;

/** How many names are kept in mind that hold more than a name. */
const MAX_MISLEADING = 256;

/**
 * Reads lines. Of a server of ours every line can be read: no name there holds what divides it from the words. Elsewhere anybody
 * may be called `alice (to you alone)`, or `alice: hi`: as soon as a line shows that, no sender is claimed who may be another one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const lines = new RoomLines();
 * assertEquals(lines.read("bob: hi"), { kind: "message", from: "bob", audience: "untold", text: "hi" });
 * assertEquals(lines.read("bob (to you alone): hi"), { kind: "message", from: "bob", audience: "direct", text: "hi" });
 * lines.read("eve (to you alone) from [192.0.2.1] has joined the chat!");
 * const from = "bob (to you alone)";
 * assertEquals(lines.read("bob (to you alone): hi"), { kind: "message", from, audience: "untold", text: "hi" });
 * ```
 */
export class RoomLines {
  /** Names with a `: ` in them, each with one behind it. */
  readonly #misleading = new Set<string>();
  #isForeign = false;

  /** The server is not one of ours. */
  treatAsForeign(): void {
    this.#isForeign = true;
  }

  /** Reads a line. */
  read(line: string): RoomLine {
    if (line.startsWith(OURS)) return words(this.#isForeign ? line : line.slice(OURS.length));
    const announced = ANNOUNCED.exec(line)?.[1];
    if (announced !== undefined && this.#isAnnouncement(announced)) return words(line);
    const [, from, text] = MESSAGE.exec(line) ?? [];
    if (from === undefined || text === undefined) return words(line);
    for (const name of this.#misleading) if (line.startsWith(name)) return words(line);
    const name = from.endsWith(ALONE) && !this.#isForeign ? from.slice(0, -ALONE.length) : undefined;
    if (name === undefined || titleFault(name) !== undefined) {
      return { kind: "message", from, audience: "untold", text };
    }
    return { kind: "message", from: name, audience: "direct", text };
  }

  #isAnnouncement(name: string): boolean {
    if (!name.includes(": ")) {
      this.#isForeign ||= name.endsWith(ALONE);
      return true;
    }
    // Somebody of that name, or what somebody says, perhaps with an announcement behind it in the same read.
    if (this.#misleading.size < MAX_MISLEADING) this.#misleading.add(`${name}: `);
    return this.#isForeign;
  }
}

function words(text: string): RoomLine {
  return { kind: "words", words: text };
}
