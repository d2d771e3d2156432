/**
 * Which ID a client was given: digits, and nothing that says where they end.
 *
 * @module
 */

import { LAST_ID, MAX_FIELD, NO_ID, SERVER_ID } from "./header.ts";

/** Enough of what comes first to hold an ID, and a source and a destination behind it. */
const MAX_BEGINNING = 2 * MAX_FIELD;

const latin1 = new TextDecoder("latin1");

/**
 * Reads the first bytes that a client gets. A frame may be right behind the ID, whose source is then digits too; its
 * destination tells the two apart, since frames are for their recipient: `212][2][1][x` is ID 2 and a frame from 12.
 * As long as no frame has come, all digits are taken for the ID, so that one that comes in pieces is known in the end.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const assignment = new Assignment();
 * assertEquals(assignment.push(new TextEncoder().encode("2")), undefined);
 * assertEquals(assignment.id, 2);
 * const frame = assignment.push(new TextEncoder().encode("12][2][1][x"));
 * assertEquals([assignment.id, new TextDecoder().decode(frame)], [2, "12][2][1][x"]);
 * ```
 */
export class Assignment {
  #beginning: Uint8Array = new Uint8Array();
  #id = NO_ID;

  /** The ID as far as it is known; {@linkcode NO_ID} before that. */
  get id(): number {
    return this.#id;
  }

  /**
   * Reads the next bytes from the server. Where there is no ID in them, the ID is still {@linkcode NO_ID} when it can change no more.
   *
   * @returns once the ID can change no more, what is behind it, for whoever reads frames; `undefined` before that.
   */
  push(bytes: Uint8Array): Uint8Array | undefined {
    const all = new Uint8Array([...this.#beginning, ...bytes]);
    const text = latin1.decode(all.subarray(0, MAX_BEGINNING));
    const digits = /^[0-9]*/.exec(text)![0];
    const behind = text.slice(digits.length);
    if (text.length < MAX_BEGINNING && !text.startsWith("0") && /^(|\]|\]\[[^\]]*)$/.test(behind)) {
      this.#beginning = all;
      if (behind === "" && (this.#id === NO_ID || idIn(digits) !== NO_ID)) this.#id = longestId(digits);
      return undefined;
    }
    this.#id = this.#settle(digits, behind);
    return all.subarray(this.#id === NO_ID ? 0 : String(this.#id).length);
  }

  #settle(digits: string, behind: string): number {
    // Something else than a frame is behind the digits, so that they are all of the ID.
    if (!behind.startsWith("]")) return idIn(digits);
    const destination = /^\]\[([0-9]+)\]/.exec(behind)?.[1] ?? "";
    const isOurs = digits.startsWith(destination) && isSource(digits.slice(destination.length));
    if (isOurs && idIn(destination) !== NO_ID) return idIn(destination);
    return this.#id !== NO_ID ? this.#id : longestId(digits.slice(0, -1));
  }
}

/** The ID that these digits are as a whole. */
function idIn(digits: string): number {
  const isId = /^[1-9][0-9]{0,2}$/.test(digits) && Number(digits) > SERVER_ID && Number(digits) <= LAST_ID;
  return isId ? Number(digits) : NO_ID;
}

/** Whether a frame can come from there: from a client, or from the server. */
function isSource(digits: string): boolean {
  return digits === String(SERVER_ID) || idIn(digits) !== NO_ID;
}

/** The ID that as many as possible of these digits are. */
function longestId(digits: string): number {
  for (let end = Math.min(digits.length, 3); end > 0; end--) {
    const id = idIn(digits.slice(0, end));
    if (id !== NO_ID) return id;
  }
  return NO_ID;
}
