/**
 * What a run has seen of its server so far, and what follows from that for the time that is spent on the rest: what fails again and
 * again in the same way is not waited for as long each time.
 *
 * @module
 */

import type { Fixture } from "../fixtures/fixture.ts";
import type { WireEvent } from "../play/connection/recording.ts";
import type { Result } from "../results/verdict.ts";

/** So many fixtures that fail in the same way show what the others would. */
const ENOUGH = 3;
/** A server that was so many times as slow as ever before would still be waited for. */
const SLOWER = 10;
/** A deadline is never shorter than this, in milliseconds. */
const SHORTEST = 300;

/** Learns from each result. */
export class Experience {
  #hasHeard = false;
  #hasPassed = false;
  /** How long the slowest answer took, in milliseconds. */
  #slowest = 0;
  /** How many fixtures of a clause have waited in vain, by the clause and the step. */
  readonly #silences = new Map<string, number>();
  /** The clauses for which that is enough. */
  readonly #silent = new Set<string>();
  /** How many fixtures have heard nothing, of a server that nobody has heard yet. */
  #unheard = 0;
  #crashed = 0;

  /** Whether a fixture has passed. */
  get hasPassed(): boolean {
    return this.#hasPassed;
  }

  /** Takes the result of a fixture that was played. */
  note(result: Result): void {
    const { fixture, verdict, failure, wire } = result;
    const events = wire?.events ?? [];
    this.#hasPassed ||= verdict === "pass";
    this.#hasHeard ||= events.some(({ kind }) => kind === "received");
    this.#slowest = Math.max(this.#slowest, ...answerTimes(events, fixture));
    if (failure?.kind !== "timeout") return;
    if (!this.#hasHeard && events.some(({ kind }) => kind === "connected")) this.#unheard++;
    const { file, line } = failure.place;
    const key = `${fixture.clause.slug} ${file}:${line}`;
    const count = (this.#silences.get(key) ?? 0) + 1;
    this.#silences.set(key, count);
    if (count >= ENOUGH) this.#silent.add(fixture.clause.slug);
  }

  /** The server has crashed in a fixture. */
  noteCrash(): void {
    this.#crashed++;
  }

  /** How long a step may take that probably waits in vain, in milliseconds: longer than this server ever took, and no longer than `timeout`. */
  shortTimeout(timeout: number): number {
    return Math.min(timeout, Math.max(SLOWER * this.#slowest, SHORTEST));
  }

  /** How long a step of a fixture may take, where nothing speaks against `timeout`, in milliseconds. */
  timeoutFor({ clause }: Fixture, timeout: number): number {
    const isMute = !this.#hasHeard && this.#unheard > 0;
    if (!isMute && !this.#silent.has(clause.slug)) return timeout;
    return this.shortTimeout(timeout);
  }

  /** Why a fixture need not be played any more. One that needs nothing else is to show what is wrong, and so are a few of its clause. */
  hopelessness({ role, clause, needs: [need] }: Fixture): Pick<Result, "reason"> | undefined {
    if (need === undefined && !this.#silent.has(clause.slug)) return undefined;
    const because = need === undefined ? "" : `needs ${need}, and `;
    if (!this.#hasHeard && this.#unheard >= ENOUGH) {
      return { reason: `${because}the ${role ?? "server"} has said nothing so far` };
    }
    if (!this.#hasPassed && this.#crashed >= ENOUGH) {
      return { reason: `${because}the ${role ?? "server"} has crashed each time so far` };
    }
    return undefined;
  }
}

/** How long a server took each time until it said something; not where it is to lose patience first. */
function answerTimes(events: readonly WireEvent[], { patient }: Fixture): number[] {
  if (patient) return [];
  const times: number[] = [];
  let since: number | undefined;
  for (const { kind, at } of events) {
    if (kind === "connected" || kind === "sent") since = at;
    else if (kind === "received" && since !== undefined) times.push(at - since);
  }
  return times;
}
