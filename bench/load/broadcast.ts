/**
 * One sender, many recipients: a broadcast is confirmed when all have acknowledged it.
 *
 * @module
 */

import { answerAll, type Drive, sendAll } from "./drive.ts";
import { bodyOf, bytesOf, nameOf } from "./exchange.ts";
import { Latencies, type Measured } from "./latencies.ts";
import { registerRelayUser } from "./relay.ts";

/** Broadcasts to so many recipients; counts a message for each recipient of a confirmed broadcast. */
export async function driveBroadcast(
  port: number,
  recipients: number,
  bodySize: number,
  { warmup, duration, inFlight }: Drive,
): Promise<Measured> {
  const from = nameOf("a", 0);
  const sender = await registerRelayUser(port, from);
  const others = [];
  for (let i = 0; i < recipients; i++) others.push(await registerRelayUser(port, nameOf("b", i)));
  const content = `Content-length: ${bodySize}\n\n${bodyOf(bodySize)}`;
  const messages = {
    request: bytesOf(`SEND ALL\n${content}`),
    delivered: bytesOf(`FORWARD ${from}\n${content}`),
    answer: bytesOf(`RECEIVED ${from}\n\n`),
    confirmed: bytesOf("SENT ALL\n\n"),
  };
  const start = performance.now() + warmup;
  const end = start + duration;
  const latencies = new Latencies(start, end);
  let isClosed = false;
  const answering = Promise.all(others.map((user) => answerAll({ ...messages, receiver: user.in }, () => isClosed)));
  const sending = sendAll({ ...messages, sender: sender.out }, inFlight, latencies, () => performance.now() >= end);
  await Promise.race([sending, answering]);
  await sending;
  isClosed = true;
  for (const user of [sender, ...others]) for (const connection of [user.out, user.in]) connection.close();
  await answering;
  const measured = latencies.measured();
  return { ...measured, rate: measured.rate * recipients };
}
