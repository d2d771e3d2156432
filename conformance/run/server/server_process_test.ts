import { assertEquals, assertMatch } from "@std/assert";
import { ServerProcess } from "./server_process.ts";

/** At its first start it says that it cannot have its port. */
const PROGRAM = `
const [port, marker] = Deno.args;
try {
  Deno.statSync(marker);
} catch {
  Deno.writeTextFileSync(marker, "");
  console.error("OSError: [Errno 98] Address already in use");
  Deno.exit(1);
}
for await (const connection of Deno.listen({ hostname: "127.0.0.1", port: Number(port) })) connection.close();
`;

/** A port that is free now. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

Deno.test("a server from which the system keeps its port a moment longer is started again, and that is said", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/server.ts`, PROGRAM);
  const notes: string[] = [];
  const server = new ServerProcess({
    command: [Deno.execPath(), "run", "-A", "--quiet", `${folder}/server.ts`, "{port}", `${folder}/marker`],
    hostname: "127.0.0.1",
    port: freePort(),
    startTimeout: 30_000,
    onNote: (text) => void notes.push(text),
  });
  try {
    await server.start();
    const link = await server.connect({ connectTimeout: 5_000 });
    const closed = new Promise<void>((resolve) =>
      link.start({ receive: () => {}, ended: () => link.end("done"), closed: () => resolve() })
    );
    await closed;
    assertEquals(server.starts, 1);
    assertEquals(notes.length, 1);
    assertMatch(notes[0]!, /^the system keeps port \d+ for connections that are over: waiting for it/);
  } finally {
    await server.stop();
    await Deno.remove(folder, { recursive: true });
  }
});
