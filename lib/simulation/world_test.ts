import { assert, assertEquals, assertNotEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ROUGH_WIRE } from "./conditions.ts";
import { Hung } from "./virtual_time.ts";
import { World } from "./world.ts";

const SERVER = { hostname: "192.0.2.9", port: 4000 };

/** Ten clients and a server that chat over bad connections, and a datagram each; all that happened, in words. */
async function story(seed: number): Promise<string> {
  const lines: string[] = [];
  const world = new World({ seed, reader: (line) => lines.push(line) });
  world.net.conditions = { ...ROUGH_WIRE, resetting: 0.001 };
  world.net.datagrams.conditions = { loss: 0.2, duplication: 0.2, delay: [1, 50] };
  const echo = world.net.host(SERVER.hostname).listen(SERVER, {}, (link) => {
    link.start({ receive: (bytes) => link.write(bytes), ended: () => link.end("left"), closed: () => {} });
  });
  const port = world.network.openPort(SERVER);
  port.start({ receive: (bytes, from) => port.send(bytes, from), closed: () => {} });
  for (let i = 0; i < 10; i++) {
    const host = world.net.host(`192.0.2.${100 + i}`);
    const link = await world.run(() => host.connect(SERVER));
    link.start({ receive: () => {}, ended: () => link.end("left"), closed: () => {} });
    for (let message = 0; message < 20; message++) {
      link.write(new TextEncoder().encode(`message ${message} of client ${i} `.repeat(10)));
      await world.runtime.pass(world.chance.below(20));
    }
    const own = host.openPort({ hostname: `192.0.2.${100 + i}`, port: 0 });
    own.send(new TextEncoder().encode(`datagram of client ${i}`), SERVER);
    own.close("done");
    link.end("done");
  }
  echo.close();
  port.close("done");
  await world.runtime.pass(60_000);
  assertEquals([world.net.left(), world.runtime.pending], [[], 0]);
  return lines.join("\n");
}

Deno.test("the same seed makes the same trace, to the last event, and another seed another one", async () => {
  const told = await story(7);
  assert(told.split("\n").length > 1_000, "too little has happened to show anything");
  assertEquals(await story(7), told);
  assertNotEquals(await story(8), told);
  assertStringIncludes(told, "message 0 of client 0");
});

Deno.test("another process makes the same trace of the same seed", async () => {
  const told = await story(7);
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--allow-env", import.meta.filename!, "7"],
  }).output();
  assertEquals(new TextDecoder().decode(stdout), told);
});

Deno.test("a world that hangs says its seed, and what happened last", async () => {
  const world = new World({ seed: 42 });
  world.trace.note("alice", "waits for", "bob");
  const error = await assertRejects(() => world.run(() => new Promise(() => {})), Hung);
  assertStringIncludes(error.message, "seed 42: somebody waits, and nothing is left that could happen.");
  assertStringIncludes(error.message, "alice waits for bob");
});

if (import.meta.main && Deno.args.length === 1) {
  const told = await story(Number(Deno.args[0]));
  let rest = new TextEncoder().encode(told);
  while (rest.length > 0) rest = rest.subarray(Deno.stdout.writeSync(rest));
}
