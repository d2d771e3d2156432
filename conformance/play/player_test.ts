import { assert, assertEquals, assertMatch } from "@std/assert";
import { VirtualTime } from "../../lib/simulation/virtual_time.ts";
import { readPrelude } from "../fixtures/fixture.ts";
import { answering, playScripted, type Script, type ScriptedServer } from "./testing/scripted_server.ts";

const GREETER = answering({ "hi\n": "hello\n", "bye\n": "goodbye\n" });

async function verdict(steps: readonly string[], script: Script, options?: ScriptedServer): Promise<string> {
  return (await playScripted(steps, script, options)).verdict;
}

Deno.test("what is sent arrives as it is written, and what is expected passes", async () => {
  const { verdict, callers } = await playScripted(
    ["name bob", "let body = {a * 3}\\0", "connect x", "x > {bob}:{length body}:{body}\\n", "x < ok\\n"],
    { heard: (caller) => caller.unanswered.endsWith("\n") && caller.say("ok\n") },
  );
  assertEquals(verdict, "pass");
  assertMatch(callers[0]!.pieces.join(""), /^bob[a-z0-9]{4}:4:aaa\0\n$/);
});

Deno.test("an answer may arrive in any pieces", async () => {
  const steps = ["connect x", "x > hi\\n", "x < hello\\n", "x > bye\\n", "x < (goodbye|adieu)@farewell\\n"];
  for (let cut = 1; cut < 8; cut++) {
    const segment = (bytes: Uint8Array) =>
      [bytes.subarray(0, cut), bytes.subarray(cut)].filter(({ length }) => length > 0);
    assertEquals(await verdict(steps, GREETER, { segment }), "pass", `cut at ${cut}`);
  }
  const segment = (bytes: Uint8Array) => Array.from(bytes, (byte) => Uint8Array.of(byte));
  assertEquals(await verdict(steps, GREETER, { segment }), "pass");
});

Deno.test("several answers may arrive in one piece", async () => {
  const steps = ["connect x", "x > hi\\n", "x < one\\n", "x < two\\n"];
  assertEquals(await verdict(steps, answering({ "hi\n": "one\ntwo\n" })), "pass");
});

Deno.test("another answer fails at once, and shows where it differs", async () => {
  const { failure } = await playScripted(["connect x", "x > hi\\n", "x < help\\n"], GREETER);
  assertEquals(failure?.kind, "mismatch");
  assertEquals(failure?.place.line, 6);
  assertEquals(failure?.step, "x < help\\n");
  assertEquals(failure?.attempts, [{ connection: "x", fits: "hel", wanted: ["p\\n"], got: "lo\\n", isClosed: false }]);
});

Deno.test("no answer fails when its time is up, and half an answer too", async () => {
  const steps = ["connect x", "x > hi\\n", "x < hello\\n"];
  const none = await playScripted(steps, {}, { timeout: 50 });
  assertEquals([none.verdict, none.failure?.reason], ["timeout", "nothing arrived on x within 0.05 s"]);
  assertEquals(none.failure?.hint, "the server accepts connections and says nothing");
  const half = await playScripted(steps, answering({ "hi\n": "hel" }), { timeout: 50 });
  assertEquals([half.verdict, half.failure?.reason], ["timeout", "not all of it arrived on x within 0.05 s"]);
  assertEquals(half.failure?.attempts[0]?.fits, "hel");
});

Deno.test("what no line expects fails, wherever it arrives", async () => {
  const more = answering({ "hi\n": "hello\nand more\n" });
  const atEnd = await playScripted(["connect x", "x > hi\\n", "x < hello\\n"], more);
  assertEquals(atEnd.verdict, "unexpected");
  assertEquals(atEnd.failure?.attempts[0]?.got, "and more\\n");
  assertEquals(await verdict(["connect x", "x > hi\\n", "x < hello\\n", "close x"], more), "unexpected");
  assertEquals(await verdict(["connect x", "x > hi\\n", "x < hello\\n", "reset x"], more), "unexpected");
  const talkative: Script = { ...GREETER, connected: (caller) => caller.index === 1 && caller.say("welcome\n") };
  assertEquals(await verdict(["connect x", "connect y", "x > hi\\n", "x < hello\\n"], talkative), "unexpected");
});

Deno.test("a connection that the server closes unasked fails", async () => {
  const leaver: Script = { heard: (caller) => caller.link.end("done") };
  const steps = ["connect x", "x > hi\\n"];
  assertEquals(await verdict([...steps, "x < hello\\n"], leaver), "closed");
  assertEquals(await verdict(["connect x", "connect y", "x > hi\\n", "x closed"], leaver), "pass");
  assertEquals(await verdict([...steps, "x closed", "x > hi\\n"], leaver), "closed");
  // Nobody expects anything on x, but it does not stay open.
  assertEquals(await verdict([...steps, "connect y", "y > hi\\n", "y closed"], leaver), "closed");
});

Deno.test("an end is only expected where nothing comes before it", async () => {
  const apologetic: Script = {
    heard: (caller) => {
      caller.say("sorry\n");
      caller.link.end("done");
    },
  };
  assertEquals(await verdict(["connect x", "x > hi\\n", "x < sorry\\n", "x closed"], apologetic), "pass");
  const { failure } = await playScripted(["connect x", "x > hi\\n", "x closed"], apologetic);
  assertEquals([failure?.kind, failure?.attempts[0]?.wanted], ["unexpected", "closed"]);
  assertEquals(await verdict(["connect x", "x > hi\\n", "x closed"], {}, { timeout: 50 }), "timeout");
});

Deno.test("writes that follow each other, and the bytes of a bytewise one, are segments of their own", async () => {
  const { callers } = await playScripted(["connect x", "x > one", "x > two", "x >> abc", "x > end"], {});
  assertEquals(callers[0]?.pieces, ["one", "two", "a", "b", "c", "end"]);
});

Deno.test("silence passes when nothing comes, and fails for what came before or comes during it", async () => {
  assertEquals(await verdict(["connect x", "x silent"], {}), "pass");
  assertEquals(await verdict(["connect x", "x > hi\\n", "x silent"], GREETER), "unexpected");
  assertEquals(await verdict(["connect x", "x silent"], { connected: (caller) => caller.link.end("done") }), "closed");
});

Deno.test("a fence on the connection itself proves silence, and what comes before its answer fails", async () => {
  const steps = ["connect x", "fence x:", "  x > ping\\n", "  x < pong\\n", "x silent", "x > hi\\n", "x < hello\\n"];
  assertEquals(await verdict(steps, answering({ "ping\n": "pong\n", "hi\n": "hello\n" })), "pass");
  const late = await playScripted(steps, answering({ "ping\n": "gossip\npong\n", "hi\n": "hello\n" }));
  assertEquals([late.verdict, late.failure?.place.line], ["mismatch", 7]);
  const hasty = await playScripted(steps, answering({ "ping\n": "pong\ngossip\n", "hi\n": "hello\n" }));
  assertEquals([hasty.verdict, hasty.failure?.place.line], ["unexpected", 8]);
});

Deno.test("all: takes what comes in any order, on one connection and on several", async () => {
  const steps = ["connect x", "connect y", "x > go\\n", "all:", "  x < one\\n", "  x < two\\n", "  y < three\\n"];
  for (const [x, y] of [["one\ntwo\n", "three\n"], ["two\none\n", "three\n"]]) {
    const script: Script = { heard: ({ index }) => index === 0 && said(), connected: (caller) => callers.push(caller) };
    const callers: { say(text: string): void }[] = [];
    const said = () => {
      callers[1]!.say(y!);
      callers[0]!.say(x!);
    };
    assertEquals(await verdict(steps, script), "pass");
  }
});

Deno.test("what follows a line of all: does not wait for the other lines", async () => {
  const callers: { say(text: string): void }[] = [];
  // Tells y only once x has acknowledged.
  const script: Script = {
    connected: (caller) => callers.push(caller),
    heard: (caller) => {
      if (caller.unanswered === "go\n") callers[0]!.say("news\n");
      if (caller.index === 0 && caller.unanswered.endsWith("ok\n")) callers[1]!.say("news\n");
    },
  };
  const steps = [
    "connect x",
    "connect y",
    "x > go\\n",
    "all:",
    "  y < news\\n",
    "    y > ok\\n",
    "  x < news\\n",
    "    x > ok\\n",
  ];
  assertEquals(await verdict(steps, script), "pass");
});

Deno.test("all: fails at once when nobody can take what came, although others may still match", async () => {
  const steps = ["connect x", "x > hi\\n", "all:", "  x < one\\n", "  x < two\\n"];
  assertEquals(await verdict(steps, answering({ "hi\n": "three\n" })), "mismatch");
  assertEquals(await verdict(steps, answering({ "hi\n": "one\nthree\n" })), "mismatch");
});

Deno.test("the first line that can take what arrives does, in whichever pieces it arrives", async () => {
  const steps = [
    "connect x",
    "x > hi\\n",
    "all:",
    "  x < {long=line}\\n\\n",
    "  x < {short=line}\\n",
    "x > {long}|{short}",
  ];
  for (
    const segment of [
      (bytes: Uint8Array) => [bytes],
      (bytes: Uint8Array) => Array.from(bytes, (one) => Uint8Array.of(one)),
    ]
  ) {
    const { verdict, callers } = await playScripted(
      steps.map((line) => line.replace("|", "\\|")),
      answering({ "hi\n": "a\n\nb\n" }),
      { segment },
    );
    assertEquals([verdict, callers[0]?.pieces.join("")], ["pass", "hi\na|b"]);
  }
});

Deno.test("a choice follows the branch that comes true, and is recorded", async () => {
  const steps = [
    ...["connect x", "x > hi\\n", "choice greeting:"],
    ...["  when long:", "    x < hello {who=word}\\n", "    x > thanks {who}"],
    ...["  when closed:", "    x closed"],
    ...["  when none:", "    x silent"],
  ];
  const value = async (script: Script) =>
    (await playScripted(steps, script)).chosen.map(({ choice, value }) => [choice, value]);
  const long = await playScripted(steps, answering({ "hi\n": "hello there\n" }));
  assertEquals([long.verdict, long.callers[0]?.pieces.at(-1)], ["pass", "thanks there"]);
  assertEquals(long.chosen.map(({ choice, value, place }) => [choice, value, place.line]), [["greeting", "long", 8]]);
  assertEquals(await value({ heard: (caller) => caller.link.end("done") }), [["greeting", "closed"]]);
  assertEquals(await value({}), [["greeting", "none"]]);
  const other = await playScripted(steps, answering({ "hi\n": "go away\n" }));
  assertEquals([other.verdict, other.failure?.step, other.chosen], ["mismatch", "choice greeting:", []]);
  assertEquals(other.failure?.attempts.map(({ wanted }) => wanted), [["hello {who=word}\\n"], "closed"]);
});

Deno.test("a choice leaves alone what its other branches would have taken", async () => {
  const steps = [
    ...["connect x", "connect y", "x > hi\\n", "x < one\\n"],
    ...["choice first:", "  when x:", "    x < two\\n", "  when y:", "    y < two\\n"],
    "y < two\\n",
  ];
  const callers: { say(text: string): void }[] = [];
  const script: Script = {
    connected: (caller) => callers.push(caller),
    heard: () => callers.forEach((caller, i) => caller.say(i === 0 ? "one\ntwo\n" : "two\n")),
  };
  const { verdict, chosen } = await playScripted(steps, script);
  assertEquals([verdict, chosen[0]?.value], ["pass", "x"]);
});

Deno.test("choices within patterns, and captures that are recorded, are kept with their values", async () => {
  const steps = ["connect x", "x > hi\\n", "x < (SENT|SEND)@word {code=digits}@code\\n"];
  const { chosen } = await playScripted(steps, answering({ "hi\n": "SEND 103\n" }));
  assertEquals(chosen.map(({ choice, value }) => [choice, value]), [["word", "SEND"], ["code", "103"]]);
});

Deno.test("soon: tries again until it works, and closes what it opened", async () => {
  const script: Script = { heard: (caller) => caller.say(caller.index < 3 ? "not yet\n" : "now\n") };
  const steps = ["soon:", "  connect x", "  x > hi\\n", "  x < now\\n", "x silent"];
  const { verdict, callers } = await playScripted(steps, script);
  assertEquals([verdict, callers.length], ["pass", 4]);
  assertEquals(callers.slice(0, 3).map(({ left }) => left), ["ended", "ended", "ended"]);
});

Deno.test("soon: tries to connect again, and fails in the end with its last failure", async () => {
  const steps = ["soon:", "  connect x", "  x < now\\n"];
  let tries = 0;
  const script: Script = { refuses: () => ++tries < 3, connected: (caller) => caller.say("now\n") };
  assertEquals(await verdict(steps, script), "pass");
  assertEquals(await verdict(steps, { connected: (caller) => caller.say("never\n") }, { timeout: 60 }), "mismatch");
  const mute = await playScripted(steps, {}, { timeout: 200 });
  assertEquals(mute.verdict, "timeout");
  assert(mute.callers.length > 1, "one that says nothing is asked again, too");
});

Deno.test("close, end, reset and forget leave as they say", async () => {
  const left = async (step: string) => (await playScripted(["connect x", step], {})).callers[0]?.left;
  assertEquals([await left("close x"), await left("end x")], ["ended", "ended"]);
  const summer: Script = { left: (caller) => caller.say(`heard ${caller.unanswered.length}\n`) };
  assertEquals(await verdict(["connect x", "x > abc", "end x", "x < heard 3\\n", "x closed"], summer), "pass");
  assertEquals(await verdict(["connect x", "reset x", "connect x", "x > hi\\n", "x < hello\\n"], GREETER), "pass");
});

Deno.test("nothing that happens on a forgotten connection counts, and it can still be used", async () => {
  const steps = [
    "connect x",
    "connect y",
    "forget x",
    "x > hi\\n",
    "y > hi\\n",
    "y < hello\\n",
    "x > bye\\n",
    "close x",
  ];
  assertEquals(await verdict(steps, GREETER), "pass");
  const leaver: Script = { ...GREETER, connected: (caller) => caller.index === 0 && caller.link.end("done") };
  assertEquals(await verdict(steps, leaver), "pass");
});

Deno.test("a step that cannot be played is an error of the fixture, not of the server", async () => {
  const twice = await playScripted(["connect x", "connect x"], {});
  assertEquals([twice.verdict, twice.message], ["error", "a.chat:5: x is connected already"]);
  const closed = await playScripted(["connect x", "close x", "x > hi\\n"], {});
  assertEquals([closed.verdict, closed.message], ["error", "a.chat:6: x was closed by a line above"]);
});

Deno.test("unsupported ends the fixture with what the server declines", async () => {
  const { verdict, message } = await playScripted(["connect x", "unsupported no empty bodies", "x < never\\n"], {});
  assertEquals([verdict, message], ["unsupported", "no empty bodies"]);
});

Deno.test("a server that sends without end fails, and is not listened to any longer", async () => {
  const chunk = "x".repeat(65536);
  const babbling: Script = {
    connected: (caller) => {
      const babble = (goesOn: boolean) => {
        if (!goesOn) return;
        caller.say(chunk);
        caller.link.flushed(babble);
      };
      babble(true);
    },
  };
  assertEquals(await verdict(["connect x", "connect y", "y < hello\\n"], babbling), "mismatch");
  assertEquals(await verdict(["connect x", "x < {_=text}hello"], babbling), "flood");
});

Deno.test("a server that does not read what it is sent fails when its time is up", async () => {
  const stalling: Script = { connected: (caller) => caller.link.pause() };
  const { failure } = await playScripted(["connect x", "x > {a * 600000}"], stalling, { timeout: 100 });
  assertEquals([failure?.kind, failure?.reason], ["timeout", "the server does not read what it is sent on x"]);
});

Deno.test("a target that takes no connections is unreachable", async () => {
  const { failure } = await playScripted(["connect x"], { refuses: () => true });
  assertEquals([failure?.kind, failure?.reason], ["unreachable", "cannot reach it"]);
});

Deno.test("while a step waits for the server to lose patience, others are given a turn", async () => {
  const steps = ["connect x", "x > hi\\n", "eventually x < hello\\n", "x > bye\\n", "x < goodbye\\n"];
  const { verdict, patience } = await playScripted(steps, GREETER);
  assertEquals([verdict, patience], ["pass", 1]);
});

Deno.test("phrases behind a prelude's caseless bytes match in any case, and nothing else does", async () => {
  const prelude = readPrelude("caseless: ERROR\\s\n", "prelude.chat");
  const steps = ["connect x", "x > hi\\n", "x < ERROR 102 Unable to send\\n"];
  assertEquals(await verdict(steps, answering({ "hi\n": "ERROR 102 UNABLE TO SEND\n" }), { prelude }), "pass");
  assertEquals(await verdict(steps, answering({ "hi\n": "error 102 Unable to send\n" }), { prelude }), "mismatch");
  assertEquals(await verdict(steps, answering({ "hi\n": "ERROR 102 UNABLE TO SEND\n" })), "mismatch");
});

Deno.test("a server that begins as only those of another dialect do is said to speak it", async () => {
  const hintOf = async (dialect: string, answers: readonly string[], steps: readonly string[]) => {
    const left = [...answers];
    const script: Script = { heard: (caller) => caller.say(left.shift() ?? "") };
    return (await playScripted(["connect x", "x > hello", ...steps], script, { dialect, timeout: 200 })).failure?.hint;
  };
  const other = (protocol: string, dialect: string) =>
    `the server speaks ${protocol}, and not ${dialect}: --dialect ${protocol}`;
  assertEquals(await hintOf("relay", ["7"], ["x < REGISTERED"]), other("frame", "relay"));
  assertEquals(await hintOf("frame", ["Greetings from the ChatRoom!"], ["x < {_=digits}"]), other("room", "frame"));
  assertEquals(await hintOf("slash", ["This port speaks room, not slash.\n"], ["x < *"]), other("room", "slash"));
  // What is its own, what is not the first that it says, and what a dialect of one's own says.
  assertEquals(await hintOf("frame", ["7"], ["x < hello"]), undefined);
  assertEquals(await hintOf("relay", ["SENT", "7"], ["x < SENT", "x > more", "x < SENT"]), undefined);
  assertEquals(await hintOf("demo", ["7"], ["x < hello"]), undefined);
});

Deno.test("who is told that somebody of the name that they gave is there is not told that it is an echo", async () => {
  for (const [answer, hint] of [["bob has joined", undefined], ["bob", "the server sends back what it is sent"]]) {
    const steps = ["connect x", "x > bob", "x < hello"];
    const { failure } = await playScripted(steps, answering({ bob: answer! }), { timeout: 50 });
    assertEquals(failure?.hint, hint, answer);
  }
});

Deno.test("what probably went wrong is told where the bytes leave little doubt", async () => {
  const cases: readonly [string, string, string | undefined][] = [
    ["hello\\n", "hi\n", "the server sends back what it is sent"],
    ["hello\\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "this is a web server: it answers in HTTP"],
    ["hello\\n", "\x15\x03\x01\x00\x02\x02\x16", "this port speaks TLS"],
    ["hello\\n", "SSH-2.0-OpenSSH_9.2\r\n", "this is an SSH server"],
    ["hello\\n", "hello\r\n", "lines end in \\r\\n instead of \\n"],
    ["hello\\n\\n", "hello\n \n", "there is a blank before the line end"],
    ["hello\\n\\n", "hello\n", "the message ends in one \\n: the empty line behind it is missing"],
    ["hello\\n\\n", "hello", "the message ends without \\n\\n"],
    ["hello\\n", "Hello\n", "the letters are right, but not their case"],
    ["hello\\n", "goodbye\n", undefined],
  ];
  for (const [expected, answer, hint] of cases) {
    const { failure } = await playScripted(
      ["connect x", "x > hi\\n", `x < ${expected}`],
      answering({ "hi\n": answer }),
      {
        timeout: 50,
      },
    );
    assertEquals(failure?.hint, hint, JSON.stringify(answer));
  }
});

Deno.test("what arrived on another connection is told", async () => {
  const script: Script = { connected: (caller) => caller.index === 1 && caller.say("hello\n") };
  const { failure } = await playScripted(["connect x", "connect y", "x < hello\\n"], script, { timeout: 50 });
  assertEquals(failure?.hint, "it arrived on y instead");
});

Deno.test("a server that dies closes all connections, which is told", async () => {
  const links: { abort(reason: "fault"): void }[] = [];
  const script: Script = {
    connected: (caller) => links.push(caller.link),
    heard: () => links.forEach((link) => link.abort("fault")),
  };
  const { failure } = await playScripted(["connect x", "connect y", "x > hi\\n", "x < hello\\n"], script);
  assertEquals(failure?.kind, "closed");
  assert(failure?.hint?.includes("the server has crashed"), failure?.hint);
});

Deno.test("a choice without a name is not recorded, and waits for what stands first in it", async () => {
  const steps = ["connect x", "x > hi\\n", "choice _:", "  when greeted:", "    x < {_=text}hello\\n"];
  const otherwise = ["  when otherwise:", "    x < {_=text}"];
  const runtime = new VirtualTime(1);
  const slow: Script = {
    heard: (caller) => {
      caller.say("so: ");
      runtime.after(20, () => caller.say("hello\n"));
    },
  };
  const { verdict, chosen } = await playScripted([...steps, ...otherwise, "x silent"], slow, { runtime });
  assertEquals([verdict, chosen], ["pass", []]);
  const short = await playScripted([...steps, ...otherwise, "x silent"], answering({ "hi\n": "so what\n" }));
  assertEquals([short.verdict, short.chosen], ["pass", []]);
});
