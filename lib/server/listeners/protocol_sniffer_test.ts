import { assertEquals } from "@std/assert";
import type { LinkHandler } from "../../core/link.ts";
import { RecordedLink } from "../../dialects/testing/recorded_link.ts";
import { ProtocolSniffer } from "./protocol_sniffer.ts";

function startLook(dialect: string) {
  const heard: string[] = [];
  const handler: LinkHandler = {
    receive: (bytes) => heard.push(new TextDecoder().decode(bytes)),
    ended: () => heard.push("(ended)"),
    closed: (reason) => heard.push(`(closed: ${reason})`),
  };
  const link = new RecordedLink();
  const onForeign: string[] = [];
  link.start(new ProtocolSniffer(dialect, link, handler, (_, { protocol }) => onForeign.push(protocol)));
  return { heard, link, onForeign };
}

Deno.test("who speaks another protocol is told so and closed, and the session hears nothing of it", () => {
  const { heard, link, onForeign } = startLook("slash");
  link.feed("REGISTER TOSEND alice\n\n");
  assertEquals(link.take(), "ERROR 101 This port speaks slash, not relay.\n\n");
  assertEquals([link.finish, onForeign], [{ how: "end", reason: "foreign-protocol" }, ["relay"]]);
  link.close();
  assertEquals(heard, ["(closed: foreign-protocol)"]);
});

Deno.test("only the first bytes are looked at, and everything else is passed on", () => {
  const { heard, link, onForeign } = startLook("room");
  link.feed("alice", "GET / HTTP/1.1\r\n\r\n");
  link.feedEnd();
  assertEquals([heard, onForeign, link.take()], [["alice", "GET / HTTP/1.1\r\n\r\n", "(ended)"], [], ""]);
});
