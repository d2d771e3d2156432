/**
 * How a server is left when a fixture is over: as a client of the dialect leaves it, so that nothing of it stays behind.
 *
 * @module
 */

import type { Fixture } from "../fixtures/fixture.ts";
import type { Leaving } from "../fixtures/recognition.ts";
import { bytesOfAll } from "../pattern/compile.ts";
import type { Connection } from "./connection/connection.ts";
import { fitLineEnd, type LineEndOptions } from "./connection/line_end.ts";
import { sleep } from "./sleep.ts";
import type { TargetConnector } from "./connection/target_connector.ts";
import type { FixtureValues } from "./values.ts";

/** How long a server may take to answer a last word, in milliseconds, however fast it was before. */
const ANSWER = 250;
/** How often the farewell is said: a server that was still asking for a name may have taken the first for one. */
const TIMES = 2;

const encoder = new TextEncoder();

/** Leaves as a client of the dialect does. Closing a port tells the server nothing: each says its farewell at least. */
export async function leaveAll(
  connections: readonly Connection[],
  { datagrams, leaving, lineEnd }: Pick<Fixture, "datagrams" | "leaving" | "lineEnd">,
  values: Pick<FixtureValues, "get">,
  connector: TargetConnector,
): Promise<void> {
  if (leaving !== undefined) await leaveStreams(connections, leaving, lineEnd, connector);
  if (datagrams === undefined) return;
  for (const connection of connections.filter(({ state }) => state === "open")) {
    const value = (what: string) => values.get(`${connection.name}.${what}`);
    await connection.send(bytesOfAll(datagrams.farewell, { value }));
  }
}

/**
 * Says goodbye on all connections that are still open, one after the other: a server of threads may not survive it if several
 * leave at once. Who has said nothing yet says its first words before, since a farewell would be taken for them.
 */
async function leaveStreams(
  connections: readonly Connection[],
  { introduction, farewell }: Leaving,
  lineEnd: number | undefined,
  { runtime, names, roundTrips, timeout, patience: known }: TargetConnector,
): Promise<void> {
  const options: LineEndOptions = { runtime, roundTrips, timeout, signal: new AbortController().signal };
  // One that does not answer is not waited for each time; one that never says anything, not at all.
  let patience = Math.max(ANSWER, roundTrips.window);
  const isMute = known?.isMute ?? false;
  const say = async (connection: Connection, words: Uint8Array): Promise<boolean> => {
    const { bytes, gap } = await fitLineEnd(words, lineEnd, connection, options);
    const wait = gap === undefined ? 0 : (connection.lastSentAt ?? -Infinity) + gap - runtime.now();
    if (wait > 0) await sleep(runtime, wait);
    if (connection.state !== "open") return false;
    connection.lastStep = words;
    void connection.send(bytes);
    if (isMute) return true;
    const hasAnswered = await connection.hears(patience);
    if (!hasAnswered) patience = roundTrips.settlingWindow;
    // One that never stops is not listened to for ever.
    const until = runtime.now() + ANSWER;
    while (runtime.now() < until && connection.isOpen && await connection.hears(roundTrips.settlingWindow));
    return hasAnswered;
  };
  const value = (name: string) => encoder.encode(names.next(name));
  const lastWords = bytesOfAll(farewell, { value });
  for (const connection of connections) {
    if (!connection.isOpen) continue;
    connection.forget();
    if (connection.lastSentAt === undefined && introduction !== undefined) {
      await say(connection, bytesOfAll(introduction, { value }));
    }
    const isSaid = isSame(connection.lastStep, lastWords);
    for (let i = isSaid || isMute ? 1 : 0; i < TIMES && connection.isOpen && await say(connection, lastWords); i++);
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}
