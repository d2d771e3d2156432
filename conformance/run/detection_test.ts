import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ChatError } from "../../lib/core/error.ts";
import { Deadlines } from "../../lib/core/deadlines.ts";
import type { Link, LinkHandler } from "../../lib/core/link.ts";
import type { ServerContext } from "../../lib/dialects/dialect.ts";
import { FrameServer } from "../../lib/dialects/frame/server.ts";
import { RelayServer } from "../../lib/dialects/relay/server.ts";
import { RoomServer } from "../../lib/dialects/room/server.ts";
import { SlashServer } from "../../lib/dialects/slash/server.ts";
import { Hub } from "../../lib/hub/hub.ts";
import { frameIds } from "../../lib/dialects/frame/ids.ts";
import { linkPair } from "../../lib/simulation/connection.ts";
import { VirtualTime } from "../../lib/simulation/virtual_time.ts";
import { detect, type Detected } from "./detection.ts";
import { readPrelude } from "../fixtures/fixture.ts";
import { type Candidate, candidatesOver } from "./candidates.ts";
import { USELESS } from "../mutants/useless.ts";

/** Finds out what a server speaks; gives all that was said to it, too. */
async function ask(
  accept: (link: Link) => LinkHandler,
  timeout = 5_000,
  among?: readonly Candidate[],
): Promise<{ readonly heard: string; readonly found: Promise<Detected> }> {
  let heard = "";
  const runtime = new VirtualTime(1);
  // Reading the preludes is no matter of that time.
  const candidates = among ?? await candidatesOver("tcp");
  const connect = () => {
    const [near, far] = linkPair({ runtime });
    const handler = accept(far);
    far.start({
      receive: (bytes) => {
        heard += new TextDecoder().decode(bytes);
        handler.receive(bytes);
      },
      ended: () => handler.ended(),
      closed: (reason) => handler.closed(reason),
    });
    return near;
  };
  const asked = { runtime, link: connect(), reconnect: () => Promise.resolve(connect()) };
  const found = runtime.run(() => detect(asked, timeout, candidates));
  await found.catch(() => {});
  return { heard, found };
}

/** Asks all at once, because most of it is waiting; gives the answers by their keys. */
function askAll<S, T>(servers: Readonly<Record<string, S>> | readonly S[], asking: (server: S) => Promise<T>) {
  const entries = Object.entries<S>(servers as Readonly<Record<string, S>>);
  return Promise.all(entries.map(async ([key, server]) => [key, await asking(server)] as const));
}

/** Says something at once, and to what it hears. */
function saying(greeting: string, ...answers: readonly string[]): (link: Link) => LinkHandler {
  return (link) => {
    const say = (text: string) => text !== "" && link.write(new TextEncoder().encode(text));
    say(greeting);
    const left = [...answers];
    return { receive: () => say(left.shift() ?? ""), ended: () => link.end("left"), closed: () => {} };
  };
}

function context(): ServerContext {
  const deadlines = new Deadlines(0);
  const hub = new Hub({ ackTimeout: 5_000, deadlines, wallClock: () => 0, ids: frameIds() });
  return { hub, deadlines, maxMessage: 65_536, log: () => {} };
}

Deno.test("a slash server that ends nothing in a line break is left without one", async () => {
  const { heard, found } = await ask(saying("alias? ", "hello", "bye"));
  assertEquals([(await found).dialect, /^prob\w{4}\/quit$/.test(heard)], ["slash", true], heard);
});

Deno.test("our own servers are told apart, in one connection, which leaves as a client of theirs does", async (t) => {
  const servers = {
    relay: new RelayServer(context(), { reply: "SENT" }),
    frame: new FrameServer(context()),
    slash: new SlashServer(context()),
    room: new RoomServer(context()),
  };
  const saidTo = {
    relay: /^REGISTER TOSEND prob\w{4}\n\n$/,
    frame: /^$/,
    slash: /^prob\w{4}\n\/quit\n$/,
    room: /^prob\w{4}#quit$/,
  };
  const asked = await askAll(servers, (server) => ask((link) => server.accept(link)));
  for (const [dialect, { heard, found }] of asked) {
    await t.step(dialect, async () => {
      assertEquals((await found).dialect, dialect);
      assertMatch(heard, saidTo[dialect as keyof typeof saidTo]);
    });
  }
});

Deno.test("what a server says says what it speaks", async (t) => {
  const cases: readonly [greeting: string, answer: string, detected: Detected][] = [
    ["17", "", { dialect: "frame", because: 'it speaks first, as frame does: "17"' }],
    ["21][2][2][hi", "", { dialect: "frame", because: 'it speaks first, as frame does: "21][2][2][hi"' }],
    [
      "Greetings from the Cave! Now type your name and press enter!",
      "",
      {
        dialect: "room",
        because: "it speaks first, as room does: " +
          '"Greetings from the Cave! Now type your name and press enter!"',
      },
    ],
    [
      "> \x1b[0m",
      "",
      { dialect: "slash", because: 'it speaks first, and not as frame or room does: "> \\x1b[0m"' },
    ],
    [
      "",
      "ERROR 100 Malformed username\n\n",
      {
        dialect: "relay",
        because: "it waits for its client to speak, and answers REGISTER TOSEND with " +
          '"ERROR 100 Malformed username\\n\\n"',
      },
    ],
    [
      "",
      "Unknown command, try /help\n",
      {
        dialect: "slash",
        because: 'it waits for its client to speak, and answers REGISTER TOSEND with "Unknown command, try /help\\n"',
      },
    ],
    ["", "42", { dialect: "frame", because: 'it speaks late, as frame does: "42"' }],
  ];
  const asked = await askAll(cases, ([greeting, answer]) => ask(saying(greeting, answer)));
  for (const [i, { found }] of asked) {
    const [greeting, answer, detected] = cases[Number(i)]!;
    await t.step(JSON.stringify(greeting || answer), async () => {
      assertEquals(await found, detected);
    });
  }
});

Deno.test("where nothing can be told, the error says what was seen, and what to do", async (t) => {
  const seen: Readonly<Record<string, RegExp>> = {
    "mute": /it waits for its client to speak, and does not answer REGISTER TOSEND within 0\.3 s;/,
    "echo": /it waits for its client to speak, and sends back what it is sent;/,
    "closing": /it closes the connection without a word;/,
    "closing-on-input": /closes the connection when that says REGISTER TOSEND;/,
    "babbling": /it sends without end: "\.{60}… \(\d+ more bytes\)";/,
    "dripping": /answers REGISTER TOSEND with "R";/,
    "web": /this is a web server: it answers in HTTP;/,
  };
  assertEquals(Object.keys(seen), Object.keys(USELESS));
  const known = ["relay", "frame", "slash", "room"];
  const among = (await candidatesOver("tcp")).filter(({ dialect }) => known.includes(dialect));
  const asked = await askAll(USELESS, (behaviour) => ask(behaviour, 300, among));
  for (const [name, { found }] of asked) {
    await t.step(name, async () => {
      const error = await assertRejects(() => found, ChatError, "cannot tell what the server speaks: ");
      assertEquals(error.code, name === "closing" ? "closed-at-once" : "undetected");
      assertMatch(error.message, seen[name]!);
      assertMatch(error.message, /; say which with --dialect$/);
    });
  }
});

/** Dialects as preludes describe them. */
function candidates(preludes: Readonly<Record<string, string>>): readonly Candidate[] {
  return Object.entries(preludes).map(([dialect, text]) => ({
    dialect,
    ...readPrelude(text, `fixtures/${dialect}/prelude.chat`).recognition,
  }));
}

/** Answers what one message, in a connection of its own, is answered with, and says nothing to others. */
function answering(message: string, answer: string): (link: Link) => LinkHandler {
  return (link) => ({
    receive: (bytes) => {
      if (new TextDecoder().decode(bytes) === message) link.write(new TextEncoder().encode(answer));
    },
    ended: () => link.end("left"),
    closed: () => {},
  });
}

Deno.test("where the clients of several dialects speak first, each is tried in a connection of its own", async () => {
  const among = candidates({
    first: "probe: HELLO\\n\nanswer: WELCOME\\n\n",
    second: "probe: GOOD DAY\\n\nanswer: come in{_=text}\nfarewell: GOOD BYE\\n\n",
    greeting: "greeting: OK{_=text}\nprobe: name\\n\n",
  });
  const { heard, found } = await ask(answering("GOOD DAY\n", "Come in!\n"), 300, among);
  const because = 'it waits for its client to speak, and answers GOOD DAY\\n with "Come in!\\n"';
  assertEquals(await found, { dialect: "second", because });
  assertEquals(heard, "HELLO\nGOOD DAY\nGOOD BYE\n");
  const nobody = await ask(answering("", ""), 100, among);
  await assertRejects(
    () => nobody.found,
    ChatError,
    "it waits for its client to speak, and does not answer HELLO\\n within 0.1 s, and does not answer GOOD DAY\\n within 0.1 s;",
  );
});

Deno.test("a server of ours that says what it speaks is believed, and not taken for what it says it in", async () => {
  const among = candidates({
    relay: "probe: REGISTER TOSEND {name}\\n\\n\nanswer: (REGISTERED|ERROR){_=text}\n",
    slash: "probe: HELLO\nanswer: WELCOME\n",
  });
  const { found } = await ask(saying("", "ERROR 101 This port speaks slash, not relay.\n\n"), 300, among);
  assertEquals((await found).dialect, "slash");
});

Deno.test("a server that two dialects fit is not taken for either", async () => {
  const among = candidates({
    first: "greeting: hello{_=text}\n",
    second: "greeting: (hello|hi)\\n\n",
    third: "probe: x\nanswer: y\n",
    any: "greeting: {_=text}\n",
  });
  const asked = await askAll(["Hello\n", "hi\n", "what"], (greeting) => ask(saying(greeting), 300, among));
  const [both, one, other] = asked.map(([, { found }]) => found);
  const error = await assertRejects(() => both!, ChatError);
  assertMatch(error.message, /it speaks first: "Hello\\n", as first and second do; say which with --dialect$/);
  assertEquals([(await one!).dialect, (await other!).dialect], ["second", "any"]);
});

Deno.test("where no dialect's client speaks first, a server that greets is known all the same, and a silent one is not", async () => {
  const among = candidates({ only: "greeting: hello{_=text}\n" });
  assertEquals((await (await ask(saying("hello"), 300, among)).found).dialect, "only");
  const silent = await ask(saying(""), 300, among);
  await assertRejects(() => silent.found, ChatError, "it waits for its client to speak, and says nothing;");
});
