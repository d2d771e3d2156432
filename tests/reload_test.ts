/**
 * SIGHUP: what a server reads again.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { SETTINGS } from "../lib/server/configuration/settings.ts";
import { LIVE_OPTIONS } from "../lib/server/live_options.ts";
import { runProgram, startServer } from "./program.ts";

/** Whether a client is let in, and what it sends is delivered. */
async function isLetIn(port: number): Promise<boolean> {
  const { status } = await runProgram(["connect", "alice", "--server", `127.0.0.1:${port}`], "@alice hello\n");
  return status === 0;
}

const ignore = Deno.build.os === "windows";

Deno.test({
  name: "SIGHUP does not end a server that has nothing to read again, and it says so",
  ignore,
  fn: async () => {
    const { server, port } = await startServer();
    await using _ = server;
    for (let times = 1; times <= 2; times++) {
      server.signal("SIGHUP");
      await server.stderr.match(new RegExp(`(?:nothing to read again[^]*){${times}}`));
    }
    assertEquals(await isLetIn(port), true);
    server.signal("SIGTERM");
    assertEquals((await server.finished()).status, 0);
  },
});

Deno.test({
  name: "SIGHUP has files of networks read again, and one that is bad or gone leaves the old networks in place",
  ignore,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const [allowed, denied] = [`${folder}/allow.txt`, `${folder}/deny.txt`];
    await Deno.writeTextFile(allowed, "# this machine\n127.0.0.0/8 # and nobody else\r\n\n");
    await Deno.writeTextFile(denied, "");
    const { server, port } = await startServer("--allow", `@${allowed}`, "--deny", `@${denied}`);
    await using _ = server;
    assertEquals(await isLetIn(port), true);

    const readAgain = async (file: string, text: string, told: RegExp) => {
      await Deno.writeTextFile(file, text);
      server.signal("SIGHUP");
      await server.stderr.match(told);
    };
    await readAgain(denied, "\n127.0.0.1\n", /the networks were read again[^\n]+allow\.txt, [^\n]+deny\.txt/);
    assertEquals(await isLetIn(port), false);
    // Both files or none: what is right in this one does not count either.
    await Deno.writeTextFile(denied, "");
    await readAgain(
      allowed,
      "127.0.0.1\nlocalhost\n",
      /networks stay as they were[^\n]+allow\.txt":2: "localhost" is no network/,
    );
    assertEquals(await isLetIn(port), false);
    await Deno.remove(allowed);
    server.signal("SIGHUP");
    await server.stderr.match(/networks stay as they were[^\n]+cannot read the networks in "[^\n]+allow\.txt"/);
    assertEquals(await isLetIn(port), false);
    await readAgain(allowed, "127.0.0.1\n", /(?:the networks were read again[^]*){2}/);
    assertEquals(await isLetIn(port), true);
    // A list with nothing in it lets nobody in.
    await readAgain(allowed, "# nobody\n", /(?:the networks were read again[^]*){3}/);
    assertEquals(await isLetIn(port), false);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name:
    "SIGHUP has the configuration read again: what can change does, the rest is named, and a broken one changes nothing",
  ignore,
  fn: async () => {
    const file = await Deno.makeTempFile({ suffix: ".yaml" });
    await Deno.writeTextFile(file, "deny: 192.0.2.0/24\nlog-level: warning\n");
    const { server, port } = await startServer("--config", file);
    await using _ = server;
    assertEquals(await isLetIn(port), true);
    const readAgain = async (text: string, told: RegExp) => {
      await Deno.writeTextFile(file, text);
      server.signal("SIGHUP");
      await server.stderr.match(told);
    };
    await readAgain(
      "deny: 127.0.0.1\nlog-level: info\nack-timeout: 2s\nmax-queue: 100000\n",
      /was read again [^\n]*changed=deny, log-level\n[^\n]*\[WRN\] options [^\n]* started again options=ack-timeout, max-queue\n/,
    );
    assertEquals(await isLetIn(port), false);
    await readAgain(
      "deny: 192.0.2.1\nrat: 5\n",
      /nothing has changed: [^\n]*":2: "rat" is no option: did you mean rate\?/,
    );
    assertEquals(await isLetIn(port), false);
    await readAgain("rate: 5\n", /changed=deny, log-level, rate\n/);
    assertEquals(await isLetIn(port), true);
    await Deno.remove(file);
  },
});

Deno.test("what can be changed while a server runs is an option", () => {
  const names = SETTINGS.map(({ name }) => name);
  assertEquals(Object.keys(LIVE_OPTIONS).filter((name) => !names.includes(name)), []);
});

Deno.test("a file of networks that cannot be used is told in one line, with its place", async () => {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, "10.0.0.0/8\n10.0.0.0/33\n");
  const wrong = await runProgram(["serve", "--deny", `@${file}`]);
  const complaint = `chat: ${JSON.stringify(file)}:2: "10.0.0.0/33" is no network: write ADDRESS or ADDRESS/BITS\n`;
  assertEquals(wrong, { status: 1, stdout: "", stderr: complaint });
  await Deno.remove(file);
  const missing = await runProgram(["serve", "--allow", `@${file}`]);
  assertEquals([missing.status, missing.stderr.startsWith("chat: cannot read the networks in ")], [1, true]);
});
