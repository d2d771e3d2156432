/**
 * Users who only are there, or only come and go.
 *
 * @module
 */

import { answerAll, type Drive, timeThatCounts } from "./drive.ts";
import { bodyOf, bytesOf, nameOf, writeAll } from "./exchange.ts";
import type { Measured } from "./latencies.ts";
import { withProcessor } from "./processor.ts";
import { registerRelayUser, type RelayUser } from "./dialects/relay.ts";

/** How many registrations are under way at once. */
const AT_ONCE = 50;

/** Registers so many users who then do nothing. */
export async function openCrowd(port: number, size: number): Promise<RelayUser[]> {
  const users: RelayUser[] = [];
  let next = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (next < size) users.push(await registerRelayUser(port, nameOf("c", next++)));
  }));
  return users;
}

/** Closes the connections of a crowd. */
export function closeCrowd(users: readonly RelayUser[]): void {
  for (const user of users) for (const connection of [user.out, user.in]) connection.close();
}

/** Connects, registers and leaves, again and again; counts users who were registered. */
export async function driveArrivals(port: number, drive: Drive): Promise<Measured> {
  const { start, end, latencies } = timeThatCounts(drive);
  let next = 0;
  const arriving = Array.from({ length: drive.inFlight }, async () => {
    for (let now = performance.now(); now < end;) {
      const user = await registerRelayUser(port, nameOf("d", next++));
      closeCrowd([user]);
      const registered = performance.now();
      latencies.add(registered - now, registered);
      now = registered;
    }
  });
  return await withProcessor(drive, start, end, async () => {
    await Promise.all(arriving);
    return latencies.measured();
  });
}

/**
 * How often, in milliseconds, a guest is sent something, and how much, in bytes: 1.6 MB a second. Within the four
 * seconds of a run the system's buffers are full (4 MB on Linux), then the server's queue, and one who stalls is closed.
 */
const FEEDING_MS = 40;
const FEEDING_SIZE = 65_536;

/**
 * A user who is sent something all the time, by another one, and reads and acknowledges it or reads nothing at all. Returns what
 * ends both.
 */
export async function openGuest(port: number, does: "reads" | "stalls"): Promise<() => void> {
  const [guest, feeder] = [nameOf("s", 0), nameOf("f", 0)];
  const users = [await registerRelayUser(port, guest), await registerRelayUser(port, feeder)] as const;
  const body = `Content-length: ${FEEDING_SIZE}\n\n${bodyOf(FEEDING_SIZE)}`;
  let isOver = false;
  if (does === "reads") {
    const delivered = bytesOf(`FORWARD ${feeder}\n${body}`);
    answerAll({ receiver: users[0].in, delivered, answer: bytesOf(`RECEIVED ${feeder}\n\n`) }, () => isOver);
  }
  const message = bytesOf(`SEND ${guest}\n${body}`);
  // The answers to who feeds are not read; where the guest stalls, the server closes it in the end. Everybody else is measured.
  const feeding = setInterval(() => writeAll(users[1].out, message).catch(() => clearInterval(feeding)), FEEDING_MS);
  return () => {
    isOver = true;
    clearInterval(feeding);
    closeCrowd(users);
  };
}
