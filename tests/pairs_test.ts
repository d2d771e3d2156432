/**
 * Everybody reaches everybody: each dialect as sender and as recipient, in memory, by the bytes that go over the wire.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Audience } from "../lib/hub/delivery.ts";
import { ROW as FRAME_ROW } from "./pairs/rows/frame.ts";
import { Meeting } from "./pairs/meeting.ts";
import { ROW as RELAY_ROW } from "./pairs/rows/relay.ts";
import { ROWS } from "./pairs/rows.ts";
import { PAGE, updated } from "./pairs/tables.ts";

/** What is a command, an answer or a header in one of the dialects. */
const LIKE_COMMANDS = [
  "#quit",
  "/quit",
  "/dm bob hi",
  "* bob has left.",
  "ERROR 102",
  "SENT bob",
  "2][3][ACK",
  "2][3][2][hi",
  "header:",
  "Header: ack",
];
const SEVERAL_LINES = "one\n  two\n\nfour: /quit";
const AUDIENCES: readonly Audience[] = ["direct", "everyone"];

for (const sender of ROWS) {
  for (const recipient of ROWS) {
    const pair = `${sender.dialect} to ${recipient.dialect}`;
    for (const audience of AUDIENCES) {
      const meet = (bystander?: "bystander") => new Meeting(sender, recipient, audience, bystander);
      if (meet().delivers("hello").kind === "unsayable") continue;
      const name = `${pair}, ${audience === "direct" ? "directly" : "to everyone"}`;

      Deno.test(`${name}: text arrives, and is confirmed when it has`, () => {
        const meeting = meet();
        for (const body of ["hello", "grüß dich, 日本 👍", "a", " two  blanks"]) {
          assert(meeting.delivers(body).kind === "arrived");
        }
      });

      Deno.test(`${name}: what looks like a command of any dialect is text`, () => {
        const meeting = meet();
        for (const body of LIKE_COMMANDS) meeting.delivers(body);
        assert(meeting.delivers("still here").kind === "arrived");
      });

      Deno.test(`${name}: nothing acts on the terminal of those who sit at one`, () => {
        assert(meet().delivers("a\x1b[2Jb\x07\tc\u202ed").kind === "arrived");
      });

      Deno.test(`${name}: several lines are marked each, or one message`, () => {
        meet().delivers(SEVERAL_LINES);
      });

      Deno.test(`${name}: what is too long is refused, and not cut`, () => {
        const meeting = meet();
        if (recipient.tooLong !== undefined) meeting.refuses(recipient.tooLong);
        assert(meeting.delivers("shorter").kind === "arrived");
      });

      Deno.test(`${name}: nobody is there`, () => meet().findsNobody("hello"));

      Deno.test(`${name}: the recipient leaves before it has the message`, () => meet().losesRecipient("hello"));

      Deno.test(`${name}: a recipient that never reads holds up nobody else`, () =>
        meet("bystander").isNotRead("hello"));
    }
  }
}

for (const audience of AUDIENCES) {
  Deno.test(`relay to frame, ${audience}: an empty message is refused, and is no ACK frame`, () => {
    const meeting = new Meeting(RELAY_ROW, FRAME_ROW, audience);
    assert(meeting.refuses("", "empty").kind === "refused");
    assert(meeting.delivers("still here").kind === "arrived");
  });
}

Deno.test("docs/bridging.md says what the matrix sees", () => {
  const page = Deno.readTextFileSync(PAGE).replaceAll("\r\n", "\n");
  assertEquals(page, updated(page), "run: deno run --allow-read --allow-write tests/pairs/tables.ts");
});
