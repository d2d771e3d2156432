/**
 * The runtime's own byte relay: joins two connections that name the same key, and copies bytes across. Nothing on this
 * runtime that passes messages on can be much faster.
 *
 * @module
 */

const KEY_LENGTH = 7;
const waiting = new Map<string, Deno.TcpConn>();
const accepted = new TextEncoder().encode("+");

async function readKey(connection: Deno.TcpConn): Promise<string> {
  const key = new Uint8Array(KEY_LENGTH);
  let size = 0;
  while (size < KEY_LENGTH) {
    const count = await connection.read(key.subarray(size));
    if (count === null) throw new Error("the connection closed before its key");
    size += count;
  }
  return new TextDecoder().decode(key);
}

async function copy(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  for (let count = await from.read(buffer); count !== null; count = await from.read(buffer)) {
    for (let done = 0; done < count;) done += await to.write(buffer.subarray(done, count));
  }
}

async function join(connection: Deno.TcpConn): Promise<void> {
  connection.setNoDelay();
  const key = await readKey(connection);
  const partner = waiting.get(key);
  if (partner === undefined) {
    waiting.set(key, connection);
    return;
  }
  waiting.delete(key);
  await connection.write(accepted);
  await partner.write(accepted);
  // A generator that stops breaks both off; there is nobody left to tell.
  await Promise.allSettled([copy(connection, partner), copy(partner, connection)]);
  connection.close();
  partner.close();
}

const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
Deno.stdout.writeSync(new TextEncoder().encode(`bytes 127.0.0.1:${(listener.addr as Deno.NetAddr).port}\n`));
for await (const connection of listener) join(connection).catch(() => connection.close());
