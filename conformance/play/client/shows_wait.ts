/**
 * Waits until a client shows something, or ends.
 *
 * @module
 */

import { type Match, Matcher } from "../../pattern/matcher.ts";
import type { Program } from "../../pattern/program.ts";
import { spell } from "../../transcript/escape.ts";
import { printPieces } from "../../transcript/pieces.ts";
import type { Ends, Piece, Shows } from "../../transcript/syntax.ts";
import { NOTHING } from "../expectation.ts";
import type { Attempt, FailureKind } from "../failure.ts";
import { afterSilence } from "../sleep.ts";
import type { ClientStage } from "./client_stage.ts";
import { type ProgramWait, TERMINAL } from "./program_wait.ts";

/** So much of what was shown last is looked at, in characters: more than that is no answer to anything. */
const SEARCHED = 32 * 1024;
/** A failure shows no more of what was shown than this, in characters. */
const SHOWN = 512;

const encoder = new TextEncoder();

/** What is shown since something was last done to the client holds a pattern. */
export class ShowsWait implements ProgramWait {
  readonly isOfProgram = true;
  onMatch: (match: Match) => void = () => {};
  readonly #stage: ClientStage;
  readonly #step: Shows;
  readonly #program: Program;
  readonly #since: number;
  #cancelSilence = () => {};
  readonly #changed = () => this.#check();

  /** Waits for the pattern in what is shown from this position on. */
  constructor(stage: ClientStage, step: Shows, compile: (pieces: readonly Piece[]) => Program) {
    this.#stage = stage;
    this.#step = step;
    this.#program = compile(anywhere(step.pieces));
    this.#since = stage.lastActionAt;
  }

  get isHopeless(): boolean {
    return this.#stage.run?.ending !== undefined && this.#match() === undefined;
  }

  begin(): void {
    this.#stage.listeners.add(this.#changed);
    this.#check();
  }

  cease(): void {
    this.#stage.listeners.delete(this.#changed);
    this.#cancelSilence();
  }

  why(deadline?: number): [FailureKind, string] {
    const time = deadline === undefined ? "" : ` within ${Math.round(deadline) / 1000} s`;
    const { ending } = this.#stage.run ?? {};
    if (deadline === undefined && ending !== undefined) {
      return ["closed", `the client has ended ${ending.words}, and does not show it`];
    }
    return ["timeout", `the client does not show it${time}`];
  }

  attempts(): Attempt[] {
    const shown = this.#stage.shownSince(this.#since).slice(-SHOWN);
    const got = spell(encoder.encode(shown));
    return [{ connection: TERMINAL, fits: "", wanted: [printPieces(this.#step.pieces)], got, isClosed: false }];
  }

  get hint(): string | undefined {
    return this.#stage.hint;
  }

  #check(): void {
    this.#cancelSilence();
    const found = this.#match();
    if (found === undefined) return;
    if (!found.isOpen) return this.onMatch(found.match);
    // What has no end of its own is over when nothing more is shown for a while.
    this.#cancelSilence = afterSilence(this.#stage.runtime, this.#stage.settlingTime, () => {
      this.onMatch(found.match);
    });
  }

  #match(): { readonly match: Match; readonly isOpen: boolean } | undefined {
    const shown = this.#stage.shownSince(this.#since).slice(-SEARCHED);
    // A prompt says nothing.
    if (isAll(this.#step.pieces)) return /\p{L}/u.test(shown) ? matchOfAll(this.#step.pieces, shown) : undefined;
    const matcher = new Matcher(this.#program);
    const state = matcher.advance(encoder.encode(shown));
    const match = matcher.match();
    if (match === undefined || state !== "open" && state !== "matched") return undefined;
    return { match, isOpen: state === "open" };
  }
}

/** The program ends. */
export class EndsWait implements ProgramWait {
  readonly isOfProgram = true;
  onMatch: (match: Match) => void = () => {};
  readonly #stage: ClientStage;
  readonly #step: Ends;
  readonly #changed = () => this.#check();

  /** Waits for its end, with the status that the step asks for. */
  constructor(stage: ClientStage, step: Ends) {
    this.#stage = stage;
    this.#step = step;
  }

  get isHopeless(): boolean {
    const { ending } = this.#stage.run ?? {};
    return ending !== undefined && !this.#isRight(ending.status);
  }

  begin(): void {
    this.#stage.listeners.add(this.#changed);
    this.#check();
  }

  cease(): void {
    this.#stage.listeners.delete(this.#changed);
  }

  why(deadline = 0): [FailureKind, string] {
    const { ending } = this.#stage.run ?? {};
    if (ending === undefined) {
      return ["timeout", `the client's program does not end within ${Math.round(deadline) / 1000} s`];
    }
    return ["mismatch", `the client's program has ended ${ending.words}`];
  }

  attempts(): Attempt[] {
    return [];
  }

  get hint(): string | undefined {
    const { ending } = this.#stage.run ?? {};
    return ending === undefined ? undefined : "a script that starts it could not tell by its exit status what happened";
  }

  #check(): void {
    const { ending } = this.#stage.run ?? {};
    if (ending !== undefined && this.#isRight(ending.status)) this.onMatch(NOTHING);
  }

  #isRight(status: number): boolean {
    const { status: wanted } = this.#step;
    return wanted === undefined || (wanted === "nonzero" ? status !== 0 : status === wanted);
  }
}

/** What a pattern finds that takes all that there is. */
function matchOfAll([piece]: readonly Piece[], shown: string): { readonly match: Match; readonly isOpen: boolean } {
  const bytes = encoder.encode(shown);
  const values = piece?.kind === "wild" && piece.name !== undefined ? [[piece.name, bytes] as const] : [];
  return { match: { length: bytes.length, values: new Map(values), choices: new Map() }, isOpen: true };
}

/** Whether a pattern takes all that there is. */
function isAll([first, ...others]: readonly Piece[]): boolean {
  return first?.kind === "wild" && first.type.kind === "text" && others.length === 0;
}

/** A pattern that finds another one wherever it stands. */
export function anywhere(pieces: readonly Piece[]): readonly Piece[] {
  return isAll(pieces) ? pieces : [{ kind: "wild", type: { kind: "text" } }, ...pieces];
}
