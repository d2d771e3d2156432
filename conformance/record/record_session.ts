/**
 * Records one session of clients with a server, and makes a transcript of it.
 *
 * @module
 */

import { addressText } from "../../lib/core/address.ts";
import { ChatError } from "../../lib/core/error.ts";
import type { Endpoint } from "../../lib/core/link.ts";
import type { Network } from "../../lib/core/runtime.ts";
import { VERSION } from "../../lib/core/version.ts";
import type { Trust } from "../../lib/transport/tls/tls.ts";
import type { Clauses } from "../fixtures/clauses.ts";
import type { Prelude } from "../fixtures/fixture.ts";
import { findDialect } from "../../lib/dialects/registry.ts";
import { loadLibrary, loadPrelude } from "../fixtures/library.ts";
import { countText } from "../reports/words.ts";
import type { Target } from "../results/verdict.ts";
import { runTarget } from "../run/run.ts";
import type { RunSurroundings } from "../run/surroundings.ts";
import { readFrame } from "./frame_reading.ts";
import { type SessionBounds, SessionHistory } from "./history.ts";
import { PASSING, Passthrough } from "./passthrough.ts";
import { playBack, type PlayedBack, PLAYS } from "./play_back.ts";
import type { BeginReading } from "./reading.ts";
import { recordedSteps } from "./recorded_steps.ts";
import { readRelay } from "./relay_reading.ts";
import { SessionValues } from "./session_values.ts";
import { readRoom, readSlash } from "./text_reading.ts";

/** How a dialect is read, and which of its clauses an ordinary conversation shows. */
const READINGS: Readonly<Record<string, { readonly begin: BeginReading; readonly clause: string }>> = {
  relay: { begin: readRelay, clause: "relay/send-unicast" },
  frame: { begin: readFrame, clause: "frame/forward" },
  slash: { begin: readSlash, clause: "slash/dm" },
  room: { begin: readRoom, clause: "room/message" },
};

/** How a session is recorded. */
export interface SessionOptions {
  /** Where clients connect. */
  readonly listen: Endpoint;
  /** How long a step may take when it is played back, in milliseconds. */
  readonly timeout: number;
  /** The authorities that are trusted, if the server speaks TLS. Clients speak without it. */
  readonly tls?: Trust | undefined;
  /** Ends the recording. */
  readonly interrupted?: AbortSignal | undefined;
  /** How much is recorded. */
  readonly bounds?: SessionBounds;
  /** Time, chance, and how servers are reached. */
  readonly surroundings: RunSurroundings;
  /** Listens for clients. */
  readonly network: Pick<Network, "listen">;
  /** Told what a person should know, in a line. */
  readonly onNote: (text: string) => void;
}

/** What is known of a dialect to record sessions in it. */
export interface RecordedDialect {
  /** Its name. */
  readonly dialect: string;
  /** How its messages are read. */
  readonly begin: BeginReading;
  /** The clause for which a recorded session counts. */
  readonly clause: string;
  /** Its prelude. */
  readonly prelude: Prelude;
  /** Its clauses. */
  readonly clauses: Clauses;
}

/**
 * Reads what has to be known of a dialect.
 *
 * @throws {ChatError} `usage` for one of datagrams, or over WebSockets.
 */
export async function loadRecordedDialect(dialect: string): Promise<RecordedDialect> {
  const reading = READINGS[dialect];
  if (reading === undefined) {
    const known = Object.keys(READINGS).join(", ");
    const how = findDialect(dialect)?.transport === "udp" ? "speaks datagrams" : "is carried by a WebSocket";
    throw new ChatError("usage", `--record stands between streams, and ${dialect} ${how}: it records ${known}`);
  }
  const { clauses } = await loadLibrary(dialect, { dirs: [], embedded: true });
  return { dialect, ...reading, prelude: await loadPrelude(dialect), clauses };
}

/**
 * Listens until the recording is ended or the last client has gone, and plays back what was recorded.
 *
 * @returns `undefined` if no client has connected.
 * @throws {ChatError} `port-in-use`, `cannot-listen`; `unreachable` if the server is not there for the first client.
 */
export async function recordSession(
  target: Target,
  { dialect, begin, clause, prelude, clauses }: RecordedDialect,
  options: SessionOptions,
): Promise<PlayedBack | undefined> {
  const { onNote, interrupted } = options;
  const { history, connections } = await listenUntilOver(target, options);
  if (history.events.length === 0) return undefined;
  const known = prelude.steps.flatMap((step) => step.kind === "name" ? step.names : []);
  const values = new SessionValues(known);
  const steps = recordedSteps(history.events, begin, values, new Set(prelude.macros.keys()));
  onNote(`${countText(connections, "connection")}, ${countText(history.events.length, "event")}: playing it back`);
  const made = `Recorded with chat conform --record (chat ${VERSION}) between ${countText(connections, "connection")}`;
  const head = {
    remarks: [
      `${made} and the ${dialect} server at ${addressText(target)}.`,
      "Names, IDs, lengths and ports are other ones each time. Played again, from a folder DIR, with",
      "chat conform --target HOST:PORT --fixtures DIR --no-embedded. The clause is where it counts: choose another.",
      ...history.isFull ? ["Not pinned: what came later; more happened than is recorded."] : [],
    ],
    title: "What clients said and heard in a recorded session",
    clause,
  };
  const played = await playBack(steps, {
    ...{ dialect, prelude, clauses, head },
    play: (library, fixtures) =>
      runTarget(target, library, fixtures, {
        timeout: options.timeout,
        jobs: 1,
        onResult: () => {},
        tls: options.tls,
        surroundings: options.surroundings,
        // What has ended the recording does not break off what follows it.
        interrupted: interrupted?.aborted ? undefined : interrupted,
      }),
  });
  if (history.isFull) onNote("more happened than is recorded: the transcript is the beginning of it");
  for (const note of played.notes) onNote(`not pinned: ${note}`);
  onNote(
    played.failure === undefined
      ? `played back ${PLAYS} times, and passed`
      : `played back, it does not pass: ${played.failure}`,
  );
  return played;
}

async function listenUntilOver(target: Target, options: SessionOptions) {
  const { surroundings, network, listen, onNote, interrupted, tls } = options;
  const history = new SessionHistory(surroundings.runtime, options.bounds);
  const settings = { ...PASSING, tls, canReset: tls === undefined };
  const passthrough = new Passthrough({
    ...{ runtime: surroundings.runtime, network, listen, history, onNote },
    connect: () => surroundings.connect(target, settings),
  });
  const stop = () => void passthrough.close();
  try {
    const where = addressText(passthrough.endpoint);
    onNote(
      `recording ${target.dialect}: have clients connect to ${where}; Ctrl-C ends it, or the last one that leaves`,
    );
    if (interrupted?.aborted) stop();
    interrupted?.addEventListener("abort", stop, { once: true });
    await passthrough.over;
  } finally {
    interrupted?.removeEventListener("abort", stop);
    await passthrough.close();
  }
  return { history, connections: passthrough.connections };
}
