import { assertEquals } from "@std/assert";
import { Deadlines } from "../../core/deadlines.ts";
import type { Link, LinkHandler } from "../../core/link.ts";
import { encodeWebFrame, OPCODES } from "./frames.ts";
import { WebServerLink } from "./web_server_link.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const UPGRADE = "GET /chat HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";

/** A link of a server, and the test in the place of the stream below and of the session above. */
function startLink() {
  const below: { handler?: LinkHandler; written: string; paused: Set<string>; ended?: string } = {
    written: "",
    paused: new Set(),
  };
  const link: Link = {
    remote: { hostname: "192.0.2.1", port: 1 },
    start: (handler) => below.handler = handler,
    write: (bytes) => below.written += decoder.decode(bytes.filter((byte) => byte < 128)),
    flushed: () => {},
    pause: (by = "session") => below.paused.add(by),
    resume: (by = "session") => below.paused.delete(by),
    end: (reason) => below.ended ??= reason,
    abort: (reason) => below.ended ??= reason,
  };
  const deadlines = new Deadlines(0);
  const socket = new WebServerLink(link, {
    protocol: { path: "/chat", name: "chat.web.1" },
    maxMessage: 100,
    respond: () => undefined,
    patience: { deadlines, messageTimeout: 30_000 },
  });
  const heard: string[] = [];
  let heed = (_message: string) => {};
  socket.start({
    receive: (bytes) => {
      heard.push(decoder.decode(bytes));
      heed(heard.at(-1)!);
    },
    ended: () => heard.push("(ended)"),
    closed: (reason) => heard.push(`(${reason})`),
  });
  const feed = (bytes: Uint8Array | string) =>
    below.handler!.receive(typeof bytes === "string" ? encoder.encode(bytes) : bytes);
  return { socket, below, heard, feed, deadlines, onMessage: (act: typeof heed) => heed = act };
}

function frame(text: string): Uint8Array {
  return encodeWebFrame(OPCODES.text, encoder.encode(text), new Uint8Array(4));
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

Deno.test("what is said before there is a WebSocket comes first on it, and what came with the request is heard", () => {
  const { socket, below, heard, feed } = startLink();
  socket.write(encoder.encode("welcome"));
  assertEquals(below.written, "");
  feed(joined(encoder.encode(UPGRADE), frame("one"), frame("two")));
  assertEquals(below.written.slice(0, 12), "HTTP/1.1 101");
  assertEquals([below.written.endsWith("\r\n\r\n\x07welcome"), heard], [true, ["one", "two"]]);
});

Deno.test("held, nothing is heard, not even what has been read, until nobody holds it", () => {
  const { socket, below, heard, feed, onMessage } = startLink();
  feed(UPGRADE);
  onMessage((message) => message === "one" && socket.pause("session"));
  feed(joined(frame("one"), frame("two"), frame("three")));
  assertEquals([heard, [...below.paused]], [["one"], ["session"]]);
  socket.pause("server");
  socket.resume("session");
  assertEquals([heard, [...below.paused]], [["one"], ["server"]]);
  onMessage((message) => message === "two" && socket.pause("server"));
  socket.resume("server");
  assertEquals([heard, [...below.paused]], [["one", "two"], ["server"]]);
  below.handler!.ended();
  assertEquals(heard, ["one", "two"]);
  socket.resume("server");
  assertEquals([heard, [...below.paused]], [["one", "two", "three", "(ended)"], []]);
});

Deno.test("a message that is begun has its time, however it drips, and each its own", () => {
  const { below, feed, deadlines } = startLink();
  feed(UPGRADE);
  const pass = (duration: number) => {
    for (const end = deadlines.now + duration; deadlines.now < end;) deadlines.advance(deadlines.now + 1_000);
  };
  const bytes = joined(frame("one"), frame("two"));
  feed(bytes.subarray(0, 3));
  pass(20_000);
  feed(bytes.subarray(3, 12));
  pass(20_000);
  assertEquals(below.ended, undefined);
  feed(bytes.subarray(12, 14));
  pass(11_000);
  assertEquals([below.ended, below.written.endsWith("stalled")], ["stalled", true]);
});

Deno.test("who has asked for nothing is told nothing when the time is up, who has begun to is told", () => {
  const silent = startLink();
  silent.socket.end("unregistered");
  assertEquals([silent.below.written, silent.below.ended], ["", "idle"]);
  const begun = startLink();
  begun.feed("GET / HTTP/1.1\r\n");
  begun.socket.end("unregistered");
  assertEquals([begun.below.written.slice(0, 12), begun.below.ended], ["HTTP/1.1 408", "unregistered"]);
});

Deno.test("who is not let in is told so in HTTP", () => {
  for (const [reason, status] of [["denied", "403"], ["full", "503"], ["shutdown", "503"]] as const) {
    const { socket, below } = startLink();
    socket.end(reason);
    assertEquals([below.written.slice(9, 12), below.ended], [status, reason]);
  }
});
