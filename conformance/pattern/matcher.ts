/**
 * Matches what arrives against a pattern, byte by byte, so that it makes no difference in which pieces it arrives.
 *
 * @module
 */

import { spell } from "../transcript/escape.ts";
import { decimal, isDigit } from "./digits.ts";
import type { Count, Instruction, Program } from "./program.ts";
import type { Stand, Stands, Thread } from "./stands.ts";

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

/** A way of reading the bytes that has come to the end of the pattern. */
interface Found {
  readonly length: number;
  readonly thread: Thread;
}

/** What arrives where nothing is kept. */
const ARRIVED: Thread = { pc: 0, offset: 0, slots: [], chosen: [] };

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
  readonly #program: Program;
  readonly #isWhole: boolean;
  #bytes: Uint8Array = new Uint8Array();
  #position = 0;
  #threads: readonly Thread[] = [];
  /** The threads if the numbers that are being read end here. */
  #ended: readonly Thread[] = [];
  /** The match so far, whatever comes. */
  #best: Found | undefined;
  /** A better one, if no digit follows. */
  #likely: Found | undefined;
  #state: MatchState = "more";
  /** What could have come at the place where it failed. */
  #wanted: readonly Thread[] = [];
  readonly #seen = new Set<number>();
  readonly #stands: Stands | undefined;
  /** Where it stands, if that is remembered. */
  #stand: Stand | undefined;

  /**
   * Starts before the first byte. If `isWhole`, the bytes of the first {@linkcode Matcher.advance} are all there will ever
   * be, and only a match of all of them is one.
   */
  constructor(program: Program, isWhole = false) {
    this.#program = program;
    this.#isWhole = isWhole;
    const slots = program.slots.flatMap(() => [-1, -1]);
    this.#stands = isWhole ? program.stands?.toTheEnd : program.stands?.before;
    const threads: Thread[] = [];
    this.#enter({ pc: 0, offset: 0, slots, chosen: [] }, threads);
    this.#look(threads);
  }

  /** How far it has come. */
  get state(): MatchState {
    return this.#state;
  }

  /** How many bytes fit; where it failed, the first that does not fit is at this place. */
  get position(): number {
    return this.#position;
  }

  /** Takes all bytes there are so far, those that it has seen already included. */
  advance(bytes: Uint8Array): MatchState {
    this.#bytes = bytes;
    while (this.#position < bytes.length && (this.#state === "more" || this.#state === "open")) {
      if (!this.#run() && !this.#recall(bytes[this.#position]!)) this.#step(bytes[this.#position]!);
    }
    if (this.#isWhole && this.#state !== "failed") this.#end(bytes);
    return this.#state;
  }

  /** There are no more bytes. */
  #end(bytes: Uint8Array): void {
    this.#best = this.#likely ?? this.#best;
    this.#likely = undefined;
    if (this.#best?.length === bytes.length) this.#state = "matched";
    else {
      this.#best = undefined;
      this.#wanted = this.#threads;
      this.#state = "failed";
    }
  }

  /** What was found, if it matches: as much as it could take so far. */
  match(): Match | undefined {
    const found = this.#likely ?? this.#best;
    if (found === undefined) return undefined;
    const { length, thread } = found;
    const values = new Map<string, Uint8Array>();
    const choices = new Map<string, string>(thread.chosen);
    for (const [i, { name, choice }] of this.#program.slots.entries()) {
      const [begin, end] = [thread.slots[2 * i]!, thread.slots[2 * i + 1]!];
      if (end < 0) continue;
      const value = this.#bytes.slice(begin, end);
      if (name !== undefined) values.set(name, value);
      if (choice !== undefined) choices.set(choice, spell(value));
    }
    return { length, values, choices };
  }

  /** What could come, or could have come, behind the bytes that fit: spelled for people, wildcards in braces. */
  wanted(): string[] {
    const threads = this.#state === "failed" ? this.#wanted : this.#threads;
    return [...new Set(threads.map((thread) => this.#show(thread)))];
  }

  #show(thread: Thread): string {
    const instruction = this.#instruction(thread);
    switch (instruction.op) {
      case "bytes":
        return spell(instruction.bytes.subarray(thread.offset)) + instruction.rest;
      case "one":
      case "number":
      case "count":
        return instruction.own + instruction.rest;
      default:
        return "";
    }
  }

  #instruction(thread: Thread): Instruction {
    return this.#program.instructions[thread.pc]!;
  }

  /** Takes a run of bytes at once where there is only one way to read them. Says whether it took any. */
  #run(): boolean {
    const thread = this.#threads[0]!;
    const instruction = this.#instruction(thread);
    if (this.#threads.length > 1 || instruction.op !== "bytes") return false;
    const { bytes, caseless } = instruction;
    let offset = thread.offset;
    // The last byte is left to `#step`, which knows what follows.
    while (offset < bytes.length - 1 && this.#position < this.#bytes.length) {
      if (!same(bytes[offset]!, this.#bytes[this.#position]!, caseless)) break;
      offset++;
      this.#position++;
    }
    if (offset === thread.offset) return false;
    this.#threads = this.#ended = [{ ...thread, offset }];
    this.#stand = undefined;
    return true;
  }

  /** Takes a byte that was taken at this place before. Says whether it was. */
  #recall(byte: number): boolean {
    const stand = this.#stand?.next.get(byte);
    if (stand === undefined) return false;
    this.#position++;
    this.#stand = stand;
    this.#threads = this.#ended = stand.threads;
    if (stand.hasArrived) this.#best = { length: this.#position, thread: ARRIVED };
    this.#judge();
    return true;
  }

  #step(byte: number): void {
    if (!isDigit(byte)) this.#best = this.#likely ?? this.#best;
    this.#likely = undefined;
    const before = isDigit(byte) ? this.#threads : this.#ended;
    const after: Thread[] = [];
    this.#seen.clear();
    this.#position++;
    for (const thread of before) this.#take(thread, byte, after);
    this.#threads = after;
    if (after.length > 0) {
      const from = this.#stand;
      this.#look(after);
      if (this.#stand !== undefined) from?.next.set(byte, this.#stand);
      return;
    }
    if (this.#best !== undefined && !this.#isWhole) {
      this.#state = "matched";
      return;
    }
    this.#position--;
    this.#wanted = before;
    this.#state = "failed";
  }

  /** Moves a thread over a byte, into the list of those that live on, if it takes it. */
  #take(thread: Thread, byte: number, into: Thread[]): void {
    const instruction = this.#instruction(thread);
    switch (instruction.op) {
      case "bytes": {
        const { bytes, caseless } = instruction;
        if (!same(bytes[thread.offset]!, byte, caseless)) return;
        const isLast = thread.offset + 1 === bytes.length;
        return isLast ? this.#enter(behind(thread), into) : this.#add({ ...thread, offset: thread.offset + 1 }, into);
      }
      case "one":
        if (instruction.takes(byte)) this.#enter(behind(thread), into);
        return;
      case "number": {
        const longer = { ...thread, offset: thread.offset + 1 };
        if (isDigit(byte) && this.#number(longer) <= instruction.range.high) this.#add(longer, into);
        return;
      }
      case "count": {
        const left = this.#count(instruction.count, thread) - thread.offset - 1;
        return left === 0
          ? this.#enter(behind(thread), into)
          : this.#add({ ...thread, offset: thread.offset + 1 }, into);
      }
    }
  }

  /** The number whose digits a thread has taken; infinite if it has leading zeros or too many digits. */
  #number({ offset }: Thread): number {
    const digits = this.#bytes.subarray(this.#position - offset, this.#position);
    return digits.length > 1 && digits[0] === 0x30 ? Infinity : decimal(digits) ?? Infinity;
  }

  /** Follows the instructions that take no byte, up to the next that does. */
  #enter(thread: Thread, into: Thread[]): void {
    const instruction = this.#instruction(thread);
    const next = thread.pc + 1;
    switch (instruction.op) {
      case "jump":
        return this.#enter({ ...thread, pc: instruction.to }, into);
      case "split":
        if (this.#isSeen(thread)) return;
        this.#enter({ ...thread, pc: instruction.preferred }, into);
        return this.#enter({ ...thread, pc: instruction.other }, into);
      case "begin":
        return this.#enter(
          { ...thread, pc: next, slots: thread.slots.with(2 * instruction.slot, this.#position) },
          into,
        );
      case "end":
        return this.#enter(
          { ...thread, pc: next, slots: thread.slots.with(2 * instruction.slot + 1, this.#position) },
          into,
        );
      case "chosen":
        return this.#enter(
          { ...thread, pc: next, chosen: [...thread.chosen, [instruction.choice, instruction.value]] },
          into,
        );
      case "count": {
        const count = this.#count(instruction.count, thread);
        if (count === 0) return this.#enter({ ...thread, pc: next }, into);
        if (count > 0) this.#add(thread, into);
        return;
      }
      default:
        this.#add(thread, into);
    }
  }

  #add(thread: Thread, into: Thread[]): void {
    if (!this.#isSeen(thread)) into.push(thread);
  }

  /** Of several threads at the same place, only the preferred one can decide anything. */
  #isSeen({ pc, offset }: Thread): boolean {
    const key = offset * this.#program.instructions.length + pc;
    if (this.#seen.has(key)) return true;
    this.#seen.add(key);
    return false;
  }

  #count({ slots: captures, otherwise }: Count, { slots }: Thread): number {
    const slot = captures.find((slot) => slots[2 * slot + 1]! >= 0);
    if (slot === undefined) return otherwise;
    return decimal(this.#bytes.subarray(slots[2 * slot]!, slots[2 * slot + 1]!)) ?? -1;
  }

  #look(threads: Thread[]): void {
    const found = this.#arrival(threads);
    this.#best = found ?? this.#best;
    this.#threads = this.#ended = threads;
    if (threads.some((thread) => this.#instruction(thread).op === "number")) {
      const ended = this.#endNumbers();
      this.#likely = this.#arrival(ended);
      this.#ended = ended;
    }
    this.#stand = this.#stands?.of(threads, found !== undefined);
    this.#judge();
  }

  #judge(): void {
    const isMatch = (this.#likely ?? this.#best) !== undefined;
    if (this.#threads.length > 0) this.#state = isMatch ? "open" : "more";
    else this.#state = isMatch ? "matched" : "failed";
  }

  /** Takes out a thread that is at the end, and with it those behind it, which are worse, if it may end here. */
  #arrival(threads: Thread[]): Found | undefined {
    const arrived = threads.findIndex((thread) => this.#instruction(thread).op === "match");
    if (arrived < 0) return undefined;
    const [thread] = threads.splice(arrived, this.#isWhole ? 1 : Infinity);
    return { length: this.#position, thread: thread! };
  }

  /** The threads if no digit follows: where a number may end here, what is behind it. */
  #endNumbers(): Thread[] {
    const ended: Thread[] = [];
    this.#seen.clear();
    for (const thread of this.#threads) {
      const instruction = this.#instruction(thread);
      const mayEnd = instruction.op === "number" && thread.offset > 0 &&
        this.#number(thread) >= instruction.range.low;
      if (mayEnd) this.#enter(behind(thread), ended);
      else this.#add(thread, ended);
    }
    return ended;
  }
}

function behind(thread: Thread): Thread {
  return { ...thread, pc: thread.pc + 1, offset: 0 };
}

function same(a: number, b: number, caseless: boolean): boolean {
  return a === b || (caseless && lower(a) === lower(b));
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte;
}
