import { assertEquals } from "@std/assert";
import { AdminWorld } from "./admin/testing/admin_world.ts";
import { TestConnection } from "./admin/testing/users.ts";
import type { LiveOptions } from "./live_options.ts";

/** A relay peer that says something, as it stands three seconds later: what it was told, and whether it was closed. */
async function relayPeer(there: AdminWorld, name: string, says: string): Promise<{ said: string; isClosed: boolean }> {
  const peer = new TestConnection(await there.connect("relay"));
  const other = new TestConnection(await there.connect("relay"));
  if (says !== "") other.say(`REGISTER TORECV ${name}\n\n`);
  await there.pass(10);
  if (says !== "") peer.say(says.replace("alice", name));
  await there.pass(3_000);
  const { said, isClosed } = peer;
  return { said: said.replace(name, "alice"), isClosed };
}

const REGISTER = "REGISTER TOSEND alice\n\n";
const SENDS = `${REGISTER}SEND bob\nContent-length: 2\n\nhi`;

/** What is changed, what a peer says that comes then, and what becomes of it; a server that was not changed does none of that. */
const CASES: readonly [changed: Partial<LiveOptions>, says: string, said: RegExp, isClosed: boolean][] = [
  [{ deny: ["192.0.2.1"] }, REGISTER, /^ERROR 1\d\d /, true],
  [{ allow: ["198.51.100.0/24"] }, REGISTER, /^ERROR 1\d\d /, true],
  [{ maxConnections: 0 }, REGISTER, /^ERROR 1\d\d /, true],
  [{ maxPerAddress: 0 }, REGISTER, /^ERROR 1\d\d /, true],
  [{ connectRate: 0 }, REGISTER, /^ERROR 1\d\d /, true],
  [{ registrationTimeout: 1_000 }, "", /ERROR 101/, true],
  [{ idleTimeout: 1_000 }, REGISTER, /^REGISTERED/, true],
  [{ messageTimeout: 1_000 }, `${REGISTER}SEND bob\nContent-`, /^REGISTERED/, true],
  [{ maxMessage: 1 }, SENDS, /^REGISTERED TOSEND alice\n\nERROR 103 /, true],
];

for (const [changed, says, said, isClosed] of CASES) {
  const [name] = Object.keys(changed);
  Deno.test(`${name} holds for a peer that comes after it was changed`, async () => {
    await AdminWorld.run(async (there) => {
      const before = await relayPeer(there, "early", says);
      there.server.adopt(changed);
      const after = await relayPeer(there, "late", says);
      assertEquals([said.test(after.said), after.isClosed], [true, isClosed], after.said);
      assertEquals([before.said, before.isClosed].join() === [after.said, after.isClosed].join(), false);
    });
  });
}

Deno.test("what all queues may hold together changes at once", async () => {
  await AdminWorld.run(({ server }) => {
    server.adopt({ maxQueued: 5_000 });
    return Promise.resolve(assertEquals(server.queued.limit, 5_000));
  });
});
