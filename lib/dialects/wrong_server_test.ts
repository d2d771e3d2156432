import { assertEquals } from "@std/assert";
import { DIALECTS } from "./registry.ts";
import * as room from "./room/words.ts";
import * as slash from "./slash/words.ts";
import { likenessOf, silenceWords } from "./wrong_server.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const TCP = DIALECTS.filter(({ transport }) => transport === "tcp").map(({ name }) => name);

/** What servers of each dialect say first. */
const OPENINGS: Readonly<Record<string, readonly string[]>> = {
  relay: ["REGISTERED TOSEND alice\n\n", "ERROR 101 No user registered\n\n"],
  frame: ["2", "255\n", "2ERROR 101 This port speaks frame, not relay.\n\n", "21][2][5][hello", "2\n1][2][ACK"],
  slash: [`${slash.GREETING}\n`],
  room: [room.GREETING, `${room.GREETING}\n`],
};

Deno.test("a server's first words are never taken for another dialect than its own, and nothing else is made of them", () => {
  for (const [protocol, openings] of Object.entries(OPENINGS)) {
    for (const opening of openings) {
      for (const dialect of TCP) {
        const likeness = likenessOf(dialect, encode(opening));
        // A number might be a greeting where the document pins none.
        const isCertain = !(/^\d+\s*$/.test(opening) && (dialect === "slash" || dialect === "room"));
        assertEquals(likeness, dialect === protocol ? undefined : { protocol, isDialect: true, isCertain }, opening);
      }
    }
  }
});

Deno.test("what is no chat at all is known as well", () => {
  const cases: [string, string][] = [
    ["HTTP/1.1 400 Bad Request\r\n", "HTTP"],
    ["SSH-2.0-OpenSSH_9.2\r\n", "SSH"],
    ["\x15\x03\x03\x00\x02\x02\x0a", "TLS"],
  ];
  for (const [opening, protocol] of cases) {
    for (const dialect of TCP) {
      const likeness = likenessOf(dialect, encode(opening));
      // web begins with HTTP.
      const isOwn = dialect === "web" && protocol === "HTTP";
      assertEquals(likeness, isOwn ? undefined : { protocol, isDialect: false, isCertain: true });
    }
  }
});

Deno.test("a greeting that nobody knows, and a piece of one, say nothing", () => {
  for (
    const opening of ["", "Choose an alias: ", "* Wel", "Greetings", "Welcome to my server!\n", "ERROR 1", "2 users"]
  ) {
    for (const dialect of TCP) assertEquals(likenessOf(dialect, encode(opening)), undefined, opening);
  }
});

Deno.test("silence is explained for each dialect", () => {
  for (const { name } of DIALECTS) assertEquals(silenceWords(name).includes(name), true);
});
