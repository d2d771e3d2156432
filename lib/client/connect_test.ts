import { assert, assertEquals } from "@std/assert";
import { ChatError } from "../core/error.ts";
import type { Endpoint, HalfClosingLink } from "../core/link.ts";
import { LinkRecorder } from "../transport/testing/link_recorder.ts";
import { linkPair } from "../simulation/connection.ts";
import { connect, type ConnectOptions } from "./connect.ts";
import { FakeFrontend } from "./testing/fake_frontend.ts";
import { FakeTimer, STILL } from "./testing/fake_timer.ts";
import type { Environment } from "./environment.ts";

type Dial = Environment["dial"];

/** None of these dialects speaks datagrams. */
const openPort: Environment["openPort"] = () => Promise.reject(new Error("nobody asked for a port"));

/** Opens links to a relay server that takes any name but `taken`, and delivers everything. */
function relay(dialled: Endpoint[] = []): Dial {
  return (server) => {
    dialled.push(server);
    const [near, far] = linkPair();
    far.start(
      new LinkRecorder(far, {
        receive: (bytes) => {
          const [, verb, rest] = /^(REGISTER|SEND) ([^\n]*)/.exec(new TextDecoder().decode(bytes)) ?? [];
          const answer = verb === "SEND"
            ? `SENT ${rest}`
            : rest!.endsWith(" taken")
            ? "ERROR 100 Taken"
            : `REGISTERED ${rest}`;
          far.write(new TextEncoder().encode(`${answer}\n\n`));
        },
      }),
    );
    return Promise.resolve(near);
  };
}

/** Connects with a front end that enters these lines and then ends. */
async function run(
  options: Partial<ConnectOptions>,
  { interactive = false, lines = [] as string[], dial = relay() }: {
    interactive?: boolean;
    lines?: string[];
    dial?: Dial;
  },
) {
  const frontend = new FakeFrontend(interactive);
  frontend.enter(...lines);
  frontend.end();
  const status = await connect({ dialect: "relay", look: { time: "off" }, ...options }, {
    frontend,
    ...STILL,
    timer: new FakeTimer().timer,
    dial,
    openPort,
  });
  assert(frontend.isClosed);
  return { status, printed: frontend.printed, prompts: frontend.prompts };
}

const OPTIONS = { name: "alice", server: { hostname: "there", port: 1234 } };

Deno.test("a script's lines are sent to the server that it names, over the links that the dialect takes", async () => {
  const dialled: Endpoint[] = [];
  const { status, printed } = await run(OPTIONS, { lines: ["@bob hi"], dial: relay(dialled) });
  assertEquals(status, 0);
  assertEquals(printed, ["-- connected to there:1234 as alice", "-- delivered: @bob hi"]);
  assertEquals(dialled, [OPTIONS.server, OPTIONS.server]);
});

Deno.test("without a port, or a server, it is the dialect's port on this machine", async () => {
  for (const server of [undefined, { hostname: "127.0.0.1", port: undefined }]) {
    const { status, printed } = await run({ name: "alice", server }, {});
    assertEquals(status, 0);
    assertEquals(printed, ["-- connected to 127.0.0.1:4000 as alice"]);
  }
});

Deno.test("a person is asked for the server and the name, until there is an answer that can be used", async () => {
  const { status, printed, prompts } = await run({}, {
    interactive: true,
    lines: ["a b", "[::1]:5", "", "a\tb", "alice"],
  });
  assertEquals(status, 0);
  assertEquals(prompts, [
    "Server [127.0.0.1:4000]: ",
    "Server [127.0.0.1:4000]: ",
    "Name: ",
    "Name: ",
    "Name: ",
    "alice> ",
  ]);
  assertEquals(printed.slice(0, 4), [
    '-- "a b" is no address: write HOST, HOST:PORT or [IPv6]:PORT',
    "-- a name cannot be empty",
    "-- a name cannot contain control characters",
    "-- connected to [::1]:5 as alice",
  ]);
});

Deno.test("Enter takes the server that is offered", async () => {
  const { status, printed } = await run({ name: "alice" }, { interactive: true, lines: [""] });
  assertEquals(status, 0);
  assertEquals(printed[0], "-- connected to 127.0.0.1:4000 as alice");
});

Deno.test("whoever does not answer a question has left", async () => {
  const neverDialled: Dial = () => Promise.reject(new Error("nobody asked for this"));
  assertEquals((await run({}, { interactive: true, dial: neverDialled })).status, 0);
  assertEquals((await run({ server: OPTIONS.server }, { interactive: true, dial: neverDialled })).status, 0);
});

Deno.test("what is missing or cannot be used is exit status 2 for a script", async () => {
  const cases: readonly [Partial<ConnectOptions>, string][] = [
    [{ server: OPTIONS.server }, "! a name is needed: chat connect NAME"],
    [{ ...OPTIONS, name: "" }, "! a name cannot be empty"],
    [{ ...OPTIONS, name: "a\n\nSEND b" }, "! a name cannot contain control characters"],
    [{ ...OPTIONS, look: { time: "%Q" } }, '! "%Q" is no format, without %Q: write one like %H:%M, or off'],
    [{ ...OPTIONS, dialect: "klingon" }, '! there is no dialect "klingon": --dialect takes '],
  ];
  for (const [options, complaint] of cases) {
    const { status, printed } = await run(options, {});
    assertEquals(status, 2);
    assertEquals(printed.length, 1);
    assert(printed[0]!.startsWith(complaint), printed[0]);
  }
});

Deno.test("a server that cannot be reached is exit status 3, and links that are open already are closed", async () => {
  const [near, far] = linkPair();
  const recorder = new LinkRecorder(far);
  far.start(recorder);
  const links: HalfClosingLink[] = [near];
  const dial: Dial = async () =>
    links.pop() ?? await Promise.reject(new ChatError("unreachable", "cannot reach there"));
  const { status, printed } = await run(OPTIONS, { dial });
  assertEquals([status, printed], [3, ["! cannot reach there"]]);
  near.start({ receive: () => {}, ended: () => {}, closed: () => {} });
  await recorder.until(() => recorder.reason !== undefined, "the close");
});

/** Opens a link to a frame server that gives out the ID 7. */
const frame: Dial = () => {
  const [near, far] = linkPair();
  far.start(new LinkRecorder(far));
  far.write(new TextEncoder().encode("7"));
  return Promise.resolve(near);
};

Deno.test("where the server says what its clients are called, nobody is asked for a name", async () => {
  const { server } = OPTIONS;
  const { printed, prompts } = await run({ dialect: "frame", server }, { interactive: true, dial: frame });
  assertEquals(printed, ["-- connected to there:1234 as 7"]);
  assertEquals(prompts, ["7 - 1 send a message, 2 disconnect and exit> "]);
  const refused = await run({ dialect: "frame", ...OPTIONS }, { dial: frame });
  assertEquals([refused.status, refused.printed], [2, [
    "! a frame server says what its clients are called: leave out alice",
  ]]);
});

Deno.test("what is sent in frame is kept where it is asked for", async () => {
  const messageLogDir = await Deno.makeTempDir();
  const { server } = OPTIONS;
  const { status } = await run({ dialect: "frame", server, messageLogDir }, { lines: ["3 hi", "4 ho"], dial: frame });
  const kept = await Deno.readTextFile(`${messageLogDir}/node7_input.txt`);
  await Deno.remove(messageLogDir, { recursive: true });
  assertEquals([status, kept], [0, "3: hi\n4: ho\n"]);
});

Deno.test("Ctrl-C gives up connecting", async () => {
  for (const interactive of [true, false]) {
    const frontend = new FakeFrontend(interactive);
    const dial: Dial = (_server, signal) =>
      new Promise((_resolve, reject) => {
        signal.throwIfAborted();
        signal.addEventListener("abort", () => reject(signal.reason));
        frontend.interrupt();
      });
    const status = await connect({ dialect: "relay", ...OPTIONS }, {
      frontend,
      ...STILL,
      timer: new FakeTimer().timer,
      dial,
      openPort,
    });
    assertEquals([status, frontend.printed], [interactive ? 0 : 1, []]);
  }
});

Deno.test("a fault of our own is not swallowed, and the terminal is given back all the same", async () => {
  const frontend = new FakeFrontend(true);
  const fault = new TypeError("a fault");
  const dial: Dial = () => Promise.reject(fault);
  const status = connect({ dialect: "relay", ...OPTIONS }, {
    frontend,
    ...STILL,
    timer: new FakeTimer().timer,
    dial,
    openPort,
  });
  assertEquals(await status.catch((error) => error), fault);
  assert(frontend.isClosed);
});
