import { assert, assertEquals, assertMatch } from "@std/assert";
import { Deadlines } from "../lib/core/deadlines.ts";
import type { Link, LinkHandler } from "../lib/core/link.ts";
import { RelayServer } from "../lib/dialects/relay/server.ts";
import { report } from "./option_values.ts";
import { Hub } from "../lib/hub/hub.ts";
import { frameIds } from "../lib/dialects/frame/ids.ts";
import { listenTcp } from "../lib/transport/tcp.ts";
import { conform, type ConformOptions } from "./conform.ts";
import { USELESS } from "./mutants/useless.ts";

type Accept = (link: Link) => LinkHandler;

/** A server for one test; it is gone afterwards, with all its links. */
async function serving<T>(accept: Accept, use: (port: number) => Promise<T>): Promise<T> {
  const open = new Set<Link>();
  const closed: Promise<void>[] = [];
  const listener = listenTcp({ hostname: "127.0.0.1", port: 0 }, {}, (link) => {
    open.add(link);
    const handler = accept(link);
    closed.push(
      new Promise((resolve) => {
        link.start({
          receive: (bytes) => handler.receive(bytes),
          ended: () => handler.ended(),
          closed: (reason) => {
            open.delete(link);
            handler.closed(reason);
            resolve();
          },
        });
      }),
    );
  });
  try {
    return await use(listener.endpoint.port);
  } finally {
    listener.close();
    for (const link of open) link.abort("done");
    await Promise.all(closed);
  }
}

async function run(port: number, options: Partial<ConformOptions> = {}) {
  let [out, err] = ["", ""];
  const status = await conform({
    targets: [{ dialect: "relay", hostname: "127.0.0.1", port }],
    filters: [],
    list: false,
    strict: false,
    timeout: 5000,
    jobs: 8,
    fixtures: [],
    embedded: true,
    ...options,
  }, {
    out: (text) => out += text,
    err: (text) => err += text,
    isTerminal: false,
    color: false,
  });
  return { status, out, err };
}

/** A folder with a dialect of its own, for one test. */
async function withFixtures<T>(files: Readonly<Record<string, string>>, use: (dir: string) => Promise<T>): Promise<T> {
  const dir = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.mkdir(`${dir}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(`${dir}/${name}`, text);
    }
    return await use(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

const DEMO = {
  "demo/clauses.txt": [
    "demo/greet  must    hi is answered",
    "demo/part   should  bye is answered",
    "demo/shout  may     HI is answered",
    "demo/again  must    hi is answered again",
    "",
  ].join("\n"),
  "demo/greet.chat": "title: hi is answered\nclause: demo/greet\n\nconnect x\nx > hi\\n\nx < (hello|hallo)@word\\n\n",
};

function fixture(clause: string, ...steps: string[]): string {
  return [`title: ${clause}`, `clause: demo/${clause}`, "needs: demo/greet", "", "connect x", ...steps, ""].join("\n");
}

/** Answers lines from a table, and says nothing to others. */
function greeter(answers: Readonly<Record<string, string>>): Accept {
  return (link) => {
    let line = "";
    return {
      receive: (bytes) => {
        line += new TextDecoder().decode(bytes);
        const answer = answers[line];
        if (answer === undefined) return;
        line = "";
        link.write(new TextEncoder().encode(answer));
      },
      ended: () => link.end("left"),
      closed: () => {},
    };
  };
}

/** Plays fixtures of the demo dialect against a greeter. */
function demo(
  files: Readonly<Record<string, string>>,
  answers: Readonly<Record<string, string>>,
  options: Partial<ConformOptions> = {},
) {
  return withFixtures(
    { ...DEMO, ...files },
    (dir) =>
      serving(
        greeter(answers),
        (port) =>
          run(port, { fixtures: [dir], targets: [{ dialect: "demo", hostname: "127.0.0.1", port }], ...options }),
      ),
  );
}

Deno.test("our own server keeps every clause of relay", async () => {
  const deadlines = new Deadlines(performance.now());
  const hub = new Hub({ ackTimeout: 1_500, deadlines, wallClock: () => Date.now(), ids: frameIds() });
  const server = new RelayServer({ hub, deadlines, maxMessage: 65536, log: () => {} }, { reply: "SENT" });
  const ticking = setInterval(() => deadlines.advance(performance.now()), 10);
  try {
    const { status, out, err } = await serving((link) => server.accept(link), (port) => run(port, { strict: true }));
    assertEquals([status, err], [0, ""], out);
    assertMatch(out, /\n {2}success +SENT\n/);
    assert(!/FAIL|ERROR|blocked|other/.test(out), out);
  } finally {
    clearInterval(ticking);
  }
});

/** Those to which accommodations are made for so long that it is worth seeing only once, with the one that echoes. */
const LONG: ReadonlySet<string> = new Set(["babbling", "dripping", "web"]);

for (const [name, behaviour] of Object.entries(USELESS)) {
  Deno.test(`a server that is ${name} fails, and passes nothing`, async () => {
    const options = { timeout: 300, startTimeout: 300, noAccommodate: LONG.has(name) };
    const { status, out } = await serving(behaviour, (port) => run(port, options));
    assertEquals(status, 1, out);
    assert(!/^(pass|unsupported)/m.test(out), out);
  });
}

Deno.test("a port where nobody listens exits 3, in one line", async () => {
  const port = await serving(() => ({ receive() {}, ended() {}, closed() {} }), (port) => Promise.resolve(port));
  const { status, err } = await run(port);
  assertEquals(status, 3);
  assertMatch(err, /^chat conform: cannot reach 127\.0\.0\.1:\d+: [^\n]+\n$/);
});

Deno.test("a host that has no address exits 3", async () => {
  const { status, err } = await run(1, { targets: [{ dialect: "relay", hostname: "a..b", port: 4000 }] });
  assertEquals(status, 3);
  assertMatch(err, /^chat conform: cannot reach a\.\.b:4000: [^\n]+\n$/);
});

Deno.test("a server that dies half-way fails once, and what comes after it is blocked", async () => {
  let connections = 0;
  const dying = Promise.withResolvers<void>();
  const live = greeter({ "hi\n": "hello\n" });
  const listener = listenTcp({ hostname: "127.0.0.1", port: 0 }, {}, (link) => {
    if (++connections === 2) {
      listener.close();
      dying.resolve();
      link.start({ receive() {}, ended() {}, closed() {} });
      return link.abort("fault");
    }
    link.start(live(link));
  });
  const more = Object.fromEntries(
    Array.from({ length: 6 }, (_, i) => [`demo/again${i}.chat`, fixture("again", "x > hi\\n", "x < hello\\n")]),
  );
  await withFixtures({ ...DEMO, ...more }, async (dir) => {
    const { port } = listener.endpoint;
    const target = { dialect: "demo", hostname: "127.0.0.1", port };
    const { status, out } = await run(port, { fixtures: [dir], targets: [target], jobs: 1 });
    assertEquals(status, 1);
    assertMatch(out, /^pass +must +demo\/greet$/m);
    assertMatch(out, /^FAIL +must +demo\/again/m);
    // One that saw it die, one that could not connect; the others are not asked to try in vain.
    assertEquals(out.match(/^FAIL {2}/gm)?.length, 3, out);
  });
  await dying.promise;
});

Deno.test("only a failed must counts, a failed should as well if it is strict, and a may never", async () => {
  const must = { "demo/a.chat": fixture("again", "x > no\\n", "x < never\\n") };
  const should = { "demo/a.chat": fixture("part", "x > hi\\n", "x < never\\n") };
  const may = { "demo/a.chat": fixture("shout", "x > hi\\n", "x < never\\n") };
  const answers = { "hi\n": "hello\n", "no\n": "no\n" };
  const status = async (files: Record<string, string>, strict: boolean) =>
    (await demo(files, answers, { strict })).status;
  assertEquals([await status(must, false), await status(must, true)], [1, 1]);
  assertEquals([await status(should, false), await status(should, true)], [0, 1]);
  assertEquals([await status(may, false), await status(may, true)], [0, 0]);
});

Deno.test("a choice that is not made the same way throughout fails", async () => {
  const again = { "demo/a.chat": fixture("shout", "x > HI\\n", "x < (hello|hallo)@word\\n") };
  const same = await demo(again, { "hi\n": "hello\n", "HI\n": "hello\n" });
  assertEquals(same.status, 0);
  assertMatch(same.out, /\n {2}word {2}hello\n/);
  const otherwise = await demo(again, { "hi\n": "hello\n", "HI\n": "hallo\n" });
  assertEquals(otherwise.status, 1);
  assertMatch(otherwise.out, /word is hallo here, but was hello at .*greet\.chat:6/);
});

Deno.test("what a server declines is not a failure", async () => {
  const steps = ["x > HI\\n", "choice shouting:", "  when heard:", "    x < hello\\n"];
  const declining = [...steps, "  when refused:", "    x < no\\n", "    unsupported it does not like shouting"];
  const { status, out } = await demo({ "demo/a.chat": fixture("shout", ...declining) }, {
    "hi\n": "hello\n",
    "HI\n": "no\n",
  });
  assertEquals(status, 0);
  assertMatch(out, /^unsupported +may +demo\/shout +it does not like shouting$/m);
});

Deno.test("fixtures of one's own are played besides the embedded ones, or instead of them", async () => {
  const own = {
    "clauses.txt": "relay/mine must it is mine\n",
    "mine.chat": "title: Mine\nclause: relay/mine\n\nuser alice\n",
    "frame.chat": "title: Another dialect's\nclause: frame/assign\n\nconnect x\n",
  };
  await withFixtures(own, async (dir) => {
    const besides = await run(1, { list: true, fixtures: [dir] });
    assertMatch(besides.out, /^must +relay\/mine +Mine$/m);
    assertMatch(besides.out, /^must +relay\/send-unknown /m);
    assert(!besides.out.includes("Another dialect's"));
    const instead = await run(1, { list: true, fixtures: [dir], embedded: false });
    assertEquals([instead.status, instead.out], [0, "must    relay/mine  Mine\n"]);
  });
});

Deno.test("a broken fixture exits 2, in one line with file and line, and nothing is played", async () => {
  const cases: readonly [Record<string, string>, RegExp][] = [
    [
      { "demo/a.chat": fixture("again", "frobnicate x") },
      /demo\/a\.chat:6: "frobnicate" is neither a step nor a macro/,
    ],
    [{ "demo/a.chat": fixture("nothing", "x > hi\\n") }, /demo\/a\.chat:2: there is no clause demo\/nothing/],
    [
      { "demo/prelude.chat": "macro m:\n  connect x\nmacro m:\n  connect y\n" },
      /demo\/prelude\.chat:3: the macro m is/,
    ],
    [{ "demo/clauses.txt": "demo/greet must a\ndemo/greet must b\n" }, /demo\/clauses\.txt:2: the clause demo\/greet/],
    [{ "greet.chat": DEMO["demo/greet.chat"] }, /greet\.chat:1: .*greet\.chat is called demo\/greet as well/],
    [{ "loose.chat": "title: No clause\n\nconnect x\n" }, /loose\.chat:1: the header has no clause/],
    [
      {
        "demo/a.chat": fixture("again", "x > hi\\n").replace("demo/greet", "demo/part"),
        "demo/b.chat": fixture("part", "x > hi\\n").replace("demo/greet", "demo/again"),
      },
      /demo\/[ab]\.chat:1: the needs go round in a circle: demo\/(again → demo\/part → demo\/again|part → demo\/again → demo\/part)/,
    ],
  ];
  for (const [files, message] of cases) {
    const { status, out, err } = await demo(files, {});
    assertEquals([status, out], [2, ""], err);
    assertMatch(err, /^chat conform: [^\n]+\n$/);
    assertMatch(err, message);
  }
});

Deno.test("a fixture that turns out to be unplayable exits 2", async () => {
  const { status, out } = await demo({ "demo/a.chat": fixture("again", "connect x") }, { "hi\n": "hello\n" });
  assertEquals(status, 2);
  assertMatch(out, /a\.chat:6: x is connected already/);
  assertMatch(out, /cannot tell: 1 fixture could not be played/);
});

Deno.test("a folder that cannot be read exits 2", async () => {
  const { status, err } = await run(1, { fixtures: ["/nowhere/at/all"] });
  assertEquals([status, err], [2, "chat conform: the folder of fixtures /nowhere/at/all cannot be read\n"]);
});

Deno.test("a filter that matches nothing, and a dialect without fixtures, exit 4", async () => {
  assertEquals((await run(1, { filters: ["relay/nothing"] })).status, 4);
  const { status, err } = await run(1, { targets: [{ dialect: "klingon", hostname: "127.0.0.1", port: 1 }] });
  assertEquals([status, err.split("\n").length], [4, 2]);
});

Deno.test("a filter plays what it matches, and reports on nothing else", async () => {
  const files = { "demo/a.chat": fixture("again", "x > no\\n", "x < never\\n") };
  const { status, out } = await demo(files, { "hi\n": "hello\n" }, { filters: ["greet"] });
  assertEquals(status, 0);
  assertMatch(out, /^demo at 127\.0\.0\.1:\d+, 1 fixture$/m);
  assert(!out.includes("demo/again"), out);
});

Deno.test("a report that is asked for by its former name is written, with one note on standard error", async () => {
  const file = await Deno.makeTempFile();
  const named = [report().read("people"), report().read(`people=${file}`)];
  const files = { "demo/a.chat": fixture("again", "x > no\\n", "x < never\\n") };
  const { status, out, err } = await demo(files, { "hi\n": "hello\n" }, { filters: ["greet"], reports: named });
  const written = await Deno.readTextFile(file);
  await Deno.remove(file);
  assertEquals(status, 0);
  assertEquals(err, "chat conform: --report people goes in the next version: it is --report text now\n");
  assertMatch(out, /^conforms to demo/m);
  assertEquals(written, out);
});

Deno.test("--list asks nobody and lists each fixture with its level", async () => {
  const { status, out } = await run(1, { list: true, filters: ["relay/send-unknown"] });
  assertEquals(status, 0);
  assertMatch(out, /^must +relay\/send-unknown +SEND to a name that nobody registered is refused/m);
});

Deno.test("on a terminal a line of progress replaces itself and is gone in the end", async () => {
  await withFixtures(DEMO, (dir) =>
    serving(greeter({ "hi\n": "hello\n" }), async (port) => {
      let out = "";
      await conform({
        targets: [{ dialect: "demo", hostname: "127.0.0.1", port }],
        ...{ filters: [], list: false, strict: false, timeout: 5000, jobs: 1, fixtures: [dir], embedded: true },
      }, { out: (text) => out += text, err: () => {}, isTerminal: true, color: true });
      assert(out.startsWith("\r\x1b[2K1/1 demo/greet\r\x1b[2K\x1b[1mdemo at "), JSON.stringify(out));
      assert(out.includes("\x1b[32mpass"), JSON.stringify(out));
    }));
});

Deno.test("what a server speaks is found out and told, with the reason", async () => {
  await serving(greeter({}), async (port) => {
    const { status, err } = await run(port, { targets: [{ hostname: "127.0.0.1", port }], timeout: 300 });
    assertEquals(status, 2);
    assertMatch(err, /^chat conform: cannot tell what the server speaks: it waits for its client [^\n]+ --dialect\n$/);
  });
  const greeting: Accept = (link) => {
    link.write(new TextEncoder().encode("7"));
    return { receive() {}, ended: () => link.end("left"), closed() {} };
  };
  await serving(greeting, async (port) => {
    const { out } = await run(port, { targets: [{ hostname: "127.0.0.1", port }], filters: ["frame/assign"] });
    assertMatch(out, /^frame at [^\n]+\nframe, because it speaks first, as frame does: "7"\n/);
  });
});

Deno.test("a server whose port and dialect are both left out cannot be asked", async () => {
  const { status, err } = await run(1, { targets: [{ hostname: "localhost" }] });
  assertEquals([status, err], [
    2,
    "chat conform: say which port: --target localhost:PORT, or which dialect, which has a port of its own\n",
  ]);
});

Deno.test("without a dialect --list lists those of all dialects", async () => {
  const { status, out } = await run(1, { list: true, targets: [], filters: ["*/stream-*"] });
  assertEquals(status, 0);
  for (const dialect of ["relay", "frame", "slash"]) assertMatch(out, new RegExp(`^\\w+ +${dialect}/stream-`, "m"));
});

Deno.test("several targets are asked one after the other, and one that fails makes the run fail", async () => {
  await withFixtures(
    DEMO,
    (dir) =>
      serving(greeter({ "hi\n": "hello\n" }), (good) =>
        serving(greeter({ "hi\n": "go away\n" }), async (bad) => {
          const targets = [bad, good].map((port) => ({ dialect: "demo", hostname: "127.0.0.1", port }));
          const { status, out } = await run(good, { targets, fixtures: [dir] });
          assertEquals(status, 1);
          assertMatch(out, /does not conform to demo[^]*conforms to demo/);
        })),
  );
});

Deno.test("a server that fails in other segments does as expected, whichever variants are played", async () => {
  const hasty: Accept = (link) => ({
    receive: (bytes) => {
      const says = new TextDecoder().decode(bytes) === "hi\n" ? "hello\n" : "what?\n";
      link.write(new TextEncoder().encode(says));
    },
    ended: () => link.end("left"),
    closed: () => {},
  });
  await withFixtures({ ...DEMO, "demo/prelude.chat": "cut: demo/again\n" }, async (dir) => {
    const played = (accept: Accept, seed: number, options: Partial<ConformOptions>) =>
      serving(accept, (port) => {
        const targets = [{ dialect: "demo", hostname: "127.0.0.1", port }];
        return run(port, { targets, fixtures: [dir], segmentation: true, seed, ...options });
      });
    const known = `${dir}/known.txt`;
    assertEquals((await played(hasty, 1, {})).status, 1);
    assertEquals((await played(hasty, 1, { writeExpect: known })).status, 0);
    assertMatch(await Deno.readTextFile(known), /^fail {5}demo\/again~\*$/m);
    const asKnown = await played(hasty, 2, { expect: known });
    assertEquals(asKnown.status, 0, asKnown.out);
    const whole = await played(hasty, 1, { expect: known, segmentation: false });
    assertEquals(whole.status, 0, whole.out);
    const unexpected = await played(greeter({ "hi\n": "hello\n" }), 1, { expect: known });
    assertEquals(unexpected.status, 1);
    assertMatch(unexpected.out, /unexpected pass, to be taken out there: demo\/again~\*\n/);
    await Deno.writeTextFile(known, "");
    const unlisted = await played(hasty, 1, { expect: known });
    assertEquals(unlisted.status, 1);
    assertMatch(unlisted.out, /^ {2}new: demo\/again~\*$/m);
  });
});
