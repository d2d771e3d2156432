import { assertEquals } from "@std/assert";
import type { Member } from "../hub/member.ts";
import { readAnnouncement } from "./announcements.ts";
import { outcomeNotice } from "./frame/notices.ts";
import { readRosterChanges } from "./group/roster/roster_view.ts";
import { created, entered } from "./group/texts.ts";
import * as room from "./room/words.ts";
import * as slash from "./slash/words.ts";

const member = (name: string): Member => ({
  ...{ name, title: name, dialect: "slash", since: 0, id: undefined, isProvisional: false },
  remote: { hostname: "192.0.2.1", port: 1 },
});
const [bob, carol] = [member("bob"), member("carol")];
/** What a slash client is told of a line of its server's. */
const told = (line: string) => {
  const heard = slash.readWords(line);
  return heard.kind === "words" || heard.kind === "accepted" ? heard.words : "";
};
const row = (name: string) => [name, { name, ip: "192.0.2.1", port: 1, isOnline: true, mode: "normal" }] as const;

/** What is told in these words, and of whom. */
function names(notice: string) {
  const { here, gone, groups } = readAnnouncement(notice);
  return [here, gone, groups].map((names) => names.join("+")).join(" | ");
}

Deno.test("what our servers say of who comes and goes is read in each dialect", () => {
  assertEquals(names(room.joinedWords(bob)), "bob |  | ");
  assertEquals(names(room.leftWords(bob)), " | bob | ");
  assertEquals(names(told(slash.joinedWords(bob))), "bob |  | ");
  assertEquals(names(told(slash.leftWords(bob))), " | bob | ");
  assertEquals(names(told(slash.helloWords("alice", [bob, carol]))), "bob+carol |  | ");
  assertEquals(names(told(slash.helloWords("alice", []))), " |  | ");
  const list = [...slash.usersWords([bob, carol], carol)].join("\n").split("\n").map(told);
  assertEquals(list.map(names), [" |  | ", "bob |  | ", "carol |  | "]);
  const [come] = readRosterChanges("alice", new Map(), new Map([row("bob"), row("carol")]));
  const [gone] = readRosterChanges("alice", new Map([row("bob")]), new Map());
  assertEquals([come, gone].map((line) => names(line!)), ["bob+carol |  | ", " | bob | "]);
  assertEquals(names(created("tea")), " |  | tea");
  assertEquals(names(entered("tea")), " |  | tea");
  assertEquals(names(`the server: ${outcomeNotice(5, { kind: "unknown" })}`), " | 5 | ");
});

Deno.test("the usual words of other servers are read as well", () => {
  for (const line of ["bob joined the chat!", "bob has joined", "Bob connected."]) {
    assertEquals(names(line).toLowerCase(), "bob |  | ");
  }
  for (const line of ["bob left the chat!", "bob has disconnected", "bob has left the room."]) {
    assertEquals(names(line), " | bob | ");
  }
});

Deno.test("what somebody says, and all else, is no announcement", () => {
  for (
    const line of [
      "eve: bob has left the chat.",
      "eve: bob from [127.0.0.1] has joined the chat!",
      "nobody in here has left",
      "I have joined",
      "",
      `${"x".repeat(9_000)} joined`,
    ]
  ) assertEquals(names(line), " |  | ", line);
});
