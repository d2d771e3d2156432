/**
 * Finds out whether a server that does not end its own words in a line end reads lines all the same: many write a prompt,
 * `Alias? `, and wait for a line.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { HalfClosingLink } from "../../lib/core/link.ts";
import type { Runtime } from "../../lib/core/runtime.ts";
import { bytesOfAll } from "../pattern/compile.ts";
import type { Fixture } from "../fixtures/fixture.ts";
import type { Library } from "../fixtures/library.ts";
import type { TargetConnector } from "../play/connection/target_connector.ts";
import { ProbedConnection } from "./probed_connection.ts";

/** A server that has something to say has begun by now, in milliseconds. */
const ANSWER = 500;

const encoder = new TextEncoder();

/** What is played. */
export interface Repertoire {
  /** All that there is. */
  readonly library: Library;
  /** What was selected of it. */
  readonly fixtures: readonly Fixture[];
}

/**
 * What is played, as it is played with a server that may read lines: with their line ends, whatever its own words end in, if it
 * does. It is asked once, where a client of the dialect would go by its first words. What keeps it from being connected to, the
 * fixtures say.
 */
export async function fitToReading(
  connector: Pick<TargetConnector, "dial" | "runtime" | "names" | "timeout">,
  library: Library,
  fixtures: readonly Fixture[],
  signal: AbortSignal = new AbortController().signal,
): Promise<Repertoire> {
  const { lineEnd, leaving } = fixtures.find(({ lineEnd, leaving }) => lineEnd !== undefined && leaving) ?? {};
  if (lineEnd === undefined || leaving === undefined || signal.aborted) return { library, fixtures };
  try {
    const link = await connector.dial(connector.timeout, signal, false);
    if (
      !await readsLinesOnly({ runtime: connector.runtime, link, name: connector.names.next("probe"), lineEnd, leaving })
    ) return { library, fixtures };
  } catch (error) {
    if (error instanceof ChatError || signal.aborted) return { library, fixtures };
    throw error;
  }
  const { accommodate } = library;
  const inLines = ({ lineEnd: _lineEnd, ...fixture }: Fixture): Fixture => fixture;
  return {
    library: {
      ...library,
      fixtures: library.fixtures.map(inLines),
      ...(accommodate === undefined ? {} : { accommodate: (...which) => accommodate(...which).map(inLines) }),
    },
    fixtures: fixtures.map(inLines),
  };
}

/** How a client of the dialect speaks, and whom it asks. */
export interface LineReadingProbe extends Required<Pick<Fixture, "lineEnd" | "leaving">> {
  /** Time. */
  readonly runtime: Runtime;
  /** A connection, which must not have been started. */
  readonly link: HalfClosingLink;
  /** A fresh name. */
  readonly name: string;
}

/**
 * Whether the server answers nothing until a line end comes, though its first words have none. It is told a name without one,
 * then the farewell, which a server that takes each read for a message answers or closes at, and then the line end alone.
 *
 * @returns `false`, too, where its own first words end in a line end, or nothing helps.
 */
export async function readsLinesOnly({ runtime, link, name, lineEnd, leaving }: LineReadingProbe): Promise<boolean> {
  const server = new ProbedConnection(runtime, link);
  const words = (pieces: Parameters<typeof bytesOfAll>[0]) => bytesOfAll(pieces, { value: () => encoder.encode(name) });
  const { introduction = [], farewell } = leaving;
  const bare = (bytes: Uint8Array) => bytes.at(-1) === lineEnd ? bytes.subarray(0, -1) : bytes;
  const reacts = async (bytes: Uint8Array) => {
    if (bytes.length === 0) return false;
    server.say(bytes);
    return await server.hears(ANSWER) || server.isOver;
  };
  try {
    if (await server.hears(ANSWER)) await server.settles();
    if (server.isOver || server.isFlooded) return false;
    const speaksLines = server.heard.at(-1) === lineEnd;
    const fit = speaksLines ? (bytes: Uint8Array) => bytes : bare;
    if (await reacts(fit(words(introduction)))) {
      await server.settles();
      await reacts(fit(words(farewell)));
      return false;
    }
    if (speaksLines || await reacts(bare(words(farewell)))) return false;
    const readsLines = await reacts(Uint8Array.of(lineEnd));
    if (readsLines) {
      await server.settles();
      await reacts(words(farewell));
    }
    return readsLines;
  } finally {
    await server.leave();
  }
}
