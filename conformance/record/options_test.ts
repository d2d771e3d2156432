import { assertEquals, assertThrows } from "@std/assert";
import { ChatError } from "../../lib/core/error.ts";
import { readRecord } from "./options.ts";

const GIVEN = {
  record: { hostname: "127.0.0.1", port: 4100 },
  targets: [{ hostname: "localhost", port: 4000 }],
  timeout: 5_000,
  tls: undefined,
  others: { "--report": false },
};

Deno.test("--record takes a port and one server, and nothing that is for playing", () => {
  const { listen, target } = readRecord(GIVEN);
  assertEquals([listen.port, target.port], [4100, 4000]);
  const wrong = (given: Partial<Parameters<typeof readRecord>[0]>, words: string) =>
    assertThrows(() => readRecord({ ...GIVEN, ...given }), ChatError, words);
  wrong({ others: { "--report": true } }, "--record plays no fixtures, it writes one: leave out --report");
  wrong({ targets: [] }, "say which, --target HOST:PORT");
  wrong({ targets: [...GIVEN.targets, ...GIVEN.targets] }, "one server that runs");
  wrong({ record: { hostname: "127.0.0.1", port: undefined } }, "--record 127.0.0.1:PORT");
});
