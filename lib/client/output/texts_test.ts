import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { anyText } from "../../core/testing/any_text.ts";
import { excerpt, messageText, nameText, noticeText, outcomeLine, rejectedText, unconfirmedText } from "./texts.ts";

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("a message shows its sender, and for whom it is where that is known", () => {
  assertEquals(messageText("bob", "direct", encode("hi")), "bob to you: hi");
  assertEquals(messageText("bob", "everyone", encode("hi")), "bob to all: hi");
  assertEquals(messageText("bob", "untold", encode("hi")), "bob: hi");
});

Deno.test("a line break at the end of a message is no second line", () => {
  assertEquals(messageText("bob", "untold", encode("hi\n")), "bob: hi");
  assertEquals(messageText("bob", "untold", encode("hi\r\n")), "bob: hi");
  assertEquals(messageText("bob", "untold", encode("hi\n\n")), "bob: hi\n    | ");
  assertEquals(messageText("bob", "untold", encode("")), "bob: ");
});

Deno.test("bytes that are not UTF-8 are seen as such", () => {
  assertEquals(messageText("bob", "untold", new Uint8Array([0x61, 0xff, 0x62])), "bob: a\uFFFDb");
});

/** Text that is made to do harm. */
const HOSTILE = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      "\n",
      "\r",
      "\x1b[2J",
      "\x1b]0;t\x07",
      "\x9b",
      "\u202E",
      "\u2066",
      "\uFEFF",
      "\b",
      "\0",
      "-- ",
      ": ",
      '"',
    ),
    anyText({ maxLength: 3 }),
  ),
  maxLength: 40,
  size: "max",
});

/** What no terminal may get: control characters (tabs apart), and what reorders text. */
const HARMFUL = /[^\P{Cc}\t\n]|[\u202A-\u202E\u2066-\u2069]/u;

Deno.test("whatever a peer sends, nothing harmful is shown, and no line of it passes for another's or for ours", () => {
  fc.assert(fc.property(HOSTILE, HOSTILE, (name, body) => {
    const [first, ...others] = messageText(name, "direct", encode(body)).split("\n");
    assert(!HARMFUL.test([first, ...others].join("\n")));
    assert(first!.startsWith(`${nameText(name)} to you: `));
    for (const line of others) assert(line.startsWith("    | "));
  }));
});

Deno.test("a name is shown in quotes unless it is a plain word", () => {
  for (const name of ["bob", "id7", "Zoë", "名前", "a-b_c.d"]) assertEquals(nameText(name), name);
  for (
    const name of [
      "",
      "bo b",
      "--",
      "bob:",
      "bob to all",
      '"',
      "bob\n",
      "bo\u200Bb",
      "\u3164",
      "bob\x1b[2J",
      "\u202Ebob",
    ]
  ) {
    const shown = nameText(name);
    assert(/^".*"$/.test(shown), shown);
    assert(!HARMFUL.test(shown) && !shown.includes("\n"), shown);
  }
});

Deno.test("no name passes for a sender with something said, or for a line of ours", () => {
  fc.assert(fc.property(HOSTILE, (name) => {
    const shown = nameText(name);
    assert(/^(?:"(?:[^"\\\n]|\\.)*"|[^\s:"-][^\s:"]*)$/u.test(shown), shown);
  }));
});

Deno.test("notices, outcomes and one's own lines are one line each, whatever is in them", () => {
  fc.assert(fc.property(HOSTILE, (text) => {
    for (
      const shown of [
        noticeText(text),
        outcomeLine(text, { kind: "delivered" }),
        outcomeLine("@bob hi", { kind: "gone" }, text),
        rejectedText(text, text),
        unconfirmedText(text, "we left"),
      ]
    ) assert(!HARMFUL.test(shown) && !shown.includes("\n"), shown);
  }));
});

Deno.test("an outcome tells why in words, and the server's own words where it used any", () => {
  assertEquals(outcomeLine("@bob hi", { kind: "delivered" }), "-- delivered: @bob hi");
  assertEquals(outcomeLine("3 hi", { kind: "handed-over" }), "-- sent: 3 hi");
  assertEquals(
    outcomeLine("@bob hi", { kind: "unknown" }),
    "-- not delivered (nobody of that name is there): @bob hi",
  );
  assertEquals(
    outcomeLine("@bob hi", { kind: "refused", reason: "unreadable" }, "ERROR 103 Header incomplete"),
    "-- not delivered (it could not be read: ERROR 103 Header incomplete): @bob hi",
  );
  assertEquals(unconfirmedText("@bob hi", "no answer"), "-- not confirmed (no answer): @bob hi");
});

Deno.test("an excerpt is at most 60 characters long, and never half of one", () => {
  assertEquals(excerpt("x".repeat(60)), "x".repeat(60));
  assertEquals(excerpt("x".repeat(61)), `${"x".repeat(59)}…`);
  assertEquals(excerpt("😀".repeat(60)), "😀".repeat(60));
  assertEquals(excerpt("😀".repeat(1000)), `${"😀".repeat(59)}…`);
});
