import { assertEquals } from "@std/assert";
import { foreignProtocol } from "./foreign_protocol.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const answer = (dialect: string, first: string | Uint8Array) => {
  const found = foreignProtocol(dialect, typeof first === "string" ? encode(first) : first);
  return found && new TextDecoder().decode(found.answer);
};

/** The beginning of what `openssl s_client` sends. */
const CLIENT_HELLO = new Uint8Array([0x16, 0x03, 0x01, 0x01, 0x23, 0x01, 0x00, 0x01, 0x1f, 0x03, 0x03]);

Deno.test("a TLS hello is told at any door, as text", () => {
  for (const dialect of ["relay", "frame", "slash", "room"]) {
    assertEquals(answer(dialect, CLIENT_HELLO), `This port speaks ${dialect}, not TLS.\n`);
  }
});

Deno.test("an HTTP request is told at any door, as HTTP does", () => {
  for (const dialect of ["relay", "frame", "slash", "room"]) {
    const words = `This port speaks ${dialect}, not HTTP.\n`;
    const head = `HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: ${words.length}\r\n`;
    for (const request of ["GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]) {
      assertEquals(answer(dialect, request), `${head}Connection: close\r\n\r\n${words}`);
    }
  }
});

Deno.test("a relay client is told at the doors of others, as an ERROR", () => {
  for (const dialect of ["frame", "slash", "room"]) {
    for (const [side, end] of [["TOSEND", "\n\n"], ["TORECV", "\n\n"], ["TOSEND", "\r\n\r\n"], ["TORECV", "\n \n"]]) {
      assertEquals(
        answer(dialect, `REGISTER ${side} alice${end}`),
        `ERROR 101 This port speaks ${dialect}, not relay.\n\n`,
      );
    }
  }
});

Deno.test("a frame client is told at the doors of dialects of text, as a frame from the server", () => {
  for (const first of ["7][3][2][hi", "7][3][ACK"]) {
    assertEquals(answer("slash", first), "1][7][34][This port speaks slash, not frame.");
    assertEquals(answer("room", first), "1][7][33][This port speaks room, not frame.");
  }
});

Deno.test("what a dialect may mean is let in, however odd it is", () => {
  const odd = [
    "GET",
    "GET / HTTP",
    "GET ready\n",
    "POST\n",
    "REGISTER\n",
    "REGISTER TOSEND alice",
    "REGISTER TOSEND alice\n",
    "2][3\n",
    "2][3][x][",
    "\x16\x03",
    "\x16\x03\x01\x01\x23\x02",
    "",
    "hello\n\n",
    "#quit",
    "/quit\n",
  ];
  for (const dialect of ["relay", "frame", "slash", "room"]) {
    for (const first of odd) assertEquals(answer(dialect, first), undefined, `${dialect}: ${first}`);
  }
});

Deno.test("every dialect lets in its own clients", () => {
  assertEquals(answer("relay", "REGISTER TOSEND alice\n\n"), undefined);
  assertEquals(answer("frame", "2][3][2][hi"), undefined);
  assertEquals(answer("relay", "2][3][ACK\n\n"), undefined);
});
