import { assert, assertEquals, assertNotStrictEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { rawConnection } from "./raw_connection.ts";

async function pair(): Promise<[Deno.Conn, Deno.Conn]> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return await Promise.all([listener.accept(), Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port })]);
}

Deno.test("this runtime lets connections be read and written as it does itself", async () => {
  const [near, far] = await pair();
  // Whoever changes the version of Deno learns here that links would cost more.
  assertNotStrictEquals(rawConnection(near), near);
  near.close();
  far.close();
});

Deno.test("a connection whose number the runtime keeps elsewhere is used as it is", () => {
  const connection = {} as Deno.Conn;
  assertStrictEquals(rawConnection(connection), connection);
});

Deno.test("a raw connection reads, writes, ends and closes like the one that it is made of", async () => {
  const [near, far] = await pair();
  const raw = rawConnection(near);
  const buffer = new Uint8Array(8);
  assertEquals(await raw.write(new Uint8Array([1, 2, 3])), 3);
  assertEquals(await far.read(buffer), 3);
  await far.write(new Uint8Array([4]));
  assertEquals([await raw.read(buffer), buffer[0]], [1, 4]);
  await far.closeWrite();
  assert(!await raw.read(buffer), "the end is 0 or null");
  await raw.closeWrite();
  assertEquals(await far.read(buffer), null);
  const pending = raw.read(buffer).catch(() => 0);
  raw.close();
  assert(!await pending);
  await assertRejects(() => raw.write(buffer));
  far.close();
});
