import { assertEquals, assertThrows } from "@std/assert";
import { addressText, parseAddress } from "./address.ts";
import { ChatError } from "./error.ts";

Deno.test("a host with or without a port, and IPv6 in brackets, are addresses", () => {
  for (
    const [text, hostname, port] of [
      ["localhost", "localhost", undefined],
      ["127.0.0.1:4000", "127.0.0.1", 4000],
      ["chat.example:1", "chat.example", 1],
      ["[::1]", "::1", undefined],
      ["[fe80::1]:65535", "fe80::1", 65535],
      ["::1", "::1", undefined],
      ["::ffff:127.0.0.1", "::ffff:127.0.0.1", undefined],
    ] as const
  ) assertEquals(parseAddress(text), { hostname, port });
});

Deno.test("what is no address is refused with a line that says how to write one", () => {
  const bad = [
    "",
    ":",
    ":4000",
    "host:",
    "host:x",
    "host:0",
    "host:65536",
    "host:-1",
    "a b",
    "http://host",
    "u@host",
    "[::1",
    "[x]:1",
    "a:1:2",
  ];
  for (const text of bad) {
    const error = assertThrows(() => parseAddress(text), ChatError, "write HOST, HOST:PORT or [IPv6]:PORT", text);
    assertEquals(error.code, "bad-address");
  }
});

Deno.test("an address is written as it is read", () => {
  for (const text of ["127.0.0.1:4000", "[::1]:80"]) {
    const { hostname, port } = parseAddress(text);
    assertEquals(addressText({ hostname, port: port ?? 0 }), text);
  }
});
