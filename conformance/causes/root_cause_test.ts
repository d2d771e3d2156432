import { assert, assertEquals, assertMatch } from "@std/assert";
import { loadLibrary } from "../fixtures/library.ts";
import { CLIENT_MUTANT_SETS, MUTANT_SETS } from "../mutants/mutant_sets.ts";
import { judgementsOf } from "../results/judgement.ts";
import type { Result, TargetRun } from "../results/verdict.ts";
import { play } from "../self_test/play.ts";
import { SOME_FAILURE, someResult, someRun } from "../reports/testing/results.ts";
import { firstSentence, type RootCause, rootCausesOf } from "./root_cause.ts";
import { errorIn } from "./rule.ts";

function causesOf(results: readonly Result[]): RootCause[] {
  const run = someRun(results);
  return rootCausesOf(run, judgementsOf(run, false, undefined));
}

/** What is named first for the mutant of a dialect that does this. */
async function firstOf(dialect: string, words: string, role?: "client"): Promise<string | undefined> {
  const run = await playedBy(dialect, words, role);
  return rootCausesOf(run, judgementsOf(run, true, undefined))[0]?.name;
}

/** A run against the mutant of a dialect that does this. */
async function playedBy(dialect: string, words: string, role?: "client"): Promise<TargetRun> {
  const set = (role === undefined ? MUTANT_SETS : CLIENT_MUTANT_SETS).find((set) => set.dialect === dialect)!;
  const mutant = [...set.mutants, ...set.right, ...set.useless].find((one) => one.words === words);
  if (mutant === undefined) throw new TypeError(`${dialect} has no ${role ?? "server"} that ${words}`);
  const library = await loadLibrary(dialect, { dirs: [], embedded: true }, role);
  const results = await play(mutant, library, library.fixtures, { seed: 1, jobs: 8 });
  const target = { ...role === undefined ? {} : { role }, dialect, hostname: "127.0.0.1", port: 1 };
  return { target, library, results, recorded: [], duration: 0 };
}

/** A mutant for each rule, as its dialect's table has it. */
const NAMED: readonly (readonly [rule: string | undefined, dialect: string, words: string])[] = [
  ["one-recv-one-message", "relay", "expects a header in one read"],
  ["one-connection-at-a-time", "relay", "handles one connection at a time"],
  ["one-connection-at-a-time", "room", "handles one connection at a time"],
  ["confirms-too-early", "relay", "confirms a message before its recipient has answered"],
  ["says-nothing", "relay", "says nothing at all"],
  ["echo", "relay", "sends back what it is sent"],
  ["waits-for-ever", "relay", "waits for ever for a recipient that does not answer"],
  ["confirms-too-early", "relay", "says SEND before its recipient has answered"],
  ["answers-out-of-order", "relay", "answers what it can at once, whatever it has still to answer"],
  ["one-recv-one-message", "frame", "passes each read on as one frame"],
  ["counts-characters", "frame", "counts characters instead of bytes for the limit"],
  ["letters-of-any-script", "relay", "takes letters and digits of any script in names"],
  ["stays-open", "relay", "leaves the socket open behind a length that is none"],
  ["stays-open", "frame", "waits for ever behind what is no size"],
  ["clause", "frame", "takes 256 bytes for the limit"],
  ["delivers-part-of-a-message", "frame", "delivers the beginning of a frame whose sender has left"],
  ["keeps-users-that-have-left", "frame", "gives no ID a second time once all were given"],
  ["clause", "frame", "closes without a word on what is no size"],
  ["tells-nobody-who-left", "room", "tells nobody who has left without #quit"],
  ["tells-nobody-who-left", "room", "tells nobody who has quit"],
  ["stays-open-behind-quit", "room", "does not close on #quit"],
  ["clause", "slash", "leaves out who sent a direct message"],
  ["alters-messages", "room", "strips blanks from messages"],
  ["to-its-sender-too", "relay", "passes a broadcast on to its sender, too"],
  ["confirms-what-was-left", "relay", "confirms messages to who has left"],
  ["two-of-a-name", "frame", "takes the number of clients for the next ID"],
  ["not-to-all", "room", "repeats a message to its sender alone"],
  ["answers-the-asker", "group", "answers register at the port that asks instead of the one that it names"],
  ["answers-the-named-address", "group", "answers register at the address in its text"],
  ["keeps-users-that-have-left", "group", "shows who has deregistered as there"],
  ["loses-who-acknowledged", "group", "takes out members who acknowledge, too"],
  ["late-answer-counts", "relay", "keeps a RECEIVED that comes too late for the next message"],
  ["numbers-of-its-language", "relay", "takes underscores, and digits of any script, in a length"],
  ["ends-at-zero-byte", "relay", "reads a name up to its zero byte"],
  [undefined, "relay", "is ours"],
  [undefined, "slash", "is ours"],
];

for (const [rule, dialect, words] of NAMED) {
  Deno.test(`of a ${dialect} server that ${words}, ${rule ?? "nothing"} is named first`, async () => {
    assertEquals(await firstOf(dialect, words), rule);
  });
}

Deno.test("what a frame server that passes on each read does wrong is marked at the clauses on pieces, and nowhere else", async () => {
  const { results } = await playedBy("frame", "passes each read on as one frame");
  const failed = results.filter(({ verdict, fixture }) => verdict === "fail" && fixture.clause.level !== "may");
  assertEquals([...new Set(failed.map(({ fixture }) => fixture.clause.slug))].sort(), [
    "frame/stream-joined",
    "frame/stream-split",
  ]);
  const blocked = results.filter(({ verdict }) => verdict === "blocked").length;
  assert(blocked <= results.length / 10, `${blocked} of ${results.length} blocked`);
});

Deno.test("a thread that died explains what was not answered, and not answers that are wrong", () => {
  const lastOutput = ['  File "s.py", line 7, in serve', "KeyError: 'alice'"];
  const wrong = { ...SOME_FAILURE, kind: "mismatch" as const, lastOutput };
  const silent = { ...SOME_FAILURE, kind: "timeout" as const, lastOutput };
  const named = causesOf([
    someResult({ name: "relay/a" }),
    someResult({ name: "relay/b", verdict: "fail", failure: wrong }),
    someResult({ name: "relay/c", verdict: "fail", failure: silent }),
  ]).map(({ name, explains }) => [name, explains.map(({ fixture }) => fixture.name)]);
  assertEquals(named, [["thread-died", ["relay/c"]], ["clause", ["relay/b"]]]);
});

Deno.test("what others get when somebody has left does not say that they are kept, unless a frame server gives out no ID", () => {
  const attempts = [{
    connection: "bob",
    fits: "",
    wanted: ["4][3][5][hello"],
    got: "2][9][5][hello",
    isClosed: false,
  }];
  const failure = { ...SOME_FAILURE, kind: "mismatch" as const, attempts };
  const causes = (name: string) => {
    const run = someRun([someResult(), someResult({ name, verdict: "fail", failure })]);
    const target = { ...run.target, dialect: "frame" };
    return rootCausesOf({ ...run, target }, judgementsOf(run, false, undefined));
  };
  assertEquals(causes("frame/leave").map(({ name }) => name), ["clause"]);
  assertEquals(causes("frame/assign-reuse").map(({ name }) => name), ["keeps-users-that-have-left"]);
});

Deno.test("two have one ID where it is seen, and not where others are told who has left", () => {
  const causes = (reason: string) => {
    const failure = { ...SOME_FAILURE, kind: "unexpected" as const, reason };
    const run = someRun([someResult(), someResult({ name: "frame/assign-unique", verdict: "fail", failure })]);
    return rootCausesOf({ ...run, target: { ...run.target, dialect: "frame" } }, judgementsOf(run, false, undefined));
  };
  assertEquals(causes("alice and bob are both 3")[0]?.name, "two-of-a-name");
  assertEquals(causes("something arrived on alice that no line expects")[0]?.name, "clause");
});

Deno.test("where something else came than was awaited, a cause says what", () => {
  const attempts = [{ connection: "bob", fits: "", wanted: ["hi"], got: "2][3][ACK", isClosed: false }];
  const failure = { ...SOME_FAILURE, kind: "mismatch" as const, reason: "something else arrived on bob", attempts };
  const { hint: _hint, ...unhinted } = failure;
  const [cause] = causesOf([someResult({ name: "frame/a", verdict: "fail", failure: unhinted })]);
  assertMatch(cause!.text, /: something else arrived on bob, 2\]\[3\]\[ACK$/);
});

/** The same for clients. */
const NAMED_OF_CLIENTS: typeof NAMED = [
  ["never-connects", "relay", "ends at once"],
  ["says-nothing", "frame", "connects, and says nothing"],
  ["one-recv-one-message", "relay", "takes one message from each read"],
  ["one-recv-one-message", "frame", "takes what one read gives for a frame"],
  ["counts-characters", "frame", "counts characters"],
  ["waits-for-its-user", "slash", "shows what has come only when something is typed"],
  ["not-acknowledged", "relay", "acknowledges nothing"],
  ["not-shown", "group", "does not show who says it"],
  ["reads-alike", "relay", "tells a refusal as a success"],
  ["sends-what-is-no-message", "group", "lets everything be sent in a group"],
  ["asks-once", "group", "sends a request once"],
  ["does-not-see-the-end", "room", "spins when the server is gone"],
  ["clause", "relay", "opens one connection only"],
  [undefined, "relay", "is ours"],
  [undefined, "room", "sends what is typed and shows what comes"],
];

for (const [rule, dialect, words] of NAMED_OF_CLIENTS) {
  Deno.test(`of a ${dialect} client that ${words}, ${rule ?? "nothing"} is named first`, async () => {
    assertEquals(await firstOf(dialect, words, "client"), rule);
  });
}

Deno.test("each failure is explained once, and what no rule explains is a cause of its clause", () => {
  const hint = "the message ends in one \\n: the empty line behind it is missing";
  const results = [
    someResult({ name: "relay/a", verdict: "fail", failure: { ...SOME_FAILURE, hint } }),
    someResult({ name: "relay/b", verdict: "fail", failure: { ...SOME_FAILURE, hint } }),
    someResult({ name: "relay/c", verdict: "fail" }),
    { ...someResult({ name: "relay/d", verdict: "blocked", reason: "needs relay/a" }), blockedBy: "relay/a" },
    someResult({ name: "relay/e" }),
  ];
  const causes = causesOf(results);
  assertEquals(causes.map(({ name, explains, blocks }) => [name, explains.length, blocks.length]), [
    ["one-newline", 2, 1],
    ["clause", 1, 0],
  ]);
  assertMatch(
    firstSentence(causes, "server")!,
    /^First: the server ends its messages .* \(2 failures, and 1 fixture could be played that is blocked now\)\.$/,
  );
});

Deno.test("a clause that passes, a may and an expected failure are no cause", () => {
  assertEquals(causesOf([someResult(), someResult({ verdict: "fail", level: "may" })]), []);
  assertEquals(firstSentence([], "server"), undefined);
});

Deno.test("the error that ended a thread is found in what the program wrote, with its line", () => {
  const lines = [
    "Exception in thread Thread-3 (serve):",
    "Traceback (most recent call last):",
    '  File "/usr/lib/python3.11/threading.py", line 982, in run',
    '  File "/home/a/server.py", line 76, in serve',
    "    n = int(length)",
    "ValueError: invalid literal for int() with base 10: 'x'",
  ];
  assertEquals(errorIn(lines), "ValueError: invalid literal for int() with base 10: 'x' (line 76 of server.py)");
  assertEquals(errorIn(["listening on 4000", "alice has joined"]), undefined);
  assertEquals(
    errorIn(["TypeError: Cannot read properties of undefined"]),
    "TypeError: Cannot read properties of undefined",
  );
});

Deno.test("threads that died of the same error in other bytes died of one fault", () => {
  const failure = (byte: string) => ({
    ...SOME_FAILURE,
    kind: "timeout" as const,
    lastOutput: ['  File "s.py", line 7, in serve', `UnicodeDecodeError: can't decode byte ${byte}`],
  });
  const results = [someResult({ name: "relay/a" })].concat(
    ["0xff", "0xfe"].map((byte, i) => someResult({ name: `relay/x.${i}`, verdict: "fail", failure: failure(byte) })),
  );
  const [cause, ...others] = causesOf(results);
  assertEquals([cause!.name, cause!.explains.length, others], ["thread-died", 2, []]);
});
