/**
 * Users who only are there, or only come and go.
 *
 * @module
 */

import type { Drive } from "./drive.ts";
import { bodyOf, nameOf, writeAll } from "./exchange.ts";
import { Latencies, type Measured } from "./latencies.ts";
import { withProcessor } from "./processor.ts";
import { registerRelayUser, type RelayUser } from "./relay.ts";

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
  const start = performance.now() + drive.warmup;
  const end = start + drive.duration;
  const latencies = new Latencies(start, end);
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
 * How often, in milliseconds, a stalled reader is sent something, and how much, in bytes: 1.6 MB a second. Within the four
 * seconds of a run the system's buffers are full (4 MB on Linux), then the server's queue, and the reader is closed.
 */
const FEEDING_MS = 40;
const FEEDING_SIZE = 65_536;

/** A user who registers and then reads nothing, and another one who goes on sending to it. Returns what ends both. */
export async function openStalledReader(port: number): Promise<() => void> {
  const [stalled, feeder] = [nameOf("s", 0), nameOf("f", 0)];
  const users = [await registerRelayUser(port, stalled), await registerRelayUser(port, feeder)];
  const message = `SEND ${stalled}\nContent-length: ${FEEDING_SIZE}\n\n${bodyOf(FEEDING_SIZE)}`;
  // The answers are errors, and in the end the server closes the reader; what is measured is everybody else.
  const feeding = setInterval(() => writeAll(users[1]!.out, message).catch(() => clearInterval(feeding)), FEEDING_MS);
  return () => {
    clearInterval(feeding);
    closeCrowd(users);
  };
}
