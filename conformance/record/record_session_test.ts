import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ChatError } from "../../lib/core/error.ts";
import type { Start } from "../mutants/mutant.ts";
import { MUTANT_SETS } from "../mutants/mutant_sets.ts";
import { playedAgainst, recordIn, type ToldSession } from "./testing/recorded_world.ts";

function setOf(dialect: string) {
  return MUTANT_SETS.find((set) => set.dialect === dialect)!;
}

/** One of the servers that are right: ours, or the plain one that shares no code with it. */
function right(dialect: string): Start {
  return setOf(dialect).right[0]!.start;
}

/** A server that breaks a clause. */
function wrong(dialect: string, clause: string): Start {
  return setOf(dialect).mutants.find((mutant) => mutant.clause === `${dialect}/${clause}`)!.start;
}

const RELAY: ToldSession = async (connect) => {
  const join = async (name: string) => {
    const [out, inward] = [await connect(), await connect()];
    out.says(`REGISTER TOSEND ${name}\n\n`);
    await out.hears(`REGISTERED TOSEND ${name}\n\n`);
    inward.says(`REGISTER TORECV ${name}\n\n`);
    await inward.hears(`REGISTERED TORECV ${name}\n\n`);
    return { out, inward };
  };
  const alice = await join("alice");
  const bob = await join("bob");
  for (const text of ["hello", "a\n\nb"]) {
    alice.out.says(`SEND bob\nContent-length: ${text.length}\n\n${text}`);
    await bob.inward.hears(text);
    bob.inward.says("RECEIVED alice\n\n");
    await alice.out.hears("\n\n");
  }
  for (const link of [alice.out, alice.inward, bob.out, bob.inward]) link.leaves();
};

const FRAME: ToldSession = async (connect) => {
  const one = await connect();
  await one.hears("2");
  const two = await connect();
  await two.hears("3");
  one.says("2][3][5][hello");
  await two.hears("hello");
  two.says("3][2][3][a]b");
  await one.hears("a]b");
  one.leaves();
  two.leaves();
};

const SLASH: ToldSession = async (connect, wait) => {
  const [alice, bob] = [await connect(), await connect()];
  for (const [one, name] of [[alice, "alice"], [bob, "bob"]] as const) {
    one.says(`${name}\n/users\n`);
    await one.hears(name);
    await wait(50);
  }
  alice.says("/dm bob how are you?\n");
  await bob.hears("how are you?");
  await wait(50);
  bob.says("/quit\n");
  await bob.isLeft();
  await wait(50);
  alice.leaves();
};

const ROOM: ToldSession = async (connect, wait) => {
  const [alice, bob] = [await connect(), await connect()];
  for (const [one, name] of [[alice, "alice"], [bob, "bob"]] as const) {
    await one.hears("press enter!");
    one.says(name);
    await one.hears("to exit.");
    await wait(50);
  }
  alice.says("hello");
  await alice.hears("alice: hello");
  await bob.hears("alice: hello");
  bob.says("#quit");
  await alice.hears("has left");
  alice.says("#quit");
  await alice.isLeft();
};

const EVERY = Uint8Array.from({ length: 256 }, (_, i) => i);
const ODD: ToldSession = async (connect, wait) => {
  const join = async (name: string) => {
    const [out, inward] = [await connect(), await connect()];
    out.says(`REGISTER TOSEND ${name}\n\n`);
    await out.hears(`REGISTERED TOSEND ${name}\n\n`);
    inward.says(`REGISTER TORECV ${name}\n\n`);
    await inward.hears(`REGISTERED TORECV ${name}\n\n`);
    return { out, inward };
  };
  const mute = await connect();
  const dave = await connect();
  dave.says("REGISTER TOS");
  await wait(20);
  const alice = await join("alice");
  dave.resets();
  const bob = await join("bob");
  alice.out.says("SEND bob\nContent-length: 256\n\n");
  alice.out.says(EVERY.subarray(0, 100));
  await wait(20);
  bob.out.says("SEND nobody\nContent-length: 2\n\nhi");
  await bob.out.hears("102");
  alice.out.says(EVERY.subarray(100));
  await wait(20);
  bob.inward.says("RECEIVED alice\n\n");
  await alice.out.hears("SENT");
  const eve = await connect();
  eve.says("SEND bob\nContent-length: 2\n\nhi");
  eve.finishes();
  await eve.hears("101");
  eve.leaves();
  alice.out.says("SEND bob\nContent-length: 3000\n\n" + "x".repeat(3000));
  await wait(50);
  bob.inward.resets();
  await alice.out.hears("102");
  alice.out.says("SEND alice\nContent-length: 3\n\n{a}SEND \n\n\n\n");
  await wait(3000);
  mute.leaves();
  for (const link of [alice.out, alice.inward]) link.leaves();
};

const SESSIONS: Readonly<Record<string, { readonly session: ToldSession; readonly breaks: string }>> = {
  relay: { session: RELAY, breaks: "send-unicast" },
  frame: { session: FRAME, breaks: "forward" },
  slash: { session: SLASH, breaks: "dm" },
  room: { session: ROOM, breaks: "quit" },
};

for (const [dialect, { session, breaks }] of Object.entries(SESSIONS)) {
  Deno.test(`a session of two clients in ${dialect} passes five times where it was recorded, and fails where a server is wrong`, async () => {
    const { played, notes } = await recordIn(dialect, right(dialect), session);
    assertEquals([played?.failure, played?.notes], [undefined, []], `${notes.join("\n")}\n${played?.text}`);
    assertEquals(await playedAgainst(dialect, played!.text, right(dialect)), Array(5).fill("pass"));
    const outcomes = await playedAgainst(dialect, played!.text, wrong(dialect, breaks), 1);
    assert(outcomes[0] !== "pass", `${breaks}: ${played!.text}`);
  });
}

Deno.test("a recorded transcript has names, lengths and IDs as values, and says how it was made", async () => {
  const relay = await recordIn("relay", right("relay"), RELAY);
  const text = relay.played!.text;
  assert(text.startsWith("# Recorded with chat conform --record"), text);
  for (
    const line of [
      "name alice bob",
      "let text-2 = a\\n\\nb",
      "alice.out > SEND {bob}\\nContent-length: {length text-2}\\n\\n{text-2}",
      "bob.in > RECEIVED {alice}\\n\\n",
      "close bob.in",
    ]
  ) assertStringIncludes(text, `\n${line}\n`);
  const frame = await recordIn("frame", right("frame"), FRAME);
  assertStringIncludes(frame.played!.text, "\nassigned one\n");
  assertStringIncludes(frame.played!.text, "\none > {one}][{two}][{length text}][{text}\n");
  const room = await recordIn("room", right("room"), ROOM);
  assertStringIncludes(room.played!.text, "\nalice < {bob} from [{_=word}] has joined the chat!\n");
});

Deno.test("clients that break off, half-close, say nothing, or send every byte and in pieces, are recorded as they were", async () => {
  for (const { start } of setOf("relay").right) {
    const { played } = await recordIn("relay", start, ODD);
    assertEquals(played?.failure, undefined, played?.text);
    for (
      const line of [
        "two > REGISTER TOS",
        "close two",
        "end seven",
        "let text-3 = {x * 3000}",
        "close bob.in",
        "close one",
      ]
    ) assertStringIncludes(played!.text, `\n${line}\n`);
    assertStringIncludes(played!.text, "\\xfe\\xff\n");
  }
});

Deno.test("Ctrl-C ends a recording whose clients are still there, and nobody who came is nothing", async () => {
  const { played } = await recordIn("frame", right("frame"), async (connect, wait, stop) => {
    const one = await connect();
    await one.hears("2");
    await wait(5_000);
    stop();
    await one.isLeft();
  });
  assertEquals([played?.failure, played?.text.endsWith("\nconnect one\nassigned one\n")], [undefined, true]);
  const nobody = await recordIn("frame", right("frame"), async (_connect, wait, stop) => {
    await wait(5_000);
    stop();
  });
  assertEquals(nobody.played, undefined);
});

Deno.test("a server that dies of what it is told is recorded, with the reason why it cannot be played back", async () => {
  const { played, notes } = await recordIn("frame", diesOfFrames, async (connect) => {
    const one = await connect();
    await one.hears("2");
    one.says("2][3][2][hi");
    await one.isLeft();
    one.leaves();
  });
  assertStringIncludes(played!.failure ?? "", "cannot reach 127.0.0.1:");
  assertStringIncludes(played!.text, "\none > {one}][3][{length text}][{text}\none closed\n");
  assertStringIncludes(played!.text, "\n# Played back, it does not pass: cannot reach ");
  assertStringIncludes(notes.at(-1)!, "played back, it does not pass");
});

/** Gives an ID, and is gone with the first frame. */
const diesOfFrames: Start = (_settings, { network }) => {
  const listener = network.listen({ hostname: "127.0.0.1", port: 0 }, {}, (link) => {
    const die = () => {
      listener.close();
      link.abort("fault");
    };
    link.start({ receive: die, ended: () => link.end("left"), closed: () => {} });
    link.write(new TextEncoder().encode("2"));
  });
  return { endpoint: listener.endpoint, stop: () => Promise.resolve(listener.close()) };
};

Deno.test("what is more than can be recorded is passed on, and said", async () => {
  const { played, notes } = await recordIn("room", right("room"), ROOM, { bounds: { bytes: 4_096, events: 8 } });
  assertEquals(played?.failure, undefined, played?.text);
  assertStringIncludes(played!.text, "# Not pinned: what came later; more happened than is recorded.\n");
  assertStringIncludes(notes.join("\n"), "the transcript is the beginning of it");
});

Deno.test("a server that is not there, a dialect of datagrams and a port that is taken are told in one line", async () => {
  const nowhere = { hostname: "127.0.0.1", port: 9 };
  const come: ToldSession = async (connect) => await (await connect()).isLeft();
  const failing = (dialect: string, options: Parameters<typeof recordIn>[3]) =>
    assertRejects(() => recordIn(dialect, right("relay"), come, options), ChatError);
  assertStringIncludes((await failing("relay", { target: nowhere })).message, "cannot reach 127.0.0.1:9");
  assertStringIncludes((await failing("group", {})).message, "group speaks datagrams");
  const network = {
    listen: () => {
      throw new ChatError("port-in-use", "127.0.0.1:4999 is in use");
    },
  };
  assertEquals((await failing("relay", { network })).code, "port-in-use");
});
