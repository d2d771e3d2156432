/**
 * The runtime's own datagram relay: joins two ports that name the same key, and passes datagrams on.
 *
 * @module
 */

const KEY_LENGTH = 7;
const waiting = new Map<string, Deno.NetAddr>();
/** By port: all peers are on this machine. */
const partners = new Map<number, Deno.NetAddr>();
const accepted = new TextEncoder().encode("+");

const socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
Deno.stdout.writeSync(new TextEncoder().encode(`datagrams 127.0.0.1:${(socket.addr as Deno.NetAddr).port}\n`));
for await (const [datagram, address] of socket) {
  const from = address as Deno.NetAddr;
  const partner = partners.get(from.port);
  if (partner !== undefined) socket.send(datagram, partner);
  else if (datagram.length === KEY_LENGTH) {
    const key = new TextDecoder().decode(datagram);
    const first = waiting.get(key);
    if (first === undefined) waiting.set(key, from);
    else {
      partners.set(first.port, from);
      partners.set(from.port, first);
    }
    socket.send(accepted, from);
  }
}
