import { assertEquals } from "@std/assert";
import { KNOWN_PROTOCOLS, protocolOfClient, protocolOfServer } from "./first_bytes.ts";

/** What each protocol's sides begin with; what a server may only be likely to begin with is marked. */
const CLIENTS: readonly (readonly [protocol: string, first: string])[] = [
  ["frame", "2][3][5][hello"],
  ["relay", "REGISTER TOSEND alice\n\n"],
  ["HTTP", "GET / HTTP/1.1\r\n"],
  ["TLS", "\x16\x03\x01\x01\x23\x01\x00"],
];
const SERVERS: readonly (readonly [protocol: string, first: string, isLikely: boolean])[] = [
  ["room", "Greetings from the ChatRoom!", false],
  ["slash", "* Welcome to chat! Choose an alias", false],
  ["frame", "21][2][5][hello", false],
  ["frame", "2", true],
  ["relay", "ERROR 101 No user registered\n\n", false],
  ["HTTP", "HTTP/1.1 400 Bad Request\r\n", false],
  ["SSH", "SSH-2.0-OpenSSH_9.2\r\n", false],
  ["mail or file transfer", "220 mail.example.org", true],
  ["TLS", "\x15\x03\x03\x00\x02\x02\x0a", false],
];

Deno.test("each protocol is recognised by the first bytes of its clients and of its servers", () => {
  for (const [protocol, first] of CLIENTS) assertEquals(protocolOfClient(first)?.name, protocol);
  for (const [protocol, first, isLikely] of SERVERS) {
    const found = protocolOfServer(first);
    assertEquals([found?.name, found?.isLikely], [protocol, isLikely]);
  }
});

Deno.test("first bytes are those of one protocol alone", () => {
  for (const [protocol, first] of CLIENTS) {
    assertEquals(KNOWN_PROTOCOLS.filter(({ client }) => client?.test(first)).length, 1, first);
    // A record of TLS looks the same from either side.
    assertEquals([undefined, protocol].includes(protocolOfServer(first)?.name), true, first);
  }
  for (const [, first] of SERVERS) {
    const certain = KNOWN_PROTOCOLS.filter(({ server }) => server?.test(first));
    const likely = KNOWN_PROTOCOLS.filter(({ likelyServer }) => likelyServer?.test(first));
    assertEquals(certain.length + likely.length, 1, first);
  }
});
