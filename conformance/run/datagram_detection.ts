/**
 * Finds out which dialect a server speaks that takes no connections: by what it answers to a registration in a datagram.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { Endpoint } from "../../lib/core/link.ts";
import { visibleBytes } from "../../lib/core/visible.ts";
import { DIALECTS } from "../../lib/dialects/registry.ts";
import { openUdpTo } from "../../lib/transport/udp/udp_client.ts";
import type { Detected } from "./detection.ts";
import { loadLibrary } from "../fixtures/library.ts";
import { DatagramLink } from "../play/datagram_link.ts";
import { probe } from "../play/probe.ts";
import { FreshNames } from "../play/names.ts";

/** How much of what was received is shown, in bytes. */
const SHOWN = 60;
/** What group's servers answer: the name of a field, and its value. */
const ANSWER = /^[^\n]*\r?\n(?:ack|nack|update)\r?\n/i;

/**
 * Registers with the server, and takes leave. It may take `timeout` milliseconds to answer.
 *
 * @throws {ChatError} `unreachable` if it does not, `undetected` if that is no answer, and what `signal` was aborted with.
 */
export async function detectDatagrams(endpoint: Endpoint, timeout: number, signal: AbortSignal): Promise<Detected> {
  const { name: dialect } = DIALECTS.find(({ transport }) => transport === "udp")!;
  const library = await loadLibrary(dialect, { dirs: [], embedded: true });
  const conventions = library.fixtures.find(({ datagrams }) => datagrams !== undefined)!.datagrams!;
  const { port, server } = await openUdpTo(endpoint, { lookupTimeout: timeout, signal });
  const name = new FreshNames().next("probe");
  const answer = await probe(new DatagramLink(port, server), conventions, name, timeout, signal);
  const because = `it takes no connections, and answers a registration over UDP with "${visibleBytes(answer, SHOWN)}"`;
  if (ANSWER.test(new TextDecoder().decode(answer))) return { dialect, because };
  throw new ChatError("undetected", `cannot tell what the server speaks: ${because}; say which with --dialect`);
}
