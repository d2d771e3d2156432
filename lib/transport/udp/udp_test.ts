import { assertEquals, assertThrows } from "@std/assert";
import { ChatError } from "../../core/error.ts";
import { datagramContract } from "../testing/datagram_contract.ts";
import { openUdp } from "./udp.ts";

const LOCAL = { hostname: "127.0.0.1", port: 0 };

/** Looks again each time the system had a turn; a test that never comes true fails after 10 s. */
async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error("it did not come to that");
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

datagramContract("a UDP port", () => ({ open: () => openUdp(LOCAL), until }));

Deno.test("a UDP port that is taken is a port-in-use error", async () => {
  const first = openUdp(LOCAL);
  const error = assertThrows(() => openUdp(first.local), ChatError);
  assertEquals(error.code, "port-in-use");
  first.close("done");
  await Promise.resolve();
});

Deno.test("a UDP port at an address that is not ours is a cannot-listen error", () => {
  const error = assertThrows(() => openUdp({ hostname: "203.0.113.1", port: 0 }), ChatError);
  assertEquals(error.code, "cannot-listen");
});

for (const hostname of ["0.0.0.0", "::"]) {
  Deno.test(`a UDP port bound to ${hostname} tells each peer an address that it reaches`, async () => {
    const everywhere = openUdp({ hostname, port: 0 });
    const near = openUdp(LOCAL);
    const senders: unknown[] = [];
    const answers: string[] = [];
    everywhere.start({
      receive: (bytes, from) => {
        senders.push(from);
        everywhere.send(bytes, from);
      },
      closed: () => {},
    });
    near.start({ receive: (bytes) => answers.push(new TextDecoder().decode(bytes)), closed: () => {} });
    const address = everywhere.addressFor(near.local);
    near.send(new TextEncoder().encode("hello"), address);
    await until(() => answers.length === 1);
    assertEquals([address.hostname, senders, answers], ["127.0.0.1", [near.local], ["hello"]]);
    near.close("done");
    everywhere.close("done");
    await Promise.resolve();
  });
}

Deno.test("an error that the handler throws is told, and the port goes on", async () => {
  const faults: unknown[] = [];
  const port = openUdp(LOCAL, { onFault: (error) => faults.push(error) });
  const received: number[] = [];
  port.start({
    receive: (bytes) => {
      received.push(bytes.length);
      if (bytes.length === 1) throw new TypeError("one");
    },
    closed: () => {},
  });
  port.send(new Uint8Array(1), port.local);
  port.send(new Uint8Array(2), port.local);
  await until(() => received.length === 2);
  assertEquals([received, faults.length], [[1, 2], 1]);
  port.close("done");
  await Promise.resolve();
});
