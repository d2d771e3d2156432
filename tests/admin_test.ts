/**
 * What operators ask of a running program.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { askUnix } from "./admin_client.ts";
import { startServer } from "./program.ts";

const HAS_SOCKETS = Deno.build.os !== "windows";

Deno.test({
  name: "a server is asked and told over a socket of the file system, which is gone when it stops",
  ignore: !HAS_SOCKETS,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const path = `${folder}/admin.sock`;
      const { server, port } = await startServer("--admin", `unix:${path}`, "--log-format", "json");
      await using _ = server;
      assertMatch(server.stdout.soFar, /^ {2}admin .*curl --unix-socket \S+ http:\/\/localhost\/status$/m);
      assertEquals((await askUnix(path, "GET", "/readyz")).json, { ready: true });
      const metrics = await askUnix(path, "GET", "/metrics");
      assertMatch(metrics.text, /^chat_messages_in_flight\{dialect="relay"\} 0$/m);
      const connection = await Deno.connect({ hostname: "127.0.0.1", port });
      await connection.write(new TextEncoder().encode("REGISTER TOSEND ann\n\n"));
      assert(await connection.read(new Uint8Array(64)) !== null);
      const denied = await askUnix(path, "POST", "/deny", { address: "127.0.0.1" });
      assertEquals(denied.json, { denied: "127.0.0.1", present: [] });
      const refused = await Deno.connect({ hostname: "127.0.0.1", port });
      assertMatch(await new Response(refused.readable).text(), /not allowed/);
      assertEquals((await askUnix(path, "POST", "/reload")).status, 200);
      assertEquals((await askUnix(path, "POST", "/drain")).status, 202);
      while (await connection.read(new Uint8Array(64)) !== null);
      connection.close();
      assertEquals((await askUnix(path, "GET", "/readyz")).status, 503);
      server.signal("SIGTERM");
      const { status, stderr } = await server.finished();
      assertEquals([status, [...Deno.readDirSync(folder)]], [0, []]);
      assertMatch(
        stderr,
        /"an operator has denied a network","logger":"chat","properties":\{"network":"127.0.0.1","operator":"unix"/,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("a port needs a token, and a server says when it is short, missing or not for a socket", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/ops`;
    await Deno.writeTextFile(file, "short\n");
    const { server, ports } = await startServer("--admin", "0", "--admin-token", file);
    await using _ = server;
    await server.stderr.match(/fewer than 16 characters/);
    const where = `http://127.0.0.1:${ports.get("admin")}`;
    const ask = async (path: string, init: RequestInit = {}) => {
      const response = await fetch(where + path, init);
      await response.body?.cancel();
      return response.status;
    };
    const headers = { "Authorization": "Bearer short", "Content-Type": "application/json" };
    const statuses = [
      await ask("/healthz"),
      await ask("/status"),
      await ask("/status", { headers }),
      await ask("/kick", { method: "POST", headers, body: '{"name":"ann"}' }),
    ];
    assertEquals(statuses, [200, 401, 200, 404]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
