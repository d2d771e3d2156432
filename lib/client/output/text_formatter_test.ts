import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { DELIVERED, GONE } from "../../core/outcome.ts";
import type { ClientEvent } from "../session/client_event.ts";
import { TextFormatter, type TextFormatterOptions } from "./text_formatter.ts";

const body = new TextEncoder().encode("hi");
const noon = () => new Date(2026, 0, 1, 12, 34, 56);
const look = (options: Partial<TextFormatterOptions>) =>
  new TextFormatter({ colors: false, bell: false, isShort: true, now: noon, ...options });
const message = (audience: "direct" | "everyone" | "untold", from = "bob"): ClientEvent => ({
  kind: "message",
  from,
  audience,
  body,
});
const outcome = (kind: Extract<ClientEvent, { kind: "outcome" }>["outcome"], line = "@bob hi"): ClientEvent => ({
  kind: "outcome",
  line,
  outcome: kind,
  words: undefined,
});

Deno.test("each event begins with the time, in the format that was chosen", () => {
  assertEquals(look({ time: "%H:%M" }).text(message("direct")), "12:34 bob to you: hi");
  assertEquals(look({ time: "[%T]" }).text({ kind: "notice", text: "a" }), "[12:34:56] -- a");
  assertEquals(look({}).text(message("everyone")), "bob to all: hi");
});

Deno.test("a sender keeps its colour, and others have others", () => {
  const colored = look({ colors: true });
  assertEquals(colored.text(message("untold")), colored.text(message("untold")));
  const paints = ["alice", "bob", "carol", "dave", "erin"].map((from) =>
    /^\x1b\[([\d;]+)m/.exec(colored.text(message("untold", from)))![1]
  );
  assertNotEquals(new Set(paints).size, 1);
});

Deno.test("direct and for everybody are told apart by words, and by the weight of these words", () => {
  const colored = look({ colors: true });
  assertMatch(colored.text(message("direct")), /\x1b\[1m to you\x1b\[0m: hi$/);
  assertMatch(colored.text(message("everyone")), /\x1b\[2m to all\x1b\[0m: hi$/);
});

Deno.test("notices are dimmed, what was delivered is green, and what was not is red", () => {
  const colored = look({ colors: true });
  assertEquals(colored.text({ kind: "notice", text: "a" }), "\x1b[2m-- a\x1b[0m");
  assertEquals(colored.text(outcome(DELIVERED)), "\x1b[32m-- delivered: @bob hi\x1b[0m");
  assertEquals(colored.text(outcome({ kind: "handed-over" })), "\x1b[2m-- sent: @bob hi\x1b[0m");
  assertMatch(colored.text(outcome(GONE)), /^\x1b\[31m-- not delivered/);
  assertMatch(colored.text({ kind: "unconfirmed", line: "a", why: "b" }), /^\x1b\[31m-- not confirmed/);
  const request: ClientEvent = { kind: "not-done", line: "join_group x", outcome: { kind: "unknown" }, words: "[no]" };
  assertEquals(colored.text(request), "\x1b[31m-- not done ([no]): join_group x\x1b[0m");
});

Deno.test("problems are told in the same place, and marked", () => {
  assertEquals(look({}).text({ kind: "problem", text: "gone\x1b" }), "-- gone\\x1b");
  assertEquals(look({}).text({ kind: "rejected", line: "a", form: "b" }), "-- not sent: a (write b)");
});

Deno.test("the bell rings for messages that are not known to be for everybody, if it was asked for", () => {
  const ringing = look({ bell: true });
  assertEquals(ringing.text(message("direct")), "\x07bob to you: hi");
  assertEquals(ringing.text(message("untold")), "\x07bob: hi");
  assertEquals(ringing.text(message("everyone")), "bob to all: hi");
  assertEquals(ringing.text({ kind: "notice", text: "a" }), "-- a");
  assertEquals(look({}).text(message("direct")), "bob to you: hi");
});

Deno.test("a person's own long line is repeated only as far as needed to know it again; a script gets it whole", () => {
  const line = "é".repeat(61);
  assertEquals(look({}).text(outcome(DELIVERED, line)), `-- delivered: ${"é".repeat(59)}…`);
  assertEquals(look({ isShort: false }).text(outcome(DELIVERED, line)), `-- delivered: ${line}`);
});
