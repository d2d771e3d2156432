/**
 * Who is present in a hub, and that no two of them share anything.
 *
 * @module
 */

import type { Hub } from "../../lib/hub/hub.ts";
import type { Member, Watcher } from "../../lib/hub/member.ts";
import type { Present } from "./message_tracker.ts";

/** How many of the frame IDs that somebody had are remembered. */
const REMEMBERED = 4;

/** Follows who comes and goes. */
export class PresenceWatch implements Present, Watcher {
  readonly #hub: Hub;
  readonly #now: () => number;
  readonly #violated: (what: string) => void;
  readonly #since = new Map<string, number>();
  readonly #at = new Map<string, string>();
  readonly #held = new Map<string, number[]>();
  /** Everybody who ever was there. */
  readonly names: ReadonlySet<string>;
  readonly #names = new Set<string>();

  /** @param violated told of what must not be. */
  constructor(hub: Hub, now: () => number, violated: (what: string) => void) {
    this.names = this.#names;
    this.#now = now;
    this.#violated = violated;
    this.#hub = hub;
    hub.watch(this);
  }

  /** See {@linkcode Present.since}. */
  since(name: string): number | undefined {
    return this.#since.get(name);
  }

  /** Who is, or was last, at an address: each has one of their own. */
  at(hostname: string): string | undefined {
    return this.#at.get(hostname);
  }

  /** See {@linkcode Present.hasHeld}. */
  hasHeld(name: string, frameId: number): boolean {
    return this.#held.get(name)?.includes(frameId) ?? false;
  }

  /** See {@linkcode Present.musts}: all who were there before, and are there still. */
  *musts(at: number): Iterable<string> {
    for (const [name, since] of this.#since) if (since < at) yield name;
  }

  /** Somebody comes. */
  entered(member: Member): void {
    if (this.#since.has(member.name)) this.#violated(`two are called ${member.name}`);
    this.#since.set(member.name, this.#now());
    this.#names.add(member.name);
    this.#at.set(member.remote.hostname, member.name);
    this.noteFrameId(member);
  }

  /** Somebody is known to be where they say, and so has a frame ID. */
  confirmed(member: Member): void {
    this.noteFrameId(member);
  }

  /** Somebody goes. */
  left({ name }: Member): void {
    if (!this.#since.delete(name)) this.#violated(`${name} leaves, and was not there`);
  }

  /** Somebody has a frame ID now: some get one only later. */
  noteFrameId({ name, id: frameId }: Pick<Member, "name" | "id">): void {
    if (frameId === undefined) return;
    const held = this.#held.get(name) ?? [];
    if (held.at(-1) !== frameId) this.#held.set(name, [...held, frameId].slice(-REMEMBERED));
  }

  /** No two have one name, or one frame ID, and those are there who have come and not gone. */
  check(): void {
    const [names, ids] = [new Set<string>(), new Map<number, string>()];
    for (const { name, id: frameId } of this.#hub.members()) {
      if (names.has(name) || !this.#since.has(name)) this.#violated(`${name} is there twice, or has never come`);
      names.add(name);
      if (frameId === undefined) continue;
      const other = ids.get(frameId);
      if (other !== undefined) this.#violated(`${other} and ${name} have the frame ID ${frameId}`);
      ids.set(frameId, name);
    }
    if (names.size !== this.#since.size) {
      this.#violated(`${names.size} are there, and ${this.#since.size} have come and not gone`);
    }
  }
}
