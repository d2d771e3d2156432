/**
 * A scripted server in memory, for tests of the player.
 *
 * @module
 */

import { ChatError } from "../../../lib/core/error.ts";
import type { Link } from "../../../lib/core/link.ts";
import { linkPair, type LinkPairOptions } from "../../../lib/simulation/connection.ts";
import { VirtualTime } from "../../../lib/simulation/virtual_time.ts";
import { readClauses } from "../../fixtures/clauses.ts";
import { EMPTY_PRELUDE, type Prelude, readFixture } from "../../fixtures/fixture.ts";
import { type Failure, NotSupported, Unmet } from "../failure.ts";
import { FreshNames } from "../names.ts";
import { RoundTripEstimator } from "../round_trip_estimator.ts";
import type { Chosen } from "../choice.ts";
import { Player } from "../player.ts";
import type { TargetConnector } from "../connection/target_connector.ts";

/** One connection, as the scripted server sees it. */
export interface Caller {
  /** How many connections there were before this one. */
  readonly index: number;
  /** What has arrived and was not answered. */
  unanswered: string;
  /** All pieces in which it arrived. */
  readonly pieces: string[];
  /** How the caller left, if it has. */
  left: "ended" | "lost" | undefined;
  /** Sends text. */
  say(text: string): void;
  /** The server's side of the link. */
  readonly link: Link;
}

/** A server for a test. */
export interface Script {
  /** A client has connected. */
  connected?(caller: Caller): void;
  /** Something has arrived; it is added to what was not answered. */
  heard?(caller: Caller): void;
  /** The caller has sent its last byte, or its connection is lost. */
  left?(caller: Caller): void;
  /** Whether a connection is refused. */
  refuses?(index: number): boolean;
}

/** A server that answers each text, once it has arrived whole, with another. */
export function answering(answers: Readonly<Record<string, string>>): Script {
  return {
    heard: (caller) => {
      for (let known = Object.keys(answers); known.length > 0;) {
        known = known.filter((text) => caller.unanswered.startsWith(text));
        const [text] = known;
        if (text === undefined) return;
        caller.unanswered = caller.unanswered.slice(text.length);
        caller.say(answers[text]!);
        known = Object.keys(answers);
      }
    },
  };
}

/** What came of a fixture. */
export interface ScriptedResult {
  /** Whether it passed, failed, is unsupported, or could not be played. */
  readonly verdict: "pass" | "unsupported" | Failure["kind"] | "error";
  /** Why it failed. */
  readonly failure?: Failure;
  /** The message of an error, or what is unsupported. */
  readonly message?: string;
  /** The choices that were made. */
  readonly chosen: readonly Chosen[];
  /** All connections. */
  readonly callers: readonly Caller[];
  /** How often others were given a turn. */
  readonly patience: number;
}

/** How a fixture is result. */
export interface ScriptedServer extends LinkPairOptions {
  /** What all fixtures share. */
  readonly prelude?: Prelude;
  /** The dialect; one that there is not by default. */
  readonly dialect?: string;
  /** The deadline of a step, in milliseconds: by default one that a test must not reach. */
  readonly timeout?: number;
  /** Time and chance. */
  readonly runtime?: VirtualTime;
  /** Settles when the server has ended. */
  readonly ended?: Promise<void>;
  /** Opens ports for datagrams, where the prelude says that the dialect speaks them. */
  readonly openPort?: TargetConnector["openPort"];
}

/** Plays steps against a scripted server in memory. */
export async function playScripted(
  steps: readonly string[],
  script: Script,
  options: ScriptedServer = {},
): Promise<ScriptedResult> {
  const { prelude = EMPTY_PRELUDE, dialect = "demo", timeout = 60_000, runtime = new VirtualTime(1) } = options;
  const text = ["title: It works", `clause: ${dialect}/a`, "", ...steps].join("\n");
  const clauses = readClauses(`${dialect}/a must it works`, "clauses.txt");
  const fixture = readFixture(text, "a.chat", "a", prelude, clauses)[0]!;
  const callers: Caller[] = [];
  let patience = 0;
  const connector: TargetConnector = {
    runtime,
    timeout,
    roundTrips: new RoundTripEstimator(timeout),
    names: new FreshNames(runtime),
    ended: options.ended,
    dial: () => {
      if (script.refuses?.(callers.length)) return Promise.reject(new ChatError("unreachable", "cannot reach it"));
      const [near, far] = linkPair({ lingerTimeout: 100, ...options, runtime });
      callers.push(serveCaller(callers.length, far, script));
      return Promise.resolve(near);
    },
    openPort: options.openPort ?? (() => Promise.reject(new TypeError("this test opens no ports"))),
    whilePatient: (waiting) => {
      patience++;
      return waiting;
    },
  };
  const player = new Player(fixture, connector);
  const outcome = await runtime.run(() => player.play().then(() => ({ verdict: "pass" } as const), judge));
  return { ...outcome, chosen: player.chosen, callers, patience };
}

function judge(error: unknown): Pick<ScriptedResult, "verdict" | "failure" | "message"> {
  if (error instanceof Unmet) return { verdict: error.failure.kind, failure: error.failure };
  if (error instanceof NotSupported) return { verdict: "unsupported", message: error.message };
  if (error instanceof ChatError) return { verdict: "error", message: error.message };
  throw error;
}

/** Serves one connection as the script says. */
export function serveCaller(index: number, link: Link, script: Script): Caller {
  const decoder = new TextDecoder("latin1");
  const caller: Caller = {
    index,
    unanswered: "",
    pieces: [],
    left: undefined,
    say: (text) => link.write(Uint8Array.from(text, (character) => character.charCodeAt(0))),
    link,
  };
  link.start({
    receive: (bytes) => {
      const text = decoder.decode(bytes);
      caller.pieces.push(text);
      caller.unanswered += text;
      script.heard?.(caller);
    },
    ended: () => {
      caller.left ??= "ended";
      script.left?.(caller);
      link.end("left");
    },
    closed: (reason) => {
      if (reason === "lost") caller.left ??= "lost";
    },
  });
  script.connected?.(caller);
  return caller;
}
