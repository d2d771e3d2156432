import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { REAL_WORLD } from "../../lib/transport/real_world.ts";
import { ChatError } from "../../lib/core/error.ts";
import { openUdp } from "../../lib/transport/udp/udp.ts";
import { readPrelude } from "../fixtures/fixture.ts";
import { detectDatagrams } from "./datagram_detection.ts";
import { MUTANT_SETS } from "../mutants/mutant_sets.ts";
import { resolveTargets } from "./targets.ts";

/** Whoever answers has this long to do so; where nobody does, it is waited for in vain. */
const OPTIONS = { timeout: 10_000, startTimeout: 10_000, onServer: () => {}, onNote: () => {} };
const FOREVER = new AbortController().signal;

/** A server that answers every datagram in this way, or none, for one test. */
async function answering<T>(
  answer: string | undefined | ((text: string) => string | undefined),
  use: (port: number) => Promise<T>,
): Promise<T> {
  const closed = Promise.withResolvers<void>();
  const port = openUdp({ hostname: "127.0.0.1", port: 0 });
  port.start({
    receive: (bytes, from) => {
      const text = typeof answer === "function" ? answer(new TextDecoder().decode(bytes)) : answer;
      if (text !== undefined) port.send(new TextEncoder().encode(text), from);
    },
    closed: () => closed.resolve(),
  });
  try {
    return await use(port.local.port);
  } finally {
    port.close("done");
    await closed.promise;
  }
}

Deno.test("a server that takes no connections, and acknowledges a registration in a datagram, speaks group", async () => {
  const server = MUTANT_SETS.find(({ dialect }) => dialect === "group")!.right[0]!.start(
    { ackTimeout: 1_000, maxMessage: 1024 },
    REAL_WORLD,
  );
  try {
    const { target } = await resolveTargets(server.endpoint, OPTIONS);
    assertEquals(target.dialect, "group");
    assertMatch(
      target.detected!,
      /^it takes no connections, and answers group's first words over UDP with "Header:\\nack\\nMessage:\\n\[Welcome, You /,
    );
  } finally {
    await server.stop();
  }
});

Deno.test("whoever answers a registration with something else does not speak group", async () => {
  await answering("\x1b[2Jhi", async (port) => {
    const asked = () => detectDatagrams({ hostname: "127.0.0.1", port }, 10_000, FOREVER);
    const error = await assertRejects(asked, ChatError);
    assertEquals(error.code, "undetected");
    assertMatch(error.message, /answers group's first words over UDP with "\\x1b\[2Jhi"; say which with --dialect$/);
  });
});

Deno.test("where nobody takes connections and nobody answers, both is told", async () => {
  await answering(undefined, async (port) => {
    const error = await assertRejects(
      () => resolveTargets({ hostname: "127.0.0.1", port }, { ...OPTIONS, timeout: 300 }),
      ChatError,
    );
    assertEquals(error.code, "unreachable");
    assertMatch(error.message, /^cannot reach 127\.0\.0\.1:\d+: [^\n]+, and nobody answers to a datagram$/);
  });
});

Deno.test("of several dialects that speak datagrams, the one that is answered is known by it", async () => {
  const among = Object.entries({ first: "HELLO", second: "PING", third: "WHO" }).map(([dialect, word]) => ({
    dialect,
    ...readPrelude(`datagrams: yes\nprobe: ${word} {name}\nanswer: ${word} {name} OK\nfarewell: BYE\n`, "p.chat")
      .recognition,
  }));
  await answering((text) => text.startsWith("PING ") ? `${text} ok` : undefined, async (port) => {
    const found = await detectDatagrams({ hostname: "127.0.0.1", port }, 10_000, FOREVER, among);
    assertEquals(found.dialect, "second");
  });
});
