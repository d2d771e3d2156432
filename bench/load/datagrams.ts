/**
 * Drives pairs of UDP ports, one message in flight on each.
 *
 * @module
 */

import { type Drive, timeThatCounts } from "./drive.ts";
import type { Measured } from "./latencies.ts";
import { withProcessor } from "./processor.ts";

/** How long nothing may come, in milliseconds, before a datagram counts as lost; on this machine none should be. */
const PATIENCE_MS = 5_000;

/** A UDP port that talks to one server. */
export class Mailbox {
  readonly #socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  readonly #server: Deno.NetAddr;

  constructor(server: number) {
    this.#server = { transport: "udp", hostname: "127.0.0.1", port: server };
  }

  /** Its own port. */
  get port(): number {
    return (this.#socket.addr as Deno.NetAddr).port;
  }

  /** Sends a datagram to the server. What fails is noticed by whoever waits for an answer. */
  send(datagram: Uint8Array): void {
    this.#socket.send(datagram, this.#server).catch(() => {});
  }

  /** Waits for the datagram for which `fits` holds, and drops those before it. */
  async until(fits: (datagram: Uint8Array) => boolean): Promise<void> {
    while (!fits((await this.#socket.receive())[0]));
  }

  /** Closes the port. */
  close(): void {
    this.#socket.close();
  }
}

/** Two ports that are ready to exchange confirmed messages. */
export interface DatagramPair {
  /** Sends, and is told that it was delivered. */
  readonly sender: Mailbox;
  /** Gets it, and answers. */
  readonly receiver: Mailbox;
  /** The datagram for message number `n`. */
  request(n: number): Uint8Array;
  /** The answer to message number `n`, if that is what this is. */
  readonly answer: (datagram: Uint8Array, n: number) => Uint8Array | undefined;
  /** Whether this tells the sender that it was delivered. */
  isConfirmation(datagram: Uint8Array): boolean;
}

/** Opens the pair number `index`. */
export type OpenDatagramPair = (port: number, index: number, bodySize: number) => Promise<DatagramPair>;

/** Drives all pairs at once: a message counts when its sender has its confirmation and its recipient has it. */
export async function driveDatagrams(pairs: readonly DatagramPair[], drive: Drive): Promise<Measured> {
  const { start, end, latencies } = timeThatCounts(drive);
  let heard = performance.now();
  const lost = Promise.withResolvers<never>();
  const looking = setInterval(() => {
    if (performance.now() - heard > PATIENCE_MS) lost.reject(new Error("a datagram was lost"));
  }, PATIENCE_MS / 10);
  const measured = await withProcessor(drive, start, end, async () => {
    await Promise.race([lost.promise, Promise.all(pairs.map(exchangeAll))]);
    return latencies.measured();
  });
  clearInterval(looking);
  for (const { sender, receiver } of pairs) for (const mailbox of [sender, receiver]) mailbox.close();
  return measured;

  async function exchangeAll(pair: DatagramPair): Promise<void> {
    for (let n = 0, sent = performance.now(); sent < end; n++) {
      pair.sender.send(pair.request(n));
      await Promise.all([pair.sender.until(pair.isConfirmation), answer(pair, n)]);
      heard = performance.now();
      latencies.add(heard - sent, heard);
      sent = heard;
    }
  }
}

/** Waits for message number `n` and answers it. */
async function answer({ receiver, answer }: DatagramPair, n: number): Promise<void> {
  let bytes: Uint8Array | undefined;
  await receiver.until((datagram) => (bytes = answer(datagram, n)) !== undefined);
  receiver.send(bytes!);
}
