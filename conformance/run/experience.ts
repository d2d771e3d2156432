/**
 * What a run has seen of its server so far, and what follows from that for the time that is spent on the rest: what fails again and
 * again in the same way is not waited for as long each time.
 *
 * @module
 */

import type { Runtime } from "../../lib/core/runtime.ts";
import type { Fixture } from "../fixtures/fixture.ts";
import type { StepPatience } from "../play/step_patience.ts";
import { everyStep } from "../transcript/blocks.ts";
import { printHead } from "../transcript/print.ts";
import type { Place } from "../transcript/place.ts";
import type { Step } from "../transcript/syntax.ts";
import type { Result } from "../results/verdict.ts";
import type { Scheduler } from "./scheduler.ts";

/** So many fixtures that fail in the same way show what the others would. */
const ENOUGH = 3;
/** A server that was so many times as slow as it ever is would still be waited for. */
const SLOWER = 10;
/** So many of its answers do not say how slow it is, which one hiccup of it or of this machine delays; but none is to take so many times as long. */
const HICCUPS = 2;
const SLOWER_THAN_HICCUP = 2;
/** A deadline is never shorter than this, in milliseconds. */
const SHORTEST = 300;
/** After so many deadlines that were waited for in vain, one after the other, the others are shorter. */
const SPENT = 1;
/** But never shorter than this, in milliseconds. */
const SHORTEST_WHOLE = 1_500;

/** Learns from each result. */
export class Experience {
  #hasHeard = false;
  #hasPassed = false;
  /** How long the slowest answers took, in milliseconds, the slowest first. */
  #slowest: readonly number[] = [];
  /** How many fixtures of a clause have waited in vain, by the clause and the step. */
  readonly #silences = new Map<string, number>();
  /** The clauses for which that is enough. */
  readonly #silent = new Set<string>();
  /** How many fixtures have waited in vain at a line of a macro, and the lines that have come true. */
  readonly #macroSilences = new Map<string, number>();
  readonly #cameTrue = new Set<string>();
  /** Steps that have come true since somebody has asked for that. */
  readonly #met: Step[] = [];
  /** How many fixtures have waited in vain all the time since something was heard last. */
  #unheard = 0;
  /** Which fixtures have heard nothing of a server that never said anything: a gate that is tried again and again is one of them. */
  readonly #mutes = new Set<string>();
  #lastHeard = -Infinity;
  /** How long fixtures have waited in vain altogether, as long as they could, and when the last one had; in milliseconds. */
  #spent = 0;
  #lastSilence = -Infinity;
  /** How many have waited in vain for the server to lose patience. */
  #patientSilences = 0;
  #crashed = 0;
  /** The clauses of the first that has heard nothing, and of the first in which the server has crashed. */
  #firstUnheard: string | undefined;
  #firstCrash: string | undefined;

  /** Whether a fixture has passed. */
  get hasPassed(): boolean {
    return this.#hasPassed;
  }

  /**
   * Takes the result of a fixture that was played, and is over now, a time in milliseconds. Only what has waited for so many
   * milliseconds says what the others would come to; all the more if it was played alone.
   */
  note(result: Result, now: number, timeout: number, isAlone: boolean = result.fixture.exclusive): void {
    const { fixture, verdict, failure, wire } = result;
    const events = wire?.events ?? [];
    this.#hasPassed ||= verdict === "pass";
    this.#hasHeard ||= events.some(({ kind }) => kind === "received");
    const times = [...this.#slowest, ...answerTimes(result)];
    this.#slowest = times.sort((a, b) => b - a).slice(0, HICCUPS + 1);
    // What is tried again and again until the deadline is over waits in vain as well.
    if (failure?.waited === undefined) return;
    const { kind, waited, place, step } = failure;
    const isConnected = kind === "timeout" && events.some(({ kind }) => kind === "connected");
    if (isConnected && (!this.#hasHeard || waited >= timeout && this.#lastHeard < now - waited)) this.#unheard++;
    if (isConnected && !this.#hasHeard) {
      this.#mutes.add(fixture.name);
      this.#firstUnheard ??= fixture.clause.slug;
    }
    // Of a server that never said anything, a shorter silence says as much.
    if (waited < this.#whole(timeout) && this.#hasHeard) return;
    if (waited > timeout) this.#patientSilences++;
    // What several have waited for at the same time has passed only once.
    else this.#spent += now - Math.max(now - waited, this.#lastSilence);
    this.#lastSilence = now;
    const { file, line } = place;
    // Nobody else was there who could have been the cause.
    const enough = isAlone ? 1 : ENOUGH;
    if (count(this.#silences, `${fixture.clause.slug} ${file}:${line}`) >= enough) {
      this.#silent.add(fixture.clause.slug);
    }
    if (place.calledFrom !== undefined) count(this.#macroSilences, keyOf(place, step));
  }

  /** Something has arrived at this time, in milliseconds. */
  heard(now: number): void {
    this.#hasHeard = true;
    this.#lastHeard = now;
    this.#unheard = 0;
  }

  /** A step has come true. */
  met(step: Step): void {
    if (step.place.calledFrom !== undefined) this.#met.push(step);
  }

  /**
   * How long a step of a fixture is waited for, in milliseconds: its deadline, unless others have shown that it waits in vain. Not so
   * long either once `timeout`, the deadline of most steps, was waited for in vain again and again.
   */
  enough(fixture: Fixture, step: Step, deadline: number, timeout: number): number {
    const isInVain = this.isMute || this.#silent.has(fixture.clause.slug) || this.#isNeverMet(step);
    if (isInVain) return Math.min(this.longFor(fixture), deadline);
    const isPatient = deadline > timeout;
    if (isPatient && this.#patientSilences < ENOUGH) return deadline;
    // One that is shorter than most already is not shortened a second time.
    return Math.min(deadline, Math.max(deadline / timeout, 1) * this.#whole(timeout));
  }

  /** What it takes to say that a step waits in vain of which nothing else is known. */
  #whole(timeout: number): number {
    if (this.#spent < SPENT * timeout) return timeout;
    return Math.min(timeout, Math.max(this.long, SHORTEST_WHOLE));
  }

  /** Whether nobody ever came past this line of a macro, and several have waited there. */
  #isNeverMet(step: Step): boolean {
    if (step.place.calledFrom === undefined) return false;
    // With a server that is right, nobody ever needs to know.
    if (this.#macroSilences.size === 0) return false;
    const key = keyOf(step.place, printHead(step));
    return (this.#macroSilences.get(key) ?? 0) >= ENOUGH && !this.#hasComeTrue(key);
  }

  #hasComeTrue(key: string): boolean {
    for (const step of this.#met.splice(0)) this.#cameTrue.add(keyOf(step.place, printHead(step)));
    return this.#cameTrue.has(key);
  }

  /** Whether the server never said anything, or has fallen silent for good. */
  get isMute(): boolean {
    return this.#hasHeard ? this.#unheard >= ENOUGH : this.#unheard > 0;
  }

  /** Whether nothing was ever heard of the server, in more than one fixture. */
  get isUnheard(): boolean {
    return !this.#hasHeard && this.#unheard > 1;
  }

  /** The server has crashed in this fixture. */
  noteCrash({ clause }: Fixture): void {
    this.#crashed++;
    this.#firstCrash ??= clause.slug;
  }

  /** What takes longer than this probably never comes, in milliseconds: no answer ever took nearly as long. */
  get long(): number {
    const [slowest = 0] = this.#slowest;
    const usual = this.#slowest.at(-1) ?? 0;
    return Math.max(SLOWER * usual, SLOWER_THAN_HICCUP * slowest, SHORTEST);
  }

  /** The same in a fixture: what is tried again and again comes when a server's own time for it is over, however fast it answers. */
  longFor({ steps }: Fixture): number {
    const hasOwnTime = everyStep(steps).some(({ kind }) => kind === "soon");
    return hasOwnTime ? Math.max(this.long, SHORTEST_WHOLE) : this.long;
  }

  /** What a fixture is told, and tells, within the run that has this deadline for most steps; and tells who schedules the others. */
  patienceFor(
    fixture: Fixture,
    { runtime, timeout }: { readonly runtime: Runtime; readonly timeout: number },
    schedule?: Pick<Scheduler, "heard" | "stalled">,
  ): StepPatience {
    const long = () => this.long;
    const isMute = () => this.isMute;
    return {
      get long() {
        return long();
      },
      get isMute() {
        return isMute();
      },
      enough: (step, deadline) => this.enough(fixture, step, deadline, timeout),
      met: (step) => this.met(step),
      heard: () => {
        this.heard(runtime.now());
        schedule?.heard(fixture);
      },
      stalled: (isPatient) => schedule?.stalled(fixture, isPatient) ?? (() => {}),
    };
  }

  /** Why a fixture need not be played any more. One that needs nothing else is to show what is wrong, and so are a few of its clause. */
  hopelessness({ role, clause, needs: [need] }: Fixture): Pick<Result, "reason" | "blockedBy"> | undefined {
    if (need === undefined && !this.#silent.has(clause.slug)) return undefined;
    const because = need === undefined ? "" : `needs ${need}, and `;
    const by = (slug: string | undefined) => need === undefined || slug === undefined ? {} : { blockedBy: slug };
    if (!this.#hasHeard && this.#mutes.size >= ENOUGH) {
      return { reason: `${because}the ${role ?? "server"} has said nothing so far`, ...by(this.#firstUnheard) };
    }
    if (!this.#hasPassed && this.#crashed >= ENOUGH) {
      return { reason: `${because}the ${role ?? "server"} has crashed each time so far`, ...by(this.#firstCrash) };
    }
    return undefined;
  }
}

function keyOf({ file, line }: Place, step: string): string {
  return `${file}:${line} ${step}`;
}

function count(counts: Map<string, number>, key: string): number {
  const number = (counts.get(key) ?? 0) + 1;
  counts.set(key, number);
  return number;
}

/**
 * How long a server took each time until it said something, or something more; not where it is to lose patience first, nor what it
 * tells of others while something is waited for in vain.
 */
function answerTimes({ fixture: { patient }, failure, wire }: Result): number[] {
  const events = wire?.events ?? [];
  if (patient) return [];
  const lastSent = events.findLastIndex(({ kind }) => kind === "sent");
  const awaited = failure?.waited === undefined ? events.length : Math.max(lastSent, 0);
  const times: number[] = [];
  let since: number | undefined;
  for (const { kind, at } of events.slice(0, awaited)) {
    if (kind === "received" && since !== undefined) times.push(at - since);
    if (kind === "connected" || kind === "sent" || kind === "received") since = at;
  }
  return times;
}
