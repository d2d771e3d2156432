import { assertEquals } from "@std/assert";
import { DELIVERED, GONE, type Outcome, UNKNOWN } from "../../core/outcome.ts";
import { PendingReplies, type ReplyOrder } from "./pending_replies.ts";

/** Replies, and what was told of them; `.` is the end of what was known at once. */
function startReplies(order: ReplyOrder) {
  const told: string[] = [];
  const replies = new PendingReplies<string, string>({
    tell: (to: string, known: Outcome | string) => told.push(typeof known === "string" ? known : `${to} ${known.kind}`),
    told: () => told.push("."),
  }, order);
  return { replies, told };
}

Deno.test("replies as sent wait for those before them, and are then told together", () => {
  const { replies, told } = startReplies("as-sent");
  const [alice, bob, carol] = [replies.add("alice"), replies.add("bob"), replies.add("carol")];
  bob.settled(UNKNOWN);
  replies.say("", "words");
  assertEquals([told, replies.size], [[], 4]);
  alice.settled(DELIVERED);
  assertEquals([told, replies.size], [["alice delivered", "bob unknown", "."], 2]);
  carol.settled(GONE);
  assertEquals([told.slice(3), replies.size], [["carol gone", "words", "."], 0]);
});

Deno.test("replies as known are told at once, in whatever order they come", () => {
  const { replies, told } = startReplies("as-known");
  const [alice, bob] = [replies.add("alice"), replies.add("bob")];
  bob.settled(UNKNOWN);
  assertEquals([told, replies.size], [["bob unknown", "."], 1]);
  replies.say("", "words");
  alice.settled(DELIVERED);
  assertEquals([told.slice(2), replies.size], [["words", ".", "alice delivered", "."], 0]);
});
