import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Program, runProgram } from "./program.ts";
import { startServer } from "./server.ts";

const clientOf = (port: string, name: string) => [
  "connect",
  ...["--time", "off", "--no-history"],
  ...["--server", `127.0.0.1:${port}`],
  name,
];

Deno.test("a session of real clients is recorded, and what standard output has of it is a fixture that passes", async () => {
  await using server = await startServer(["relay"]);
  const { port } = server.at("relay");
  await using recorder = new Program(["conform", "--record", "127.0.0.1:0", "--target", `relay=127.0.0.1:${port}`]);
  const [, where = ""] = await recorder.stderr.match(/connect to 127\.0\.0\.1:(\d+);/);
  using raw = await Deno.connect({ hostname: "127.0.0.1", port: Number(where) });
  await raw.write(new TextEncoder().encode("REGISTER TO"));
  await using bob = new Program(clientOf(where, "bob"));
  await bob.stdout.match(/^-- connected/);
  const alice = await runProgram(clientOf(where, "alice"), "@bob grüß dich\n@nobody hi\n");
  assertEquals(alice.status, 1, alice.stderr);
  await bob.endInput();
  assertEquals((await bob.finished()).stdout.split("\n")[1], "alice: grüß dich");
  await raw.closeWrite();
  const { status, stdout, stderr } = await recorder.finished();
  assertEquals(status, 0, stderr + stdout);
  assertMatch(stderr, /\nchat conform: played back 3 times, and passed\n$/);
  assertStringIncludes(stdout, "\nlet text = grüß dich\n");
  assertStringIncludes(stdout, "\nbob.in < FORWARD {alice}\\nContent-length: {length text}\\n\\n{text}\n");
  const mine = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${mine}/session.chat`, stdout);
    const again = ["--target", `relay=127.0.0.1:${port}`, "--fixtures", mine, "--no-embedded"];
    const played = await runProgram(["conform", ...again]);
    assertEquals(played.status, 0, played.stdout);
    assertMatch(played.stdout, /1 clause: 1 pass/);
  } finally {
    await Deno.remove(mine, { recursive: true });
  }
});
