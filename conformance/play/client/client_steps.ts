/**
 * Plays the steps that only a client's fixture has.
 *
 * @module
 */

import { Matcher } from "../../pattern/matcher.ts";
import { bytesOfAll, compile, type PatternContext } from "../../pattern/compile.ts";
import { spell } from "../../transcript/escape.ts";
import type { Program } from "../../pattern/program.ts";
import type {
  Accept,
  Ends,
  FileContains,
  Idle,
  Paced,
  Piece,
  Shows,
  ShowsOtherThan,
  Type,
} from "../../transcript/syntax.ts";
import { unmet } from "../explain.ts";
import type { ClientStage } from "./client_stage.ts";
import { AcceptWait } from "./accept_wait.ts";
import { type ProgramWait, TERMINAL } from "./program_wait.ts";
import { anywhere, EndsWait, ShowsWait } from "./shows_wait.ts";

/** How long is watched whether a client spins, in milliseconds, and how many times that it may take to be sure. */
const WATCHED = 400;
/** Who takes more of this time than that spins. */
const SPINNING = 0.6;
/** More new connections meanwhile are no patient way to connect again, and more text is no message to a user. */
const MOST_CONNECTIONS = 20;
const MOST_SHOWN = 16 * 1024;
/** Nothing was shown for so long, in milliseconds, that it will not be. */
const HIDDEN = 50;
/** The time between two looks at a file, in milliseconds. */
const BETWEEN_LOOKS = 20;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** What is needed to play them. */
export interface ClientStepContext {
  /** The client. */
  readonly stage: ClientStage;
  /** What names stand for. */
  readonly patterns: PatternContext;
  /** The deadline of a step, in milliseconds. */
  readonly timeout: number;
  /** Waits. */
  pause(milliseconds: number): Promise<void>;
}

/** What a step waits for that can be waited for beside other things. */
export function awaitClient(
  step: Accept | Shows | Ends,
  stage: ClientStage,
  read: (pieces: readonly Piece[]) => Program,
): ProgramWait {
  switch (step.kind) {
    case "accept":
      return new AcceptWait(stage, step, step.pieces.length === 0 ? undefined : read(step.pieces));
    case "ends":
      return new EndsWait(stage, step);
    default:
      return new ShowsWait(stage, step, read);
  }
}

/** Plays one of them. Throws `Unmet` where it does not come true. */
export function playClientStep(
  step: Type | Shows | ShowsOtherThan | Idle | Paced | FileContains,
  context: ClientStepContext,
): Promise<void> | void {
  switch (step.kind) {
    case "type":
      return type(step, context);
    case "hides":
      return hides(step, context);
    case "shows-other-than":
      return showsOtherThan(step, context);
    case "idle":
      return idle(step, context);
    case "paced":
      return paced(step, context);
    case "file":
      return fileContains(step, context);
  }
}

/** What is typed for one that has ended is lost: what should come of it does not, and says so. */
async function type(step: Type, { stage, patterns, pause }: ClientStepContext): Promise<void> {
  await stage.type(decoder.decode(bytesOfAll(step.pieces, patterns)), pause);
}

async function hides(step: Shows, { stage, patterns, pause }: ClientStepContext): Promise<void> {
  await pause(HIDDEN);
  const shown = stage.shownSince(stage.lastActionAt);
  const matcher = new Matcher(compile(anywhere(step.pieces), patterns));
  const state = matcher.advance(encoder.encode(shown));
  if (state !== "matched" && state !== "open") return;
  const attempt = { connection: TERMINAL, fits: "", wanted: [], got: spell(encoder.encode(shown)), isClosed: false };
  throw unmet("unexpected", step, "the client shows what it must not show", [attempt]);
}

function showsOtherThan(step: ShowsOtherThan, { patterns }: ClientStepContext): void {
  const [first, second] = step.names.map((name) => decoder.decode(patterns.value(name)));
  if (essence(first!) !== essence(second!)) return;
  const got = spell(encoder.encode(second));
  const attempt = { connection: TERMINAL, fits: "", wanted: [`something else than ${got}`], got, isClosed: false };
  throw unmet("mismatch", step, `${step.names.join(" and ")} read alike`, [attempt]);
}

/** What a user reads in it: no prompts, no times, no line ends. */
function essence(shown: string): string {
  const lines = shown.split("\n").map((line) => line.replace(/^\W+|\W+$/g, ""));
  return lines.filter((line) => line !== "").join(" ").replace(/\d+([:.,]\d+)+/g, "").replace(/\s+/g, " ").trim();
}

async function idle(step: Idle, { stage, timeout, pause }: ClientStepContext): Promise<void> {
  const { run } = stage;
  if (run === undefined) return;
  const watched = Math.min(WATCHED, timeout / 4);
  const before = { time: await run.processorTime(), connected: stage.connected, shown: run.screen.length };
  const began = stage.runtime.now();
  await pause(watched);
  const time = await run.processorTime();
  // Other work of the machine makes this longer, and a client's share of it smaller.
  const passed = stage.runtime.now() - began;
  if (run.ending !== undefined) return;
  const spun = before.time === undefined || time === undefined ? 0 : time - before.time;
  if (spun > SPINNING * passed) {
    throw unmet("flood", step, `the client spins: it took ${spun} ms of processor time in ${Math.round(passed)} ms`);
  }
  const connections = stage.connected - before.connected;
  if (connections > MOST_CONNECTIONS) {
    throw unmet("flood", step, `the client connects again and again: ${connections} times in ${Math.round(passed)} ms`);
  }
  const shown = run.screen.length - before.shown;
  if (shown > MOST_SHOWN) {
    throw unmet("flood", step, `the client shows ${shown} characters in ${Math.round(passed)} ms`);
  }
}

/** What arrived on a connection since something was last done to the client. Says nothing where our own timers were late. */
function paced(step: Paced, { stage }: ClientStepContext): void {
  if (stage.isLate) return;
  const times = stage.arrivals(step.connection);
  for (const [i, time] of times.entries()) {
    const gap = Math.round(time - (times[i - 1] ?? time));
    if (i === 0 || gap >= step.low && gap <= step.high) continue;
    const which = `between the ${i}. and the ${i + 1}. on ${step.connection}`;
    throw unmet("mismatch", step, `${gap} ms passed ${which}, and ${step.low} to ${step.high} should`);
  }
}

async function fileContains(
  step: FileContains,
  { stage, patterns, timeout, pause }: ClientStepContext,
): Promise<void> {
  const name = decoder.decode(bytesOfAll(step.file, patterns));
  const program = compile(anywhere(step.pieces), patterns);
  const until = stage.runtime.now() + timeout;
  for (;;) {
    const files = await stage.run?.filesLike(name) ?? [];
    if (files.some((file) => ["matched", "open"].includes(new Matcher(program).advance(file)))) return;
    if (stage.runtime.now() > until || stage.run?.ending !== undefined) {
      const [file] = files;
      const time = `within ${timeout / 1000} s`;
      if (file === undefined) {
        throw unmet("timeout", step, `there is no file ${name} in the client's working folder ${time}`);
      }
      const got = spell(file.subarray(-512));
      const attempt = { connection: name, fits: "", wanted: ["what the step says"], got, isClosed: false };
      throw unmet("timeout", step, `it is not in the file ${name} ${time}`, [attempt]);
    }
    await pause(BETWEEN_LOOKS);
  }
}
