/**
 * The names that are held, and who may have another one.
 *
 * @module
 */

import { isReservedName, looks } from "./look_alikes.ts";
import type { Member } from "./member.ts";
import { type TitleFault, titleFault } from "./titles.ts";

/** Why a name cannot be had. */
export type NameFault =
  | TitleFault
  /** It could be taken for the server's own. */
  | "reserved"
  /** Somebody has it. */
  | "taken"
  /** Somebody has one that looks like it. */
  | "look-alike"
  /** Other nodes, which may have given it to somebody, cannot be asked. */
  | "unavailable";

/** Who has a name, and what others see of them. */
export type NameHolder = Pick<Member, "name" | "title">;

/** What holds no other characters is told apart by every one of them: `bob` and `Bob`, `b0b` and `bob` are three names. */
const PLAIN = /^[\x20-\x7e]*$/;

/** How many are shown by titles with one look; `special` are those with a character that {@linkcode PLAIN} names have not. */
interface Shown {
  all: number;
  special: number;
}

/** Names by how they look: whoever gives a name is shown to others by it, and must not pass for anybody who is there. */
export class Names {
  /** How many hold a name: two only where two nodes have given it, until one has lost it. */
  readonly #held = new Map<string, number>();
  readonly #shown = new Map<string, Shown>();

  /**
   * Why nobody can have this name now, or be shown under this title; `undefined` if somebody can. A name of ASCII without a title
   * is one that its dialect takes letter for letter: of others in ASCII, only the same one is in its way.
   *
   * @example
   * ```ts
   * import { assertEquals } from "@std/assert";
   *
   * const names = new Names();
   * names.take({ name: "alice", title: "alice" });
   * assertEquals([names.fault("alice"), names.fault("ALICE")], ["taken", undefined]);
   * assertEquals(names.fault("ALICE", "ALICE"), "look-alike");
   * ```
   */
  fault(name: string, title?: string): NameFault | undefined {
    if (this.#held.has(name)) return "taken";
    const malformed = title === undefined ? undefined : titleFault(title);
    if (malformed !== undefined) return malformed;
    if (isReservedName(name) || title !== undefined && isReservedName(title)) return "reserved";
    const inTheWay = title === undefined && PLAIN.test(name) ? "special" : "all";
    const isSeen = looks(title ?? name).some((look) => (this.#shown.get(look)?.[inTheWay] ?? 0) > 0);
    return isSeen ? "look-alike" : undefined;
  }

  /** Somebody has a name, and is shown by a title. */
  take({ name, title }: NameHolder): void {
    this.#held.set(name, (this.#held.get(name) ?? 0) + 1);
    this.#count(title, 1);
  }

  /** A name is free again. */
  free({ name, title }: NameHolder): void {
    const others = (this.#held.get(name) ?? 0) - 1;
    if (others > 0) this.#held.set(name, others);
    else this.#held.delete(name);
    this.#count(title, -1);
  }

  #count(title: string, more: 1 | -1): void {
    for (const look of looks(title)) {
      const shown = this.#shown.get(look) ?? { all: 0, special: 0 };
      shown.all += more;
      if (!PLAIN.test(title)) shown.special += more;
      if (shown.all === 0) this.#shown.delete(look);
      else this.#shown.set(look, shown);
    }
  }
}
