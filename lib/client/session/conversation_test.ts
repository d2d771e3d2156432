import { assert, assertEquals } from "@std/assert";
import { ChatError } from "../../core/error.ts";
import { DELIVERED, GONE, refused } from "../../core/outcome.ts";
import type { ClientEvents } from "../../dialects/dialect.ts";
import { LinkRecorder } from "../../transport/testing/link_recorder.ts";
import { linkPair, type SimulatedLink } from "../../simulation/connection.ts";
import { LinkConnection, type ServerConnection } from "./connection.ts";
import { Conversation } from "./conversation.ts";
import { FakeDialect, FakeSession } from "../testing/fake_dialect.ts";
import { FakeFrontend } from "../testing/fake_frontend.ts";
import { FakeTimer } from "../testing/fake_timer.ts";
import { ClientState } from "./client_state.ts";
import { Linger } from "./linger.ts";
import { PLAIN } from "../output/formatter.ts";
import { Printer } from "../output/printer.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const times = (count: number, line: string) => Array.from({ length: count }, (_, i) => `${line} ${i + 1}`);

const flushed = (link: SimulatedLink) => new Promise((resolve) => link.flushed(resolve));

interface Scene {
  readonly frontend: FakeFrontend;
  readonly time: FakeTimer;
  readonly session: FakeSession;
  /** What the server says. */
  readonly server: ClientEvents;
  readonly near: SimulatedLink;
  readonly far: SimulatedLink;
  readonly status: Promise<number>;
}

/** What a test wants to be different. */
interface Choices {
  readonly interactive?: boolean;
  readonly capacity?: number;
  /** Changes the connection. */
  readonly over?: (connection: ServerConnection) => ServerConnection;
}

/** A conversation whose server has been asked for the name `alice` and has not answered. */
function begin({ interactive = false, capacity = 65536, over = (connection) => connection }: Choices = {}): Scene {
  const frontend = new FakeFrontend(interactive);
  const time = new FakeTimer();
  const dialect = new FakeDialect();
  const conversation = new Conversation({
    desk: new ClientState({ dialect, frontend, view: new Printer(frontend, PLAIN) }),
    name: "alice",
    server: "there:4321",
    overtime: new Linger(time.timer, 0),
    timer: time.timer,
    transcripts: {
      append: (file, line) => {
        if (file === "broken") throw new ChatError("no-transcript", "broken: no space");
        frontend.print(`${file} | ${line}`);
      },
    },
    patience: 100,
  });
  const [near, far] = linkPair({ capacity });
  far.start(new LinkRecorder(far));
  const session = new FakeSession("alice", conversation);
  session.onCall = () => frontend.recheck();
  const connection = new LinkConnection([near], session, (bytes) => conversation.overhears(bytes));
  const status = conversation.hold(session, over(connection)).then(({ status }) => status);
  return { frontend, time, session, server: session.events, near, far, status };
}

/** The same, when the name is accepted and something can be entered. */
async function beginReady(options: Choices = {}): Promise<Scene> {
  const scene = begin(options);
  scene.server.ready("alice");
  await scene.frontend.until(() => scene.frontend.prompts.length > 0);
  scene.frontend.printed.length = 0;
  return scene;
}

/** Waits until the session has taken so many lines and the next one is asked for, or would be. */
async function taken({ frontend, session }: Scene, count: number): Promise<void> {
  await frontend.until(() => session.entered.length >= count && frontend.prompts.length > count);
}

Deno.test("a script's lines are sent in order, and it succeeds when all of them were delivered", async () => {
  const scene = await beginReady();
  scene.frontend.enter("one", "two");
  scene.frontend.end();
  await taken(scene, 2);
  scene.server.settled(1, DELIVERED);
  scene.server.settled(2, DELIVERED);
  assertEquals(await scene.status, 0);
  assertEquals(scene.session.entered, ["one", "two"]);
  assertEquals(scene.frontend.printed, ["-- delivered: one", "-- delivered: two"]);
  assert(scene.session.hasLeft);
  assertEquals(scene.time.pending, 0);
});

Deno.test("a script fails when one line was not delivered, which is told with the server's words", async () => {
  const scene = await beginReady();
  scene.frontend.enter("one", "two", "three");
  scene.frontend.end();
  await taken(scene, 3);
  scene.server.settled(1, refused("undeliverable"), "ERROR 102 Unable to send");
  scene.server.settled(2, GONE);
  scene.server.settled(3, DELIVERED);
  assertEquals(await scene.status, 1);
  assertEquals(scene.frontend.printed, [
    "-- not delivered (the server could not deliver it: ERROR 102 Unable to send): one",
    "-- not delivered (the recipient left): two",
    "-- delivered: three",
  ]);
});

Deno.test("a script fails when a line is rejected, and its other lines are sent all the same", async () => {
  const scene = await beginReady();
  scene.frontend.enter("?", "two");
  scene.frontend.end();
  await scene.frontend.until(() => scene.session.entered.length === 1);
  scene.server.settled(1, DELIVERED);
  assertEquals(await scene.status, 1);
  assertEquals(scene.frontend.printed, ["! not sent: ? (write anything else)", "-- delivered: two"]);
});

Deno.test("a script fails when a line of its input cannot be read", async () => {
  const scene = await beginReady();
  scene.frontend.give({ kind: "unreadable", why: "line 1 of the input is not UTF-8: not sent" });
  scene.frontend.end();
  assertEquals(await scene.status, 1);
  assertEquals(scene.frontend.printed, ["! line 1 of the input is not UTF-8: not sent"]);
});

Deno.test("empty lines are no messages", async () => {
  const scene = await beginReady();
  scene.frontend.enter("", "  ");
  scene.frontend.end();
  assertEquals(await scene.status, 0);
  assertEquals(scene.session.entered, []);
});

Deno.test("while outcomes are waited for, what arrives is printed", async () => {
  const scene = await beginReady();
  scene.frontend.enter("one");
  scene.frontend.end();
  await taken(scene, 1);
  scene.far.write(encode("hello"));
  await scene.frontend.prints("bob to you: hello");
  scene.server.notice("the weather is fine");
  scene.server.settled(1, DELIVERED);
  assertEquals(await scene.status, 0);
  assertEquals(scene.frontend.printed, ["bob to you: hello", "-- the weather is fine", "-- delivered: one"]);
});

Deno.test("a server that answers nothing any more ends the waiting, and what it has not confirmed is told", async () => {
  const scene = await beginReady();
  scene.frontend.enter("one", "two");
  scene.frontend.end();
  await taken(scene, 2);
  await scene.time.armed();
  scene.time.advance(99);
  scene.server.settled(1, DELIVERED);
  scene.time.advance(99);
  // Others may talk as much as they like: that is no answer.
  scene.server.message("bob", "direct", encode("hi"));
  assertEquals(scene.session.hasLeft, false);
  scene.time.advance(1);
  assertEquals(await scene.status, 1);
  assertEquals(scene.frontend.printed.slice(2), [
    "! there:4321 does not answer any more",
    "-- not confirmed (no answer): two",
  ]);
});

Deno.test("input is not read on while 64 messages are without an answer", async () => {
  const scene = await beginReady();
  scene.frontend.enter(...times(70, "line"));
  await scene.frontend.until(() => scene.session.entered.length === 64);
  // A line takes a few turns of the event loop at most.
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve));
  assertEquals(scene.frontend.unread, 6);
  scene.server.settled(1, DELIVERED);
  await scene.frontend.until(() => scene.session.entered.length === 65 && scene.frontend.unread === 5);
  scene.frontend.interrupt();
  assertEquals(await scene.status, 1);
});

Deno.test("input is not read on while a request is not handed over", async () => {
  const scene = await beginReady({ capacity: 8 });
  scene.far.stall();
  scene.frontend.enter("/a long request", "/another one");
  scene.frontend.end();
  await scene.time.armed();
  scene.time.advance(99);
  assertEquals(scene.frontend.unread, 1);
  scene.far.release();
  assertEquals(await scene.status, 0);
  assertEquals(scene.session.entered, ["/a long request", "/another one"]);
});

Deno.test("a request that is handed over is so, also where something else is in the way a moment later", async () => {
  let [changed, isOut] = [() => {}, false];
  const over = (connection: ServerConnection): ServerConnection => ({
    get isOpen() {
      return connection.isOpen;
    },
    start: (tell) => connection.start(changed = tell),
    pause: (pause) => connection.pause(pause),
    flush: () => () => isOut,
    abort: () => connection.abort(),
  });
  const scene = await beginReady({ over });
  scene.frontend.enter("one", "two");
  await scene.frontend.until(() => scene.session.entered.length === 1);
  await scene.time.armed();
  isOut = true;
  changed();
  isOut = false;
  await scene.frontend.until(() => scene.session.entered.length === 2);
  scene.frontend.interrupt();
  assertEquals(await scene.status, 1);
});

Deno.test("a server that does not take a request is given up", async () => {
  const scene = await beginReady({ capacity: 8 });
  scene.far.stall();
  scene.frontend.enter("/a long request");
  await scene.frontend.until(() => scene.session.entered.length === 1);
  await scene.time.armed();
  scene.time.advance(100);
  await scene.time.armed();
  scene.time.advance(1000);
  assertEquals(await scene.status, 1);
});

Deno.test("a server that does not answer the registration is unreachable", async () => {
  const scene = begin();
  scene.time.advance(100);
  assertEquals(await scene.status, 3);
  assertEquals(scene.frontend.printed, ["! there:4321 does not answer: is it a fake server?"]);
});

Deno.test("a server that closes before it accepts us is unreachable", async () => {
  const scene = begin();
  scene.far.end("done");
  assertEquals(await scene.status, 3);
  assertEquals(scene.frontend.printed, ["! there:4321: the server closed the connection"]);
});

Deno.test("a server that speaks something else is unreachable, and what it said is told", async () => {
  const scene = begin();
  scene.server.closed("the answer to HELLO was HTTP/1.1 400\x1b[2J", "protocol");
  assertEquals(await scene.status, 3);
  assertEquals(scene.frontend.printed.length, 1);
  assert(
    scene.frontend.printed[0]!.startsWith("! there:4321 does not keep to fake: the answer to HELLO was HTTP/1.1 400"),
  );
  assert(!scene.frontend.printed[0]!.includes("\x1b"));
});

Deno.test("a name that the dialect does not have is not said to be refused by the server", async () => {
  const scene = begin();
  scene.server.refused("a name is letters and digits", "client");
  assertEquals(await scene.status, 1);
  assertEquals(scene.frontend.printed, ["! alice is no name here: a name is letters and digits"]);
});

Deno.test("where messages go out one at a time, those that wait behind one without an answer are told", async () => {
  const scene = await beginReady({ interactive: true });
  scene.session.isOneByOne = true;
  scene.frontend.enter("one", "two");
  await taken(scene, 2);
  scene.time.advance(1_000);
  assertEquals(scene.frontend.printed, ["-- waiting behind one: two"]);
  scene.server.settled(1, DELIVERED);
  scene.server.settled(2, DELIVERED);
  scene.frontend.end();
  assertEquals([await scene.status, scene.time.pending], [0, 0]);
});

Deno.test("a refused name fails a script", async () => {
  const scene = begin();
  scene.server.refused("ERROR 100 taken");
  assertEquals(await scene.status, 1);
  assertEquals(scene.frontend.printed, ["! the server refuses the name alice: ERROR 100 taken"]);
});

Deno.test("a person whose name is refused is asked for another, until one is accepted", async () => {
  const scene = begin({ interactive: true });
  scene.server.refused("taken");
  scene.frontend.enter("", "bo b");
  await scene.frontend.until(() => scene.session.names.length === 2);
  scene.server.refused("malformed");
  scene.frontend.enter("bob");
  await scene.frontend.until(() => scene.session.names.length === 3);
  scene.server.ready("bob");
  await scene.frontend.until(() => scene.frontend.prompts.includes("bob> "));
  scene.frontend.end();
  assertEquals(await scene.status, 0);
  assertEquals(scene.session.names, ["alice", "bo b", "bob"]);
  assertEquals(scene.frontend.printed, [
    "! the server refuses the name alice: taken",
    "! a name cannot be empty",
    '! the server refuses the name "bo b": malformed',
    "-- connected to there:4321 as bob",
    "-- write anything; /help tells more, Ctrl-D leaves",
  ]);
});

Deno.test("a person who has no other name has left", async () => {
  const scene = begin({ interactive: true });
  scene.server.refused("taken");
  scene.frontend.end();
  assertEquals(await scene.status, 0);
});

Deno.test("a server that refuses the name and closes has failed a person, who is not asked in vain", async () => {
  for (const when of ["before", "while"]) {
    const scene = begin({ interactive: true });
    scene.server.refused("taken");
    if (when === "while") await scene.frontend.until(() => scene.frontend.prompts.includes("Name: "));
    scene.server.closed("the server closed the connection", "connection");
    assertEquals(await scene.status, 1, when);
  }
});

Deno.test("a server that leaves us ends the conversation, and what is open is told", async () => {
  for (const interactive of [true, false]) {
    const scene = await beginReady({ interactive });
    scene.frontend.enter("one");
    await taken(scene, 1);
    scene.far.end("done");
    assertEquals(await scene.status, 1);
    assertEquals(scene.frontend.printed, [
      "! there:4321: the server closed the connection",
      "-- not confirmed (the connection is gone): one",
    ]);
  }
});

Deno.test("a server that leaves us with nothing open has cut a script short all the same", async () => {
  const scene = await beginReady();
  scene.far.end("done");
  assertEquals(await scene.status, 1);
});

Deno.test("Ctrl-D waits for what is open, and then a person has left", async () => {
  const scene = await beginReady({ interactive: true });
  scene.frontend.enter("one", "?");
  await scene.frontend.until(() => scene.frontend.prompts.length === 3);
  scene.frontend.end();
  await scene.frontend.prints("-- waiting for 1 answers; Ctrl-C leaves at once");
  assertEquals(scene.session.hasLeft, false);
  scene.server.settled(1, GONE);
  assertEquals(await scene.status, 0);
});

Deno.test("Ctrl-C does not wait: a person has left, a script has failed", async () => {
  for (const interactive of [true, false]) {
    const scene = await beginReady({ interactive });
    scene.frontend.enter("one");
    await taken(scene, 1);
    scene.frontend.interrupt();
    assertEquals(await scene.status, interactive ? 0 : 1);
    assertEquals(scene.frontend.printed, ["-- not confirmed (we left): one"]);
    assert(scene.session.hasLeft);
  }
});

Deno.test("Ctrl-C during the registration leaves", async () => {
  const scene = begin({ interactive: true });
  scene.frontend.interrupt();
  assertEquals(await scene.status, 0);
  assertEquals(scene.frontend.printed, []);
});

Deno.test("nothing more is read from the server while what is printed piles up", async () => {
  const scene = await beginReady();
  scene.frontend.press(true);
  // What was being read when it was stopped may still arrive.
  for (const text of ["a", "b", "c"]) {
    scene.far.write(encode(text));
    await flushed(scene.far);
  }
  const seen = scene.frontend.printed.length;
  assert(seen <= 1, `${seen} messages were printed`);
  scene.frontend.press(false);
  await scene.frontend.until(() => scene.frontend.printed.join("").replaceAll("bob to you: ", "").endsWith("c"));
  scene.frontend.end();
  assertEquals(await scene.status, 0);
});

Deno.test("a message of which nobody will ever know more than that it was sent is no failure", async () => {
  const scene = await beginReady();
  scene.frontend.enter("one");
  scene.frontend.end();
  await taken(scene, 1);
  scene.server.settled(1, { kind: "handed-over" });
  assertEquals(await scene.status, 0);
  assertEquals(scene.frontend.printed, ["-- sent: one"]);
});

Deno.test("a session that asks for something else than a line has its own prompt, and can show the message whole", async () => {
  const scene = begin({ interactive: true });
  scene.session.prompt = "Option> ";
  scene.server.ready("alice");
  await scene.frontend.until(() => scene.frontend.prompts.length > 0);
  scene.session.whole = "bob one";
  scene.frontend.enter("one");
  await taken(scene, 1);
  scene.server.settled(1, { kind: "handed-over" });
  scene.frontend.end();
  assertEquals(await scene.status, 0);
  assertEquals(scene.frontend.prompts, ["Option> ", "Option> "]);
  assertEquals(scene.frontend.printed, ["-- connected to there:4321 as alice", "-- sent: bob one"]);
});

Deno.test("who enters that they want to leave, leaves when everything sent has an outcome", async () => {
  const scene = await beginReady();
  scene.frontend.enter("one", "/leave", "never sent");
  await scene.frontend.until(() => scene.session.entered.length === 2);
  scene.server.settled(1, DELIVERED);
  assertEquals(await scene.status, 0);
  assertEquals([scene.session.entered, scene.session.hasLeft], [["one", "/leave"], true]);
});

Deno.test("what is to be kept is kept, and a script fails when that cannot be done", async () => {
  const scene = await beginReady();
  scene.server.keep!("node2_output.txt", "3: hi");
  scene.server.keep!("broken", "3: ho");
  assertEquals(scene.frontend.printed, ["node2_output.txt | 3: hi", "! broken: no space"]);
  scene.frontend.end();
  assertEquals(await scene.status, 1);
});

Deno.test("a server that does not close its side when we leave is not waited for", async () => {
  const frontend = new FakeFrontend(false);
  const time = new FakeTimer();
  const dialect = new FakeDialect();
  const conversation = new Conversation({
    desk: new ClientState({ dialect, frontend, view: new Printer(frontend, PLAIN) }),
    name: "alice",
    server: "there",
    overtime: new Linger(time.timer, 0),
    timer: time.timer,
    transcripts: { append: () => {} },
  });
  const [near, far] = linkPair();
  const recorder = new LinkRecorder(far, { ended: () => {} });
  far.start(recorder);
  const session = new FakeSession("alice", conversation);
  const status = conversation.hold(
    session,
    new LinkConnection([near], session, (bytes) => conversation.overhears(bytes)),
  ).then(({ status }) => status);
  session.events.ready("alice");
  frontend.end();
  await recorder.until(() => recorder.calls.includes("ended"), "the end");
  await time.armed();
  time.advance(1000);
  assertEquals(await status, 0);
  far.abort("done");
  await recorder.until(() => recorder.reason !== undefined, "the close");
});

Deno.test("a server that shows itself to speak another dialect is left at once, and its session hears nothing of it", async () => {
  for (const interactive of [true, false]) {
    const { frontend, far, status } = begin({ interactive });
    far.write(encode("Greetings from the ChatRoom! Now type your name and press enter!"));
    assertEquals(await status, 3);
    assertEquals(frontend.printed, ["! there:4321 speaks room, not fake: connect with --dialect room"]);
  }
});

Deno.test("a server that is silent for three seconds is doubted, and waited for", async () => {
  const { frontend, time, server, status, session } = begin({ interactive: true });
  time.advance(3_000);
  assertEquals(frontend.printed.filter((line) => line.startsWith("! there:4321 has said nothing for 3 s: ")).length, 1);
  server.ready("alice");
  frontend.end();
  session.events.closed("the server closed the connection");
  await status;
});
