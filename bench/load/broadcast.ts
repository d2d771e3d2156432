/**
 * One sender, many recipients.
 *
 * @module
 */

import { answerAll, type Drive, sendAll, timeThatCounts } from "./drive.ts";
import type { Pair } from "./exchange.ts";
import type { Measured } from "./latencies.ts";
import { withProcessor } from "./processor.ts";

/** A sender, and all who get what it sends. */
export interface Audience extends Omit<Pair, "receiver" | "aside"> {
  /** The connections on which it arrives, on each the same. */
  readonly receivers: readonly Deno.TcpConn[];
}

/** Sends to all recipients again and again; counts a message for each of them. */
export async function driveBroadcast(audience: Audience, drive: Drive): Promise<Measured> {
  const { sender, receivers, others } = audience;
  const { start, end, latencies } = timeThatCounts(drive);
  let isClosed = false;
  const answering = Promise.all(receivers.map((receiver) => answerAll({ ...audience, receiver }, () => isClosed)));
  const sending = sendAll(audience, drive.inFlight, latencies, () => performance.now() >= end);
  const measured = await withProcessor(drive, start, end, async () => {
    await Promise.race([sending, answering]);
    await sending;
    const { rate, ...times } = latencies.measured();
    return { ...times, rate: rate * receivers.length };
  });
  isClosed = true;
  for (const connection of [sender, ...receivers, ...others]) connection.close();
  await answering;
  return measured;
}
