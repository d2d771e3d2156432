/**
 * Whether a server is there at all, where connecting does not show it.
 *
 * @module
 */

import { addressText } from "../../lib/core/address.ts";
import { ChatError } from "../../lib/core/error.ts";
import type { Runtime } from "../../lib/core/runtime.ts";
import type { DatagramConventions } from "../fixtures/recognition.ts";
import { bytesOfAll } from "../pattern/compile.ts";
import type { DatagramLink } from "./connection/datagram_link.ts";
import { sleep } from "./sleep.ts";

/**
 * How often the probe is sent within the deadline: datagrams get lost, and servers take their time to start. Each time is
 * waited twice as long as before.
 */
const TIMES = 10;

const encoder = new TextEncoder();

/**
 * Sends a server something that every server answers, and the farewell, and closes the link. Gives its first answer.
 *
 * @throws {ChatError} `unreachable` if nothing comes back within so many milliseconds.
 */
export async function probe(
  runtime: Runtime,
  link: DatagramLink,
  { probe, farewell }: DatagramConventions,
  name: string,
  timeout: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const answered = new AbortController();
  let answer: Uint8Array | undefined;
  const receive = (bytes: Uint8Array) => {
    answer ??= bytes.slice();
    answered.abort();
  };
  link.start({ receive, ended: () => {}, closed: () => {} });
  const values: Readonly<Record<string, string>> = {
    name,
    port: String(link.local.port),
    address: link.local.hostname,
  };
  const value = (what: string) => encoder.encode(values[what] ?? "");
  try {
    for (let i = 0; i < TIMES && answer === undefined; i++) {
      link.write(bytesOfAll(probe, { value }));
      const pause = timeout * 2 ** i / (2 ** TIMES - 1);
      await sleep(runtime, pause, AbortSignal.any([answered.signal, signal])).catch(() => signal.throwIfAborted());
    }
    if (answer !== undefined) {
      link.write(bytesOfAll(farewell, { value }));
      return answer;
    }
    const why = `no answer to any datagram within ${timeout / 1000} s: is a server there?`;
    throw new ChatError("unreachable", `cannot reach ${addressText(link.remote)}: ${why}`);
  } finally {
    link.end("done");
  }
}
