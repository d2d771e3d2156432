/**
 * The exchange without a protocol, in datagrams: as many bytes as group's, through a server that only passes them on.
 *
 * @module
 */

import { type Exchange, nameOf, type Plan } from "./plan.ts";

/** How long group's datagrams are without the message: a request, and an acknowledgement. */
const [REQUEST_FIELDS, ANSWER_FIELDS] = [120, 90];

/** So many ports of this machine on which nobody receives datagrams. */
export function freePorts(count: number): readonly number[] {
  const sockets = Array.from(
    { length: count },
    () => Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 }),
  );
  const ports = sockets.map(({ addr }) => (addr as Deno.NetAddr).port);
  for (const socket of sockets) socket.close();
  return ports;
}

/** Pairs of ports with the same key, which the datagram relay joins. */
export function openRawDatagramPairs(plan: Plan, count: number, bodySize: number): readonly Exchange[] {
  const ports = freePorts(2 * count);
  const register = (index: number, port: number) => {
    const link = plan.datagrams(port);
    plan.send(nameOf("k", index));
    plan.expect("+");
    return link;
  };
  const request = "m".repeat(REQUEST_FIELDS + bodySize);
  const answer = "r".repeat(ANSWER_FIELDS + bodySize);
  return Array.from({ length: count }, (_, index) => ({
    sender: register(index, ports[2 * index]!),
    receivers: [register(index, ports[2 * index + 1]!)],
    request,
    delivered: request,
    answer,
    confirmed: answer,
  }));
}
