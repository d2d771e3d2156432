import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { DELIVERED, refused } from "../../core/outcome.ts";
import type { ClientEvent } from "../session/client_event.ts";
import { JsonFormatter } from "./json_formatter.ts";

const TIME = "2026-01-01T12:00:00.000Z";
const look = new JsonFormatter(() => new Date(TIME));
/** Halves of surrogate pairs as well. */
const ANYTHING = fc.array(fc.integer({ min: 0, max: 0x10ffff })).map((codes) => String.fromCodePoint(...codes));
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("each event is one line of JSON, with the time", () => {
  const line = "@bob hi";
  const cases: readonly [ClientEvent, object][] = [
    [{ kind: "connected", server: "there:1", name: "alice" }, { event: "connected", server: "there:1", name: "alice" }],
    [
      { kind: "message", from: "bob", audience: "direct", body: encode("hi\n") },
      { event: "message", from: "bob", to: "you", text: "hi\n" },
    ],
    [
      { kind: "message", from: "b b", audience: "everyone", body: encode("") },
      { event: "message", from: "b b", to: "all", text: "" },
    ],
    [
      { kind: "message", from: "7", audience: "untold", body: new Uint8Array([0x61, 0xff]) },
      { event: "message", from: "7", to: null, text: "a\ufffd", base64: "Yf8=" },
    ],
    [{ kind: "notice", text: "a" }, { event: "notice", text: "a" }],
    [{ kind: "problem", text: "a" }, { event: "problem", text: "a" }],
    [{ kind: "rejected", line: "hi", form: "@bob hi" }, { event: "not-sent", line: "hi", write: "@bob hi" }],
    [
      { kind: "rejected", line: "{}", form: "x", why: "y", number: 3 },
      { event: "not-sent", line: "{}", number: 3, why: "y", write: "x" },
    ],
    [{ kind: "unconfirmed", line, why: "no answer" }, { event: "not-confirmed", line, why: "no answer" }],
    [{ kind: "outcome", line, outcome: DELIVERED, words: undefined }, { event: "delivered", line }],
    [{ kind: "outcome", line, outcome: { kind: "handed-over" }, words: undefined }, { event: "sent", line }],
    [
      { kind: "outcome", line, outcome: refused("undeliverable"), words: "ERROR 102" },
      { event: "not-delivered", line, why: "the server could not deliver it", words: "ERROR 102" },
    ],
    [
      { kind: "not-done", line, outcome: { kind: "gone" }, words: undefined },
      { event: "not-done", line, why: "the recipient left" },
    ],
  ];
  for (const [happening, expected] of cases) {
    assertEquals(JSON.parse(look.text(happening)), { time: TIME, ...expected });
  }
});

Deno.test("whatever arrives, it is one line in which everything is seen, and can be read back", () => {
  fc.assert(fc.property(ANYTHING, (text) => {
    const line = look.text({ kind: "notice", text });
    assert(!UNSEEN.test(line), JSON.stringify(line));
    assertEquals(JSON.parse(line).text, text);
  }));
});
