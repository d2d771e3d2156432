/**
 * Finds out which dialect a server speaks that takes no connections: by what it answers to the first words of a client, as the
 * dialects' preludes have them, in a datagram.
 *
 * @module
 */

import { addressText } from "../../lib/core/address.ts";
import { ChatError } from "../../lib/core/error.ts";
import type { Endpoint } from "../../lib/core/link.ts";
import { visibleBytes } from "../../lib/core/visible.ts";
import { datagramConventions } from "../fixtures/recognition.ts";
import { DatagramLink } from "../play/connection/datagram_link.ts";
import { FreshNames } from "../play/names.ts";
import { probe } from "../play/probe.ts";
import { type Candidate, candidatesOver, fits } from "./candidates.ts";
import type { Detected } from "./detection.ts";
import { REAL_SURROUNDINGS, type RunSurroundings } from "./surroundings.ts";

/** How much of what was received is shown, in bytes. */
const SHOWN = 60;

/**
 * Says the first words of each dialect's client to the server, each from a port of its own, and takes leave. It may take `timeout`
 * milliseconds to answer. It is one of the registry's dialects unless others are given.
 *
 * @throws {ChatError} `unreachable` if it does not, `undetected` if that is no answer, and what `signal` was aborted with.
 */
export async function detectDatagrams(
  endpoint: Endpoint,
  timeout: number,
  signal: AbortSignal,
  among?: readonly Candidate[],
  surroundings: RunSurroundings = REAL_SURROUNDINGS,
): Promise<Detected> {
  const enough = new AbortController();
  const names = new FreshNames(surroundings.runtime);
  const stop = AbortSignal.any([signal, enough.signal]);
  const asked = (among ?? await candidatesOver("udp")).map((candidate) => {
    return ask(surroundings, candidate, endpoint, names.next("probe"), timeout, stop);
  });
  try {
    return await Promise.any(asked);
  } catch (error) {
    signal.throwIfAborted();
    const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
    // One who answered, if only to another dialect's client, says more than those who did not.
    throw errors.find((error) => error instanceof ChatError && error.code === "undetected") ?? errors[0] ??
      new ChatError("unreachable", `cannot reach ${addressText(endpoint)}: no dialect speaks datagrams`);
  } finally {
    enough.abort();
    await Promise.allSettled(asked);
  }
}

async function ask(
  { runtime, openPortTo }: RunSurroundings,
  candidate: Candidate,
  endpoint: Endpoint,
  name: string,
  timeout: number,
  signal: AbortSignal,
): Promise<Detected> {
  const { dialect } = candidate;
  const conventions = datagramConventions(candidate);
  if (conventions === undefined) throw new TypeError(`the prelude of ${dialect} says nothing of datagrams`);
  const { port, server } = await openPortTo(endpoint, { lookupTimeout: timeout, signal });
  const values = { name, port: String(port.local.port), address: port.local.hostname };
  const answer = await probe(runtime, new DatagramLink(port, server), conventions, name, timeout, signal);
  const because = `it takes no connections, and answers ${dialect}'s first words over UDP with ` +
    `"${visibleBytes(answer, SHOWN)}"`;
  if (fits(candidate.answer, answer, values)) return { dialect, because };
  throw new ChatError("undetected", `cannot tell what the server speaks: ${because}; say which with --dialect`);
}
