/**
 * relay's exchange: SEND, FORWARD, RECEIVED, SENT.
 *
 * @module
 */

import type { Audience } from "../broadcast.ts";
import type { DialectLoad } from "../dialect_load.ts";
import { bodyOf, bytesOf, dial, expect, nameOf, oneByOne, type Pair, writeAll } from "../exchange.ts";

/** A registered user's two connections. */
export interface RelayUser {
  /** Its TOSEND socket. */
  readonly out: Deno.TcpConn;
  /** Its TORECV socket. */
  readonly in: Deno.TcpConn;
}

/** Connects and registers a user. */
export async function registerRelayUser(port: number, name: string): Promise<RelayUser> {
  const user = { out: await dial(port), in: await dial(port) };
  await writeAll(user.out, `REGISTER TOSEND ${name}\n\n`);
  await expect(user.out, `REGISTERED TOSEND ${name}\n\n`);
  await writeAll(user.in, `REGISTER TORECV ${name}\n\n`);
  await expect(user.in, `REGISTERED TORECV ${name}\n\n`);
  return user;
}

/** Two users, of whom one sends to the other. */
async function openRelayPair(port: number, index: number, bodySize: number): Promise<Pair> {
  const [from, to] = [nameOf("a", index), nameOf("b", index)];
  const [alice, bob] = [await registerRelayUser(port, from), await registerRelayUser(port, to)];
  const content = `Content-length: ${bodySize}\n\n${bodyOf(bodySize)}`;
  return {
    sender: alice.out,
    receiver: bob.in,
    others: [alice.in, bob.out],
    request: bytesOf(`SEND ${to}\n${content}`),
    delivered: bytesOf(`FORWARD ${from}\n${content}`),
    answer: bytesOf(`RECEIVED ${from}\n\n`),
    confirmed: bytesOf(`SENT ${to}\n\n`),
  };
}

/** One user, and so many others who get its broadcasts. */
async function openRelayAudience(port: number, recipients: number, bodySize: number): Promise<Audience> {
  const from = nameOf("a", 0);
  const user = await registerRelayUser(port, from);
  const others: RelayUser[] = [];
  for (let i = 0; i < recipients; i++) others.push(await registerRelayUser(port, nameOf("b", i)));
  const content = `Content-length: ${bodySize}\n\n${bodyOf(bodySize)}`;
  return {
    sender: user.out,
    receivers: others.map((other) => other.in),
    others: [user.in, ...others.map((other) => other.out)],
    request: bytesOf(`SEND ALL\n${content}`),
    delivered: bytesOf(`FORWARD ${from}\n${content}`),
    answer: bytesOf(`RECEIVED ${from}\n\n`),
    confirmed: bytesOf("SENT ALL\n\n"),
  };
}

/** How relay is put under load. */
export const LOAD: DialectLoad = {
  pairs: oneByOne(openRelayPair),
  audience: openRelayAudience,
};
