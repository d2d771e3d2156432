/**
 * What a run has shown, as the rules for root causes ask for it.
 *
 * @module
 */

import { TERMINAL } from "../play/client/program_wait.ts";
import type { Result, TargetRun } from "../results/verdict.ts";

const latin1 = new TextDecoder("latin1");

/** The failures of a run that are to be explained, and what speaks for the server. */
export class Evidence {
  /** The dialect. */
  readonly dialect: string;
  /** What is to be explained. */
  readonly failed: readonly Result[];
  readonly #passed: readonly Result[];

  /** `failed` are those of the run's results that are to be explained. */
  constructor({ target, results }: TargetRun, failed: readonly Result[]) {
    this.dialect = target.dialect;
    this.failed = failed;
    this.#passed = results.filter(({ verdict }) => verdict === "pass");
  }

  /** The failures of these clauses; a name stands for that clause of any dialect. */
  of(...clauses: readonly string[]): Result[] {
    return this.failed.filter((result) => isOf(result, clauses));
  }

  /** The failures for which this holds. */
  where(holds: (result: Result) => boolean): Result[] {
    return this.failed.filter(holds);
  }

  /** Whether a fixture of these clauses passes, or any at all. */
  passes(...clauses: readonly string[]): boolean {
    return this.#passed.some((result) => clauses.length === 0 || isOf(result, clauses));
  }

  /** Which share of a clause's fixtures fails, of those that were played: from 0 to 1. */
  shareOf(clause: string): number {
    const failed = this.of(clause).length;
    const passed = this.#passed.filter((result) => isOf(result, [clause])).length;
    return failed === 0 ? 0 : failed / (failed + passed);
  }

  /** Whether the server has said anything, in any fixture. */
  get hasSpoken(): boolean {
    return [...this.failed, ...this.#passed].some(({ wire, failure }) =>
      wire?.events.some(({ kind, connection }) => kind === "received" && connection !== TERMINAL) ||
      failure?.attempts.some(({ fits, got }) => fits + got !== "")
    );
  }

  /** Whether a fixture passes for which this holds. */
  hasPassed(holds: (result: Result) => boolean): boolean {
    return this.#passed.some(holds);
  }
}

function isOf({ fixture: { clause: { slug } } }: Result, clauses: readonly string[]): boolean {
  return clauses.includes(slug.slice(slug.indexOf("/") + 1));
}

/** All that a fixture has sent, bytes as characters. */
export function sentIn(result: Result): string {
  return bytesIn(result, "sent");
}

/** The first thing that a fixture has sent, bytes as characters. */
export function firstSentIn({ wire }: Result): string {
  return latin1.decode(wire?.events.find(({ kind }) => kind === "sent")?.bytes ?? new Uint8Array());
}

/** All that a fixture has received, bytes as characters. */
export function receivedIn(result: Result): string {
  return bytesIn(result, "received");
}

/** What a fixture has received behind the last thing that it sent of a kind, bytes as characters, and whether all of it was kept. */
export function heardBehind({ wire }: Result, kindOfSent: RegExp): { text: string; isWhole: boolean }[] {
  const events = wire?.events ?? [];
  const sent = events.findLastIndex(({ kind, bytes }) => kind === "sent" && kindOfSent.test(latin1.decode(bytes)));
  if (sent < 0) return [];
  const heard = events.slice(sent).filter(({ kind }) => kind === "received");
  return heard.map(({ bytes, cut }) => ({ text: latin1.decode(bytes), isWhole: cut === 0 }));
}

function bytesIn({ wire }: Result, wanted: "sent" | "received"): string {
  return (wire?.events ?? []).map(({ kind, bytes }) => kind === wanted ? latin1.decode(bytes) : "").join("");
}

/** What a failed fixture got instead of what it waited for, where that is one thing. */
export function gotIn({ failure }: Result): string {
  return failure?.attempts.map(({ got }) => got).join(" ") ?? "";
}
