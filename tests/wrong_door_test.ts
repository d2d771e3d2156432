/**
 * What peers of another protocol are told at each port of a running server.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startServer } from "./server.ts";

const DIALECTS = ["relay", "frame", "slash", "room"];
const encode = (text: string) => new TextEncoder().encode(text);
const OPENINGS: Readonly<Record<string, Uint8Array>> = {
  TLS: new Uint8Array([22, 3, 1, 1, 35, 1, 0, 1, 31, 3, 3]),
  HTTP: encode("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
  relay: encode("REGISTER TOSEND alice\n\n"),
};

Deno.test("who comes to the wrong port is told what is spoken there, and closed, and others are not disturbed", async () => {
  await using server = await startServer(DIALECTS);
  using witness = await Deno.connect(server.at("slash"));
  await witness.write(encode("witness\n"));
  for (const dialect of DIALECTS) {
    for (const [protocol, opening] of Object.entries(OPENINGS)) {
      if (protocol === dialect) continue;
      using stranger = await Deno.connect(server.at(dialect));
      await stranger.write(opening);
      const told = await new Response(stranger.readable).text();
      assertStringIncludes(told, `This port speaks ${dialect}, not ${protocol}.`);
    }
  }
  await witness.write(encode("/quit\n"));
  const heard = (await new Response(witness.readable).text()).split("\n");
  // Whoever connects to frame is there at once.
  const ofOthers = heard.filter((line) => /^\* id\d+ has (joined|left)\.$/.test(line));
  assertEquals(ofOthers.filter((line) => line.includes("joined")).length, 3);
  assertEquals(heard.filter((line) => !ofOthers.includes(line)), [
    "* Welcome to chat! Choose an alias, letters and digits:",
    "* Hello witness! Nobody else is here yet. /help shows the commands.",
    "* Goodbye!",
    "",
  ]);
  assert(server.log.some((line) => line.startsWith("info a peer speaks a foreign protocol")));
});
