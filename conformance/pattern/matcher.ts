/**
 * Matches what arrives against a pattern, byte by byte, so that it makes no difference in which pieces it arrives.
 *
 * @module
 */

import { spell } from "../transcript/escape.ts";
import { decimal, isDigit } from "./digits.ts";
import { showNode } from "./compile.ts";
import type { Node, Program, Wild } from "./program.ts";

/** How far a match has come. */
export type MatchState =
  /** What has arrived so far fits; more must come. */
  | "more"
  /** It matches as it is, and would take more. */
  | "open"
  /** It matches, and takes no more. */
  | "matched"
  /** It cannot match any more, whatever comes. */
  | "failed";

/** What a match has found. */
export interface Match {
  /** How many bytes it took. */
  readonly length: number;
  /** What its captures hold, by name. */
  readonly values: ReadonlyMap<string, Uint8Array>;
  /** What was chosen, by the name of the choice. */
  readonly choices: ReadonlyMap<string, string>;
}

/** What was kept or chosen on the way, the latest first. */
interface Kept {
  readonly name?: string | undefined;
  readonly choice?: string | undefined;
  /** The bytes that were taken, or the words that were chosen. */
  readonly what: readonly [begin: number, end: number] | string;
  readonly before: Kept | undefined;
}

/** One way in which the bytes so far can be read. Those that come first in a list are preferred. */
interface Thread {
  /** What it is at. */
  readonly node: Node;
  /** Where that began. */
  readonly start: number;
  /** What it has kept. */
  readonly kept: Kept | undefined;
  /** Whether it is no way any more if the next byte is a digit: a number must have ended. */
  readonly endsNumber: boolean;
}

/** A way of reading the bytes that has come to the end of the pattern. */
interface Found {
  readonly length: number;
  readonly kept: Kept | undefined;
}

/** More than a pattern has. */
const MOST_NODES = 2 ** 20;

/**
 * Follows all ways of reading the bytes at once (Thompson's and Pike's method): time grows with the bytes, never with the
 * ways to go back.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parsePieces } from "../transcript/pieces.ts";
 * import { compile } from "./compile.ts";
 *
 * const pieces = parsePieces("ID {id=digits}\\n", "pattern", { file: "a.chat", line: 1 });
 * const matcher = new Matcher(compile(pieces, { value: () => undefined }));
 * assertEquals(matcher.advance(new TextEncoder().encode("ID 4")), "more");
 * assertEquals(matcher.advance(new TextEncoder().encode("ID 42\n")), "matched");
 * assertEquals(new TextDecoder().decode(matcher.match()?.values.get("id")), "42");
 * ```
 */
export class Matcher {
  readonly #isWhole: boolean;
  #bytes: Uint8Array = new Uint8Array();
  #position = 0;
  #threads: Thread[] = [];
  /** The match so far, whatever comes. */
  #best: Found | undefined;
  #state: MatchState = "more";
  /** What could have come at the place where it failed. */
  #wanted: readonly Thread[] = [];
  /** What is among the threads already, by node; with how many bytes of it, and whether it ends a number. */
  readonly #seen = new Set<number>();

  /**
   * Starts before the first byte. If `isWhole`, the bytes of the first {@linkcode Matcher.advance} are all there will ever
   * be, and only a match of all of them is one.
   */
  constructor(program: Program, isWhole = false) {
    this.#isWhole = isWhole;
    this.#enter(program, undefined, false);
    this.#look();
  }

  /** How far it has come. */
  get state(): MatchState {
    return this.#state;
  }

  /** How many bytes fit; where it failed, the first that does not fit is at this place. */
  get position(): number {
    return this.#position;
  }

  /** Matches all bytes that there are so far, those that it has seen already included. */
  advance(bytes: Uint8Array): MatchState {
    this.#bytes = bytes;
    while (this.#position < bytes.length && (this.#state === "more" || this.#state === "open")) {
      if (!this.#skim()) this.#step(bytes[this.#position]!);
    }
    if (this.#isWhole && this.#state !== "failed") this.#end();
    return this.#state;
  }

  /** There are no more bytes. */
  #end(): void {
    this.#best = this.#found;
    if (this.#best?.length === this.#bytes.length) this.#state = "matched";
    else {
      this.#best = undefined;
      this.#fail(this.#threads.filter(({ endsNumber }) => !endsNumber));
    }
  }

  #fail(wanted: readonly Thread[]): void {
    this.#wanted = wanted.filter(({ node }) => node.op !== "match");
    this.#state = "failed";
  }

  /** What was found: as much as it could take so far. */
  get #found(): Found | undefined {
    const arrived = this.#arrived(true);
    return arrived < 0 ? this.#best : { length: this.#position, kept: this.#threads[arrived]!.kept };
  }

  /** What was found, if it matches: as much as it could take so far. */
  match(): Match | undefined {
    const found = this.#found;
    if (found === undefined) return undefined;
    const all: Kept[] = [];
    for (let kept = found.kept; kept !== undefined; kept = kept.before) all.unshift(kept);
    const values = new Map<string, Uint8Array>();
    const choices = new Map<string, string>();
    for (const { name, choice, what } of all) {
      const value = typeof what === "string" ? what : this.#bytes.slice(...what);
      if (name !== undefined && typeof value !== "string") values.set(name, value);
      if (choice !== undefined) choices.set(choice, typeof value === "string" ? value : spell(value));
    }
    return { length: found.length, values, choices };
  }

  /** What could come, or could have come, behind the bytes that fit: spelled with escapes, wildcards in braces. */
  wanted(): string[] {
    const threads = this.#state === "failed" ? this.#wanted : this.#threads.filter(({ endsNumber }) => !endsNumber);
    return [...new Set(threads.map(({ node, start }) => showNode(node, this.#position - start)))];
  }

  /**
   * Matches bytes at once where nothing but the place changes from one to the next: within plain bytes, and within a wildcard up to
   * what may end it.
   *
   * @returns whether there were any.
   */
  #skim(): boolean {
    const [first, second, third] = this.#threads;
    if (third !== undefined) return false;
    const begin = this.#position;
    if (second !== undefined) this.#skimRun(first!, second);
    else if (first!.node.op === "bytes") this.#skimBytes(first!.node, first!.start);
    else if (first!.node.op === "run" && first!.node.next.op === "match") this.#skimLastRun(first!.node);
    return this.#position > begin;
  }

  #skimBytes({ bytes, caseless }: Extract<Node, { op: "bytes" }>, start: number): void {
    // The last byte is left to `#step`, which knows what follows.
    const end = Math.min(start + bytes.length - 1, this.#bytes.length);
    while (this.#position < end && same(bytes[this.#position - start]!, this.#bytes[this.#position]!, caseless)) {
      this.#position++;
    }
  }

  /** A wildcard with nothing behind it: only the last byte that it takes tells how much that is. */
  #skimLastRun({ takes }: Extract<Node, { op: "run" }>): void {
    const last = this.#bytes.length - 1;
    while (this.#position < last && takes(this.#bytes[this.#position]!) && takes(this.#bytes[this.#position + 1]!)) {
      this.#position++;
    }
  }

  /** A wildcard, beside the bytes behind it, of which the first has not come. */
  #skimRun(first: Thread, second: Thread): void {
    const [run, behind] = first.node.op === "run" ? [first, second] : [second, first];
    const { node } = run;
    if (node.op !== "run" || behind.node !== node.next || behind.node.op !== "bytes") return;
    if (behind.start !== this.#position || behind.endsNumber || run.endsNumber) return;
    const { bytes: [ending], caseless } = behind.node;
    const begin = this.#position;
    for (; this.#position < this.#bytes.length; this.#position++) {
      const byte = this.#bytes[this.#position]!;
      if (!node.takes(byte) || same(ending!, byte, caseless)) break;
    }
    if (this.#position === begin) return;
    this.#threads = [];
    this.#seen.clear();
    if (!node.isLazy) this.#add(run, 0);
    this.#leave(run);
    if (node.isLazy) this.#add(run, 0);
  }

  #step(byte: number): void {
    const before = this.#threads;
    this.#threads = [];
    this.#seen.clear();
    this.#position++;
    for (const thread of before) {
      if (thread.endsNumber && isDigit(byte)) continue;
      if (thread.node.op !== "match") this.#take(thread.endsNumber ? { ...thread, endsNumber: false } : thread, byte);
      else if (!this.#isWhole) {
        // It has arrived for good, and those behind it are worse.
        this.#best = { length: this.#position - 1, kept: thread.kept };
        break;
      }
    }
    if (this.#threads.length > 0 || (this.#best !== undefined && !this.#isWhole)) return this.#look();
    this.#position--;
    this.#fail(before.filter((thread) => isDigit(byte) ? !thread.endsNumber : !this.#canEnd(thread)));
  }

  /** Moves a thread over a byte, if it takes it. */
  #take(thread: Thread, byte: number): void {
    const { node, start, kept } = thread;
    const taken = this.#position - start;
    switch (node.op) {
      case "bytes":
        if (!same(node.bytes[taken - 1]!, byte, node.caseless)) return;
        return taken === node.bytes.length ? this.#enter(node.next, kept, false) : this.#add(thread, taken);
      case "run":
        if (!node.takes(byte)) return;
        if (!node.isLazy) this.#add(thread, 0);
        this.#leave(thread);
        if (node.isLazy) this.#add(thread, 0);
        return;
      case "number":
        if (!isDigit(byte) || this.#number(thread) > node.high) return;
        this.#add(thread, taken);
        if (this.#canEnd(thread)) this.#leave(thread, true);
        return;
      case "count":
        return taken === this.#count(node, kept) ? this.#leave(thread) : this.#add(thread, taken);
    }
  }

  /** Whether a thread has taken a number that is large enough. */
  #canEnd(thread: Thread): boolean {
    const { node, start } = thread;
    return node.op === "number" && this.#position > start && this.#number(thread) >= node.low;
  }

  /** The number whose digits a thread has taken; infinite if it has leading zeros or too many digits. */
  #number({ start }: Thread): number {
    const digits = this.#bytes.subarray(start, this.#position);
    return digits.length > 1 && digits[0] === 0x30 ? Infinity : decimal(digits) ?? Infinity;
  }

  /** Goes on behind a wildcard, with what it has taken. */
  #leave({ node, start, kept }: Thread, endsNumber = false): void {
    const { name, choice, next } = node as Wild;
    const isKept = name !== undefined || choice !== undefined;
    const all = isKept ? { name, choice, what: [start, this.#position] as const, before: kept } : kept;
    this.#enter(next, all, endsNumber);
  }

  /** Follows what takes no byte, up to the next that does. */
  #enter(node: Node, kept: Kept | undefined, endsNumber: boolean): void {
    const thread = { node, start: this.#position, kept, endsNumber };
    switch (node.op) {
      case "either":
        if (this.#isSeen(thread, 0)) return;
        for (const way of node.ways) this.#enter(way, kept, endsNumber);
        return;
      case "chosen":
        return this.#enter(node.next, { choice: node.choice, what: node.value, before: kept }, endsNumber);
      case "run":
        if (!node.isLazy) this.#add(thread, 0);
        if (node.mayBeEmpty) this.#leave(thread, endsNumber);
        if (node.isLazy) this.#add(thread, 0);
        return;
      case "count": {
        const count = this.#count(node, kept);
        if (count === 0) return this.#leave(thread, endsNumber);
        if (count > 0) this.#add(thread, 0);
        return;
      }
      default:
        this.#add(thread, 0);
    }
  }

  /** Adds a thread, unless one that is preferred is at the same place. */
  #add(thread: Thread, taken: number): void {
    if (!this.#isSeen(thread, taken)) this.#threads.push(thread);
  }

  #isSeen({ node, endsNumber }: Thread, taken: number): boolean {
    const key = (2 * taken + Number(endsNumber)) * MOST_NODES + node.id;
    if (this.#seen.has(key)) return true;
    this.#seen.add(key);
    return false;
  }

  /** How many bytes there are to be, as what was kept last says; negative where it is no number. */
  #count({ count, otherwise }: Extract<Node, { op: "count" }>, kept: Kept | undefined): number {
    for (let one = kept; one !== undefined; one = one.before) {
      if (one.name === count && typeof one.what !== "string") return decimal(this.#bytes.subarray(...one.what)) ?? -1;
    }
    return otherwise;
  }

  #look(): void {
    const arrived = this.#arrived(false);
    if (arrived >= 0) {
      const [{ kept }] = this.#threads.splice(arrived, this.#isWhole ? 1 : Infinity) as [Thread];
      this.#best = { length: this.#position, kept };
    }
    const isMatch = this.#best !== undefined || this.#arrived(true) >= 0;
    if (this.#threads.length > 0) this.#state = isMatch ? "open" : "more";
    else this.#state = isMatch ? "matched" : "failed";
  }

  /** The first thread that has come to the end of the pattern; those that end a number may have to take more of it. */
  #arrived(mayEndNumber: boolean): number {
    for (let i = 0; i < this.#threads.length; i++) {
      const { node, endsNumber } = this.#threads[i]!;
      if (node.op === "match" && (mayEndNumber || !endsNumber)) return i;
    }
    return -1;
  }
}

function same(a: number, b: number, caseless: boolean): boolean {
  return a === b || (caseless && lower(a) === lower(b));
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte;
}
