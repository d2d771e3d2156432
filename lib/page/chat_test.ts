import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { EVERYONE } from "../core/name.ts";
import { refused } from "../core/outcome.ts";
import { Chat, type Phase } from "./chat.ts";
import type { ThreadEntry } from "./thread.ts";
import { fateText } from "./fate_words.ts";
import { readHistory, writeHistory } from "./tab_history.ts";
import type { IncomingMessage } from "./web_message.ts";

const HELLO: IncomingMessage = { type: "hello", maxMessage: 100 };
const TAKEN: IncomingMessage = { type: "refused", code: "taken", reason: "somebody of that name is here already" };

/** Alice has joined; bob is here as well. */
function joined(): Chat {
  const chat = new Chat(() => 1);
  chat.join("alice", 0);
  comeBack(chat, 0);
  chat.takeEffects();
  return chat;
}

/** The server lets her in. */
function comeBack(chat: Chat, now: number): void {
  chat.hear(HELLO, now);
  chat.hear({ type: "joined", name: "alice", present: [{ name: "bob", dialect: "relay" }] }, now);
}

function said(chat: Chat): readonly ThreadEntry[] {
  return chat.threads.open.entries;
}

function fates(chat: Chat): (string | undefined)[] {
  return said(chat).map(({ fate }) => fate && fateText(fate));
}

/** A message from bob. */
function fromBob(number: number, isForAll = true): IncomingMessage {
  return { type: "message", number, from: "bob", isForAll, text: "hi", isBytes: false };
}

Deno.test("who joins is connected, asks for the name once the server has said hello, and is here once it is theirs", () => {
  const chat = new Chat(() => 1);
  assertEquals([chat.phase, chat.deadline], [{ kind: "apart" } as Phase, undefined]);
  chat.join("alice", 0);
  assertEquals(chat.takeEffects(), [{ kind: "connect" }]);
  assertEquals(chat.phase.kind, "connecting");
  chat.hear(HELLO, 1);
  assertEquals(chat.takeEffects(), [{ kind: "say", message: { type: "join", name: "alice" } }]);
  chat.hear({ type: "joined", name: "alice", present: [{ name: "bob", dialect: "relay" }] }, 2);
  assertEquals([chat.phase.kind, chat.people.names, chat.people.dialectOf("bob")], ["here", ["bob"], "relay"]);
  assertEquals([said(chat), chat.deadline], [[], undefined]);
});

Deno.test("a name that is refused is asked for again, with why, on a new connection", () => {
  const chat = new Chat(() => 1);
  chat.join("bob", 0);
  chat.hear(HELLO, 0);
  chat.hear(TAKEN, 0);
  assertEquals(chat.phase, { kind: "apart", why: "Somebody of that name is here already." });
  assertEquals(chat.takeEffects().at(-1), { kind: "disconnect" });
  chat.join("alice", 0);
  assertEquals(chat.takeEffects(), [{ kind: "connect" }]);
  comeBack(chat, 0);
  assertEquals(said(chat), [], "there was no connection before");
});

Deno.test("a first connection that does not come about says so where the name is asked for", () => {
  const chat = new Chat(() => 1);
  chat.join("alice", 0);
  chat.closed(1);
  assertEquals(chat.phase, { kind: "apart", why: "Not connected: no server answers." });
  chat.join("alice", 2);
  chat.tick(chat.deadline!);
  assertEquals(chat.phase, { kind: "apart", why: "Not connected: the server does not answer." });
  assertEquals(chat.takeEffects().at(-1), { kind: "disconnect" });
});

Deno.test("what is said is on its way until its outcome is known, whatever order outcomes come in", () => {
  const chat = joined();
  for (const text of ["one", "two", "three", "four", "five", "six"]) assertEquals(chat.say(text, 5), undefined);
  assertEquals(chat.takeEffects()[0], { kind: "say", message: { type: "send", id: 1, text: "one" } });
  assertEquals(fates(chat), Array(6).fill("on its way"));
  chat.hear({ type: "outcome", id: 2, outcome: { kind: "timed-out" }, delivered: 2, recipients: 3 }, 6);
  chat.hear({ type: "outcome", id: 1, outcome: { kind: "delivered" }, delivered: 3, recipients: 3 }, 6);
  chat.hear({ type: "outcome", id: 3, outcome: { kind: "unknown" }, delivered: 0, recipients: 0 }, 6);
  chat.hear({ type: "outcome", id: 4, outcome: refused("too-long") }, 6);
  chat.hear({ type: "error", id: 5, reason: "a key is missing" }, 6);
  chat.hear({ type: "outcome", id: 4, outcome: { kind: "delivered" } }, 6);
  chat.hear({ type: "outcome", id: 99, outcome: { kind: "delivered" } }, 6);
  assertEquals(fates(chat), [
    "delivered to 3 of 3",
    "delivered to 2 of 3: the recipient did not answer in time",
    "not delivered: nobody else is here",
    "not delivered: it is too long for the recipient",
    "not sent: a key is missing",
    "on its way",
  ]);
  assertEquals(chat.takeNews().map(({ kind }) => kind), ["problem", "problem", "problem", "problem"]);
});

Deno.test("to one person it goes with their name", () => {
  const chat = joined();
  chat.open("bob");
  chat.say("hi", 1);
  assertEquals(chat.takeEffects(), [{ kind: "say", message: { type: "send", id: 1, to: "bob", text: "hi" } }]);
  chat.hear({ type: "outcome", id: 1, outcome: { kind: "delivered" } }, 2);
  assertEquals(fates(chat), ["delivered"]);
});

Deno.test("what is blank, too long in UTF-8, or said without a connection, is not sent", () => {
  const chat = joined();
  assertEquals(chat.say(" \n ", 1), "");
  assertEquals(chat.say("é".repeat(51), 1), "Too long: 102 bytes of at most 100.");
  assertEquals(chat.say("é".repeat(50), 1), undefined);
  chat.closed(2);
  assertMatch(chat.say("hi", 3)!, /^Not connected/);
  assertEquals(said(chat).length, 1);
});

Deno.test("each message is acknowledged by its number, and counted where nobody looks", () => {
  const chat = joined();
  chat.hear(fromBob(1), 1);
  chat.hear(fromBob(2, false), 1);
  const acknowledged = (number: number) => ({ kind: "say", message: { type: "received", number } });
  assertEquals(chat.takeEffects() as unknown[], [acknowledged(1), acknowledged(2)]);
  const { threads } = chat;
  assertEquals([threads.unread, threads.unreadElsewhere, threads.with("bob").unread], [1, 1, 1]);
  chat.look(false);
  chat.hear(fromBob(3), 2);
  chat.hear(fromBob(4), 2);
  assertEquals([threads.unread, threads.unreadElsewhere, threads.open.unreadFrom], [3, 1, 1]);
  chat.look(true);
  assertEquals([threads.unread, threads.open.unreadFrom], [1, 1], "what was new stays marked");
  chat.open("bob");
  assertEquals([threads.unread, threads.with(EVERYONE).unreadFrom], [0, undefined]);
});

Deno.test("a connection that is lost is made again, later each time, and what was on its way is not confirmed nor sent again", () => {
  const chat = joined();
  chat.say("one", 1);
  chat.takeEffects();
  chat.closed(1000);
  assertMatch(fates(chat)[0]!, /^not confirmed/);
  const waits: number[] = [];
  let now = 1000;
  for (let i = 0; i < 8; i++) {
    waits.push(chat.deadline! - now);
    chat.tick(chat.deadline! - 1);
    assertEquals(chat.phase.kind, "waiting");
    chat.tick(now = chat.deadline!);
    assertEquals(chat.takeEffects(), [{ kind: "connect" }]);
    chat.closed(now);
  }
  assertEquals(waits, [500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  chat.retry(now);
  comeBack(chat, 61_000);
  assertEquals(chat.takeEffects(), [{ kind: "connect" }, { kind: "say", message: { type: "join", name: "alice" } }]);
  assertEquals(said(chat).at(-1)!.text, "Connected again after 60 s. What others said meanwhile did not arrive here.");
  chat.hear({ type: "outcome", id: 1, outcome: { kind: "delivered" } }, 61_001);
  assertMatch(fates(chat)[0]!, /^not confirmed/, "it is no answer to what the connection before has carried");
});

Deno.test("what is not confirmed is sent once more if somebody says so, as a message of its own", () => {
  const chat = joined();
  chat.say("one", 1);
  chat.closed(2);
  const [entry] = said(chat);
  assertMatch(chat.again(entry!, EVERYONE, 3)!, /^Not connected/);
  assertMatch(fates(chat)[0]!, /^not confirmed: /);
  chat.tick(chat.deadline!);
  comeBack(chat, 4);
  chat.takeEffects();
  assertEquals(chat.again(entry!, EVERYONE, 5), undefined);
  assertEquals(chat.takeEffects(), [{ kind: "say", message: { type: "send", id: 2, text: "one" } }]);
  assertEquals(fates(chat), ["not confirmed; sent again below", undefined, "on its way"]);
});

Deno.test("a name that the server still takes for somebody's is asked for again a few times, and then another one", () => {
  const chat = joined();
  chat.closed(0);
  let tries = 0;
  for (; chat.phase.kind === "waiting"; tries++) {
    chat.tick(chat.deadline!);
    chat.hear(HELLO, 0);
    chat.hear(TAKEN, 0);
    chat.takeEffects();
  }
  assertEquals([tries, chat.phase.kind], [5, "apart"]);
});

Deno.test("a server that owes an outcome and says nothing for a minute is not there any more", () => {
  const chat = joined();
  chat.say("one", 1000);
  assertEquals(chat.deadline, 61_000);
  chat.hear({ type: "absent", name: "bob" }, 50_000);
  chat.tick(61_000);
  assertEquals([chat.phase.kind, chat.deadline], ["here", 110_000]);
  chat.tick(110_000);
  assertEquals([chat.phase.kind, fates(chat)[0]!.slice(0, 13)], ["waiting", "not confirmed"]);
  assertEquals(chat.takeEffects().at(-1), { kind: "disconnect" });
});

Deno.test("who was thrown out does not come again by themselves, and who lost a server that stops does", () => {
  for (const [code, kind] of [["denied", "ended"], ["flood", "ended"], ["shutdown", "waiting"], ["full", "waiting"]]) {
    const chat = joined();
    chat.hear({ type: "bye", code: code!, reason: "because" }, 1);
    chat.closed(1);
    assertEquals([code, chat.phase.kind], [code, kind!]);
    chat.retry(2);
    assertEquals(chat.phase.kind, "connecting");
  }
});

Deno.test("who leaves says so, and may come back as somebody else", () => {
  const chat = joined();
  chat.leave();
  assertEquals(chat.takeEffects(), [{ kind: "say", message: { type: "leave" } }, { kind: "disconnect" }]);
  assertEquals([chat.phase, chat.wasHere], [{ kind: "apart" } as Phase, false]);
  chat.closed(1);
  assertEquals(chat.phase, { kind: "apart" });
});

Deno.test("a tab that is loaded again knows who it was and what was said, and what was on its way is not confirmed", () => {
  const before = joined();
  before.hear(fromBob(1, false), 1);
  before.say("one", 2);
  before.threads.open.draft = "and fur";
  before.open("bob");
  const written = writeHistory(before);
  const chat = new Chat(() => 1, readHistory(written));
  assertEquals([chat.name, chat.wasHere, chat.threads.open.partner], ["alice", true, "bob"]);
  assertEquals(said(chat), [{ time: 1, from: "bob", text: "hi" }]);
  chat.open(EVERYONE);
  assertMatch(fates(chat)[0]!, /^not confirmed/);
  assertEquals(chat.threads.open.draft, "and fur");
  chat.join("alice", 3);
  comeBack(chat, 3);
  assertEquals(said(chat).at(-1)!.text, "Connected again. What others said meanwhile did not arrive here.");
});

Deno.test("whatever happens in whichever order, nothing is sent twice, and nothing is on its way without a connection", () => {
  const id = fc.integer({ min: 1, max: 5 });
  const happening = fc.oneof(
    fc.constant((chat: Chat, now: number) => chat.join("alice", now)),
    fc.constant((chat: Chat, now: number) => chat.hear(HELLO, now)),
    fc.constant((chat: Chat, now: number) => chat.hear({ type: "joined", name: "alice", present: [] }, now)),
    fc.constant((chat: Chat, now: number) => chat.hear(TAKEN, now)),
    fc.constant((chat: Chat, now: number) => chat.hear(fromBob(1), now)),
    fc.constant((chat: Chat, now: number) => void chat.say(`at ${now}`, now)),
    id.map((id) => (chat: Chat, now: number) => {
      chat.hear({ type: "outcome", id, outcome: { kind: "delivered" } }, now);
    }),
    id.map((id) => (chat: Chat, now: number) => chat.hear({ type: "error", id, reason: "" }, now)),
    fc.constantFrom("shutdown", "flood").map((code) => (chat: Chat, now: number) => {
      chat.hear({ type: "bye", code, reason: "" }, now);
    }),
    fc.constant((chat: Chat, now: number) => chat.closed(now)),
    fc.constant((chat: Chat, now: number) => chat.tick(chat.deadline ?? now)),
    fc.constant((chat: Chat, now: number) => chat.retry(now)),
    fc.constant((chat: Chat) => chat.leave()),
  );
  fc.assert(fc.property(fc.array(happening, { maxLength: 40 }), (happenings) => {
    const chat = new Chat(() => 0.5);
    const sent: string[] = [];
    for (const [now, happens] of happenings.entries()) {
      happens(chat, now);
      for (const effect of chat.takeEffects()) {
        if (effect.kind === "say" && effect.message.type === "send") sent.push(effect.message.text);
      }
      const isOpen = said(chat).some(({ fate }) => fate?.kind === "on-its-way");
      assertEquals(isOpen && chat.phase.kind !== "here", false);
      assertEquals(
        chat.deadline === undefined,
        ["apart", "ended"].includes(chat.phase.kind) || !isOpen && chat.phase.kind === "here",
      );
    }
    assertEquals(sent, said(chat).filter(({ fate }) => fate !== undefined).map(({ text }) => text));
  }));
});
