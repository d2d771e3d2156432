import { assert, assertEquals } from "@std/assert";
import { ChatError } from "../../core/error.ts";
import { DELIVERED, GONE } from "../../core/outcome.ts";
import { LinkRecorder } from "../../transport/testing/link_recorder.ts";
import { linkPair } from "../../simulation/connection.ts";
import { LinkConnection } from "./connection.ts";
import type { Conversation } from "./conversation.ts";
import { ClientState } from "./client_state.ts";
import { FakeDialect, FakeSession } from "../testing/fake_dialect.ts";
import { FakeFrontend } from "../testing/fake_frontend.ts";
import { FakeTimer, STILL } from "../testing/fake_timer.ts";
import { PLAIN } from "../output/formatter.ts";
import { Linger } from "./linger.ts";
import { Reconnect } from "./reconnect.ts";
import { Printer } from "../output/printer.ts";

/** What the server does with an attempt. */
type Attempt = "accepts" | "is not there" | "refuses" | "closes";

interface Scene {
  readonly frontend: FakeFrontend;
  readonly time: FakeTimer;
  /** The sessions of the attempts that found a server. */
  readonly sessions: FakeSession[];
  /** Has the last connection lost. */
  lose(): void;
  readonly status: Promise<number>;
}

/** Holds conversations with a server that treats the first attempts like this, and accepts all others. */
function begin(attempts: readonly Attempt[], { interactive = true, wait = 0, reconnects = true } = {}): Scene {
  const frontend = new FakeFrontend(interactive);
  const time = new FakeTimer();
  const dialect = new FakeDialect();
  const sessions: FakeSession[] = [];
  const next = [...attempts];
  const overtime = new Linger(time.timer, wait);
  const attempt = async (conversation: Conversation) => {
    const how = next.shift() ?? "accepts";
    if (how === "is not there") throw new ChatError("unreachable", "cannot reach there");
    const session = new FakeSession(conversation.name, conversation);
    session.onCall = () => frontend.recheck();
    sessions.push(session);
    const [near, far] = linkPair();
    far.start(new LinkRecorder(far));
    const held = conversation.hold(session, new LinkConnection([near], session, () => true));
    if (how === "accepts") session.events.ready(conversation.name);
    else if (how === "refuses") session.events.refused("taken");
    else session.events.closed("the server closed the connection", "connection");
    frontend.recheck();
    return await held;
  };
  const persistence = new Reconnect({
    desk: new ClientState({ dialect, frontend, view: new Printer(frontend, PLAIN) }),
    ...{ name: "alice", server: "there", transcripts: { append: () => {} }, overtime, timer: time.timer },
    ...{ surroundings: { ...STILL, timer: time.timer }, reconnects, attempt },
  });
  const status = persistence.run().finally(() => overtime[Symbol.dispose]());
  const lose = () => sessions.at(-1)!.events.closed("the connection was lost", "connection");
  return { frontend, time, sessions, lose, status };
}

const connections = ({ frontend }: Scene) => frontend.printed.filter((line) => line.startsWith("-- connected ")).length;

/** Lets time pass until so many connections were made. */
async function connected(scene: Scene, count: number, waits: readonly number[] = []): Promise<void> {
  for (const wait of waits) {
    await scene.frontend.until(() => scene.frontend.printed.at(-1)!.startsWith("-- connecting again"));
    scene.frontend.printed.push("(time passes)");
    scene.time.advance(wait);
  }
  await scene.frontend.until(() => connections(scene) === count);
}

Deno.test("a lost connection is made again at once, under the same name, and what was not confirmed is told", async () => {
  const scene = begin([]);
  await connected(scene, 1);
  scene.frontend.enter("one", "two");
  await scene.frontend.until(() => scene.sessions[0]!.entered.length === 2);
  scene.sessions[0]!.events.settled(1, DELIVERED);
  scene.lose();
  await connected(scene, 2, [0]);
  scene.frontend.enter("three");
  await scene.frontend.until(() => scene.sessions[1]!.entered.length === 1);
  scene.sessions[1]!.events.settled(1, DELIVERED);
  scene.frontend.end();
  assertEquals(await scene.status, 0);
  assertEquals(scene.sessions.map(({ names }) => names), [["alice"], ["alice"]]);
  assertEquals(scene.frontend.printed, [
    "-- connected to there as alice",
    "-- write anything; /help tells more, Ctrl-D leaves",
    "-- delivered: one",
    "! there: the connection was lost",
    "-- not confirmed (the connection is gone): two",
    "-- connecting again",
    "(time passes)",
    "-- connected to there as alice",
    "-- delivered: three",
  ]);
});

Deno.test("a server that stays away is tried less and less often", async () => {
  const scene = begin(["accepts", "is not there", "is not there", "closes"]);
  await connected(scene, 1);
  scene.lose();
  await connected(scene, 2, [0, 1000, 2000, 4000]);
  scene.frontend.interrupt();
  assertEquals(await scene.status, 0);
  assertEquals(scene.frontend.printed.slice(2), [
    "! there: the connection was lost",
    "-- connecting again",
    "(time passes)",
    "! cannot reach there",
    "-- connecting again in 1.0 s",
    "(time passes)",
    "! cannot reach there",
    "-- connecting again in 2.0 s",
    "(time passes)",
    "! there: the server closed the connection",
    "-- connecting again in 4.0 s",
    "(time passes)",
    "-- connected to there as alice",
  ]);
});

Deno.test("a name that the server still holds is tried again; after five times a person is asked, a script fails", async () => {
  for (const interactive of [true, false]) {
    const scene = begin(["accepts", ...Array(6).fill("refuses")], { interactive });
    await connected(scene, 1);
    scene.lose();
    const waits = [0, 1000, 2000, 4000, 8000, 16000];
    await connected(scene, 1, waits);
    if (!interactive) {
      assertEquals(await scene.status, 1);
      continue;
    }
    await scene.frontend.until(() => scene.frontend.prompts.at(-1) === "Name: ");
    // What was asked for before is still being asked for.
    scene.frontend.interrupt();
    assertEquals(await scene.status, 0);
  }
});

Deno.test("what is entered while there is no connection is not sent; /help and /quit work all the same", async () => {
  const scene = begin(["accepts", "is not there"]);
  await connected(scene, 1);
  scene.lose();
  await connected(scene, 1, [0]);
  scene.frontend.enter("hello?", "/names", "/quit");
  assertEquals(await scene.status, 0);
  assertEquals(scene.frontend.printed.slice(-2), [
    "! not sent: hello? (write it again when there is a connection; Up brings it back)",
    "-- fake does not tell who is there; met so far: nobody",
  ]);
  assertEquals(scene.sessions.length, 1);
  assertEquals(scene.time.pending, 0);
});

Deno.test("whoever was only spoken to in vain was not met", async () => {
  const scene = begin([]);
  await connected(scene, 1);
  for (const outcome of [GONE, DELIVERED]) {
    const count = scene.sessions[0]!.entered.length + 1;
    scene.frontend.enter("hi");
    await scene.frontend.until(() => scene.sessions[0]!.entered.length === count);
    scene.sessions[0]!.events.settled(count, outcome);
    scene.frontend.enter("/names");
    await scene.frontend.until(() => scene.frontend.printed.at(-1)!.includes("met so far"));
    const last = scene.frontend.printed.at(-1)!;
    assertEquals(last.slice(last.lastIndexOf(" ") + 1), outcome === GONE ? "nobody" : "bob");
  }
  scene.frontend.end();
  assertEquals(await scene.status, 0);
});

Deno.test("a script's lines wait for the next connection", async () => {
  const scene = begin(["accepts", "is not there"], { interactive: false });
  await connected(scene, 1);
  scene.lose();
  scene.frontend.enter("one");
  await connected(scene, 2, [0, 1000]);
  await scene.frontend.until(() => scene.sessions[1]!.entered.length === 1);
  scene.sessions[1]!.events.settled(1, DELIVERED);
  scene.frontend.end();
  assertEquals(await scene.status, 0);
});

Deno.test("a script whose input has ended does not come back for nothing", async () => {
  const scene = begin([], { interactive: false });
  await connected(scene, 1);
  scene.frontend.enter("one");
  await scene.frontend.until(() => scene.sessions[0]!.entered.length === 1);
  scene.frontend.end();
  scene.lose();
  assertEquals(await scene.status, 1);
  assert(scene.frontend.printed.includes("-- not confirmed (the connection is gone): one"));
});

Deno.test("a script goes on listening for as long as it was told, over another connection too", async () => {
  const scene = begin([], { interactive: false, wait: 5_000 });
  await connected(scene, 1);
  scene.frontend.end();
  await scene.time.armed();
  scene.time.advance(3_000);
  scene.lose();
  await connected(scene, 2, [0]);
  scene.sessions[1]!.events.message("bob", "direct", new TextEncoder().encode("hi"));
  scene.time.advance(1_999);
  assertEquals(scene.sessions[1]!.hasLeft, false);
  scene.time.advance(1);
  assertEquals(await scene.status, 0);
  assertEquals(scene.frontend.printed.at(-1), "bob to you: hi");
});

Deno.test("without reconnecting, a lost connection is the end", async () => {
  const scene = begin([], { reconnects: false });
  await connected(scene, 1);
  scene.lose();
  assertEquals(await scene.status, 1);
  assertEquals(scene.sessions.length, 1);
});

Deno.test("a server that speaks something else is not tried again, nor one that was never there", async () => {
  const scene = begin([]);
  await connected(scene, 1);
  scene.sessions[0]!.events.closed("it says BLAH", "protocol");
  assertEquals(await scene.status, 1);
  const closing = begin(["closes"]);
  assertEquals(await closing.status, 3);
  const absent = begin(["is not there"]);
  assertEquals((await absent.status.catch((error) => error)).code, "unreachable");
});
