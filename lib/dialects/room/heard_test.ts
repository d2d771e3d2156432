import { assertEquals } from "@std/assert";
import type { Audience } from "../../hub/delivery.ts";
import { type RoomLine, RoomLines } from "./heard.ts";
import { NOT_TEXT, outcomeWords } from "./words.ts";

const message = (from: string, text: string, audience: Audience | "untold" = "untold"): RoomLine => {
  return { kind: "message", from, audience, text };
};
const words = (words: string): RoomLine => ({ kind: "words", words });

Deno.test("what a room of ours says itself has no sender", () => {
  const lines = new RoomLines();
  assertEquals(lines.read(NOT_TEXT), words("Nobody was told that: it is not UTF-8."));
  assertEquals(
    lines.read(outcomeWords({ kind: "gone" })!),
    words("Not everybody has your message: the recipient left."),
  );
});

Deno.test("somebody's title does not make their message another one's, or one for us alone", () => {
  for (
    const show of [(lines: RoomLines) => lines.treatAsForeign(), (lines: RoomLines) => {
      lines.read("alice (to you alone) from [192.0.2.1:5] has joined the chat!");
    }]
  ) {
    const lines = new RoomLines();
    show(lines);
    assertEquals(lines.read("alice (to you alone): hi"), message("alice (to you alone)", "hi"));
  }
  const lines = new RoomLines();
  assertEquals(lines.read("a (b) (to you alone): hi"), message("a (b) (to you alone)", "hi"));
});

Deno.test("of a line that two may have said nobody is told to have said it", () => {
  for (const isForeign of [true, false]) {
    const lines = new RoomLines();
    if (isForeign) lines.treatAsForeign();
    const behind = "hi from [192.0.2.1] has joined the chat!";
    const announced = `alice: ${behind}`;
    assertEquals(lines.read(announced), isForeign ? words(announced) : message("alice", behind));
    assertEquals(lines.read("alice: hi: there"), words("alice: hi: there"));
    assertEquals(lines.read("alice: hi"), message("alice", "hi"));
  }
});

Deno.test("somebody who says that another one has come or gone changes nothing for others", () => {
  const lines = new RoomLines();
  lines.read("eve: bob (to you alone) from [192.0.2.1] has joined the chat!");
  assertEquals(lines.read("bob (to you alone): hi"), message("bob", "hi", "direct"));
  for (let i = 0; i < 10_000; i++) lines.read(`eve: ${i} from [192.0.2.1] has joined the chat!`);
  assertEquals(lines.read("bob: hi"), message("bob", "hi"));
});
