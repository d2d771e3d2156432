/**
 * `chat conform` that is broken off: what is known by then is reported.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, fail } from "@std/assert";
import { Program } from "./program.ts";

/** Lets everybody in, and says nothing more; `heard` is resolved with the first message. */
async function serve(listener: Deno.TcpListener, heard: () => void): Promise<void> {
  const encoder = new TextEncoder();
  const talks: Promise<void>[] = [];
  const talk = async (connection: Deno.TcpConn) => {
    for await (const text of connection.readable.pipeThrough(new TextDecoderStream())) {
      if (text.startsWith("SEND")) heard();
      if (text.startsWith("REGISTER")) await connection.write(encoder.encode(text.replace("REGISTER", "REGISTERED")));
    }
  };
  for await (const connection of listener) talks.push(talk(connection).catch(() => {}));
  await Promise.all(talks);
}

Deno.test("a run whose time is up reports what it knows, and cannot tell; a report is there from its beginning", async () => {
  const folder = await Deno.makeTempDir();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { promise: heard, resolve } = Promise.withResolvers<void>();
  const serving = serve(listener, resolve);
  const target = `relay=127.0.0.1:${listener.addr.port}`;
  const filters = ["register-tosend", "register-torecv", "send-*"].flatMap((glob) => ["--filter", glob]);
  const bounds = ["--timeout", "60s", "--max-time", "5s"];
  const report = ["--report", `json=${folder}/report.json`];
  const read = async () => JSON.parse(await Deno.readTextFile(`${folder}/report.json`));
  await using program = new Program(["conform", "--target", target, ...filters, ...bounds, ...report]);
  await Promise.race([heard, program.finished().then(({ stderr }) => fail(stderr))]);
  assertEquals([(await read()).targets[0].brokenOff, (await read()).targets[0].fixtures], [true, []]);
  const { status, stdout, stderr } = await program.finished();
  assertEquals([status, stderr], [2, "chat conform: broken off after 5 s, as --max-time says\n"]);
  assertMatch(stdout, /^pass +must +relay\/register-tosend/m);
  assertMatch(stdout, /^cannot tell: broken off after \d+ fixtures?/m);
  assert((await read()).targets[0].fixtures.length > 0);
  listener.close();
  await serving;
  await Deno.remove(folder, { recursive: true });
});

for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test({
    name: `a run that ${signal} breaks off reports what it knows, and exits with ${status}`,
    ignore: Deno.build.os === "windows",
    fn: async () => {
      const folder = await Deno.makeTempDir();
      const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const { promise: heard, resolve } = Promise.withResolvers<void>();
      const serving = serve(listener, resolve);
      const target = `127.0.0.1:${listener.addr.port}`;
      const filters = ["register-tosend", "register-torecv", "send-*"].flatMap((glob) => ["--filter", glob]);
      const report = ["--report", "text", "--report", `json=${folder}/report.json`];
      await using program = new Program(["conform", "--target", target, ...filters, ...report, "--timeout", "60s"]);
      // One that ends by itself has something to say.
      await Promise.race([heard, program.finished().then(({ stderr }) => fail(stderr))]);
      program.signal(signal);
      const ended = await program.finished();
      assertEquals([ended.status, ended.stderr], [status, ""]);
      assertMatch(ended.stdout, /^pass +must +relay\/register-tosend/m);
      assertMatch(ended.stdout, /^cannot tell: broken off after \d+ fixtures?/m);
      const { status: told, targets: [{ brokenOff, fixtures }] } = JSON.parse(
        await Deno.readTextFile(`${folder}/report.json`),
      );
      assertEquals([told, brokenOff], [status, true]);
      // Those that were being played are not in it: nothing is known of them.
      assert(fixtures.every(({ verdict }: { verdict: string }) => verdict === "pass"));
      listener.close();
      await serving;
      await Deno.remove(folder, { recursive: true });
    },
  });
}
