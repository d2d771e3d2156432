import { assertEquals, assertThrows } from "@std/assert";
import { ChatError } from "../lib/chat/error.ts";
import { readClauses } from "./clauses.ts";
import { EMPTY_PRELUDE, type Fixture, type Prelude, readFixture, readPrelude } from "./fixture.ts";
import { printSteps } from "./transcript/print.ts";

const clauses = readClauses(
  ["demo/greet must  it greets", "demo/part should it says goodbye", "demo/shout may  in capitals"].join("\n"),
  "clauses.txt",
);

const HEADER = ["title: It greets", "clause: demo/greet"];

function read(lines: readonly string[], prelude: Prelude = EMPTY_PRELUDE): Fixture[] {
  return readFixture(lines.join("\n"), "demo/a.chat", "a", prelude, clauses);
}

function steps(lines: readonly string[], prelude?: Prelude): string {
  return printSteps(read([...HEADER, "", ...lines], prelude)[0]!.steps);
}

Deno.test("a fixture has its clause, its name and what it needs", () => {
  const [fixture] = read([...HEADER, "needs: demo/part, demo/shout", "", "connect x"]);
  assertEquals(fixture?.name, "demo/a");
  assertEquals(fixture?.clause.level, "must");
  assertEquals(fixture?.needs, ["demo/part", "demo/shout"]);
  assertEquals([fixture?.alone, fixture?.patient], [false, false]);
});

Deno.test("the example of the design is valid as it stands", () => {
  const prelude = readPrelude(
    ["name nobody", "macro user who:", "  name $who", "  connect $who.out", "  connect $who.in"].join("\n"),
    "prelude.chat",
  );
  const printed = steps([
    "user alice                        # two registered sockets, alice.out and alice.in (defined once, in relay's prelude)",
    "user bob",
    "",
    "alice.out > SEND {nobody}\\nContent-length: 2\\n\\nhi",
    "alice.out < ERROR 102 Unable to send\\n\\n",
    "bob.in    < FORWARD {alice}\\nContent-length: 2\\n\\nhi",
    "alice.out < (SENT|SEND)@success {bob}\\n\\n",
  ], prelude);
  assertEquals(
    printed,
    [
      ...["name nobody", "name alice", "connect alice.out", "connect alice.in"],
      ...["name bob", "connect bob.out", "connect bob.in"],
      "alice.out > SEND {nobody}\\nContent-length: 2\\n\\nhi",
      "alice.out < ERROR 102 Unable to send\\n\\n",
      "bob.in < FORWARD {alice}\\nContent-length: 2\\n\\nhi",
      "alice.out < (SENT|SEND)@success {bob}\\n\\n",
      "",
    ].join("\n"),
  );
});

Deno.test("each case is a fixture of its own, with its text put in before the line is read", () => {
  const fixtures = read([
    ...HEADER,
    "case: space = al\\sice",
    "case: wide = {a * 3}",
    "case: empty =",
    "",
    "connect x",
    "x > [$case]",
  ]);
  assertEquals(fixtures.map(({ name }) => name), ["demo/a.space", "demo/a.wide", "demo/a.empty"]);
  assertEquals(fixtures.map((fixture) => printSteps(fixture.steps).split("\n")[1]), [
    "x > [al ice]",
    "x > [{a * 3}]",
    "x > []",
  ]);
});

Deno.test("a macro is its lines with its arguments, wherever they stand, and may call others", () => {
  const prelude = readPrelude(
    [
      ...["macro pair one two:", "  meet $one", "  meet $two", "  $one.out > to {$two}: \\$5\\n"],
      ...["macro meet who:", "  name $who", "  connect $who.out"],
    ].join("\n"),
    "prelude.chat",
  );
  assertEquals(
    steps(["pair alice bob"], prelude),
    "name alice\nconnect alice.out\nname bob\nconnect bob.out\nalice.out > to {bob}: \\$5\\n\n",
  );
});

Deno.test("a macro works within blocks, and words that are connections are no calls", () => {
  const macro = ["macro bye:", "  bye > bye\\n", "  bye closed"];
  assertEquals(
    steps([...macro, "connect bye", "all:", "  bye < hi", "    bye"]),
    "connect bye\nall:\n  bye < hi\n    bye > bye\\n\n    bye closed\n",
  );
});

Deno.test("what a macro stands on is needed by those that use it, except by the fixtures of that clause", () => {
  const prelude = readPrelude("macro use:\n  needs demo/greet, demo/part\n  connect x\n", "prelude.chat");
  assertEquals(read([...HEADER, "", "use"], prelude)[0]?.needs, ["demo/part"]);
});

Deno.test("what a fence stands on is needed only where its silence is waited for", () => {
  const fence = ["connect x", "fence x:", "  needs demo/part", "  x > ?", "  x < !"];
  assertEquals(read([...HEADER, "", ...fence])[0]?.needs, []);
  assertEquals(read([...HEADER, "", ...fence, "x silent"])[0]?.needs, ["demo/part"]);
  assertEquals(read([...HEADER, "", ...fence, "close x", "connect x", "x silent"])[0]?.needs, []);
});

Deno.test("a fixture is alone if it says so, if its dialect does, or if it sends what everybody gets", () => {
  const broadcast = readPrelude("broadcast: SEND ALL\\n\n", "prelude.chat");
  const alone = (header: string[], lines: string[], prelude = EMPTY_PRELUDE) =>
    read([...HEADER, ...header, "", "connect x", ...lines], prelude)[0]!.alone;
  assertEquals(alone([], ["x > SEND ALL\\n"]), false);
  assertEquals(alone(["alone: yes"], []), true);
  assertEquals(alone([], [], readPrelude("alone: yes\n", "prelude.chat")), true);
  assertEquals(alone([], ["x > SEND ALLAN\\n"], broadcast), false);
  assertEquals(alone([], ["x > SEND ALL\\nand more"], broadcast), true);
  assertEquals(alone([], ["all:", "  x < a", "    x >> SEND ALL\\n"], broadcast), true);
  assertEquals(
    alone([], ["choice c:", "  when a:", "    x < a", "    x > SEND ALL\\n", "  when b:", "    x < b"], broadcast),
    true,
  );
  assertEquals(alone([], ["soon:", "  x > SEND ALL\\n"], broadcast), true);
});

Deno.test("a fixture is patient if one of its steps, at any depth, waits for the server to lose patience", () => {
  const patient = (...lines: string[]) => read([...HEADER, "", "connect x", ...lines])[0]!.patient;
  assertEquals(patient("x < a"), false);
  assertEquals(patient("eventually x < a"), true);
  assertEquals(patient("all:", "  x < a", "    eventually x closed"), true);
  assertEquals(patient("eventually soon:", "  x < a"), true);
});

Deno.test("a value that only one branch captures is not defined behind the choice, one that all capture is", () => {
  const choice = [
    "connect x",
    "choice c:",
    "  when a:",
    "    x < a{n=digits} ",
    "  when b:",
    "    x < b{n=digits}",
    "    name m",
  ];
  steps([...choice, "x > {n}"]);
  assertThrows(() => steps([...choice, "x > {m}"]), ChatError, "demo/a.chat:11: {m} is not defined");
});

Deno.test("mistakes are told in one line, with file and line", () => {
  const cases: readonly [string[], string][] = [
    [["clause: demo/greet", "", "connect x"], "demo/a.chat:1: the header has no title:"],
    [["title: It greets", "", "connect x"], "demo/a.chat:1: the header has no clause:"],
    [["connect x"], "demo/a.chat:1: a fixture begins with a header"],
    [[...HEADER, "level: must", "", "connect x"], 'demo/a.chat:3: the header of this file has no key "level"'],
    [[...HEADER, "title: Again", "", "connect x"], "demo/a.chat:3: title: is there already"],
    [["title: a", "clause: demo/nothing", "", "connect x"], "demo/a.chat:2: there is no clause demo/nothing"],
    [[...HEADER, "needs: demo/nothing", "", "connect x"], "demo/a.chat:3: this needs the clause demo/nothing"],
    [[...HEADER, "needs: demo/greet", "", "connect x"], "demo/a.chat:3: demo/greet cannot need itself"],
    [[...HEADER, "alone: no", "", "connect x"], "demo/a.chat:3: alone: is yes, or not there"],
    [[...HEADER, "case: no slug", "", "connect x"], "demo/a.chat:3: a case is written: case: SLUG = TEXT"],
    [[...HEADER, "case: a = 1", "case: a = 2", "", "connect x"], "demo/a.chat:4: there is a case a already"],
    [[...HEADER, ""], "demo/a.chat:1: there are no steps below the header"],
  ];
  for (const [lines, message] of cases) assertThrows(() => read(lines), ChatError, message);
});

Deno.test("mistakes in steps are told in one line, with file and line", () => {
  const cases: readonly [string[], string][] = [
    [["frobnicate x"], '"frobnicate" is neither a step nor a macro'],
    [["connect x", "x > {nobody}"], "{nobody} is not defined"],
    [["connect x", "x < {length body}"], "{body} is not defined"],
    [["connect x", "x < {b=n bytes}"], "{n} is not defined"],
    [["x > hi"], "x is no connection"],
    [["x closed"], "x is no connection"],
    [["connect x", "forget x", "x < hi"], "x was forgotten by a line above"],
    [["name a", "name a"], "{a} is defined already, at demo/a.chat:4"],
    [["connect x", "x < {a=digits}{a=digits}"], "{a} is defined already"],
    [["name a b c!"], "c! cannot be a name for braces"],
    [["connect"], "connect takes one connection"],
    [["connect x y"], "connect takes one connection"],
    [["connect 1x"], "1x cannot be the name of a connection"],
    [["connect all"], "all is a word of the language"],
    [["connect x", "x >"], "nothing is sent"],
    [["connect x", "x <"], "nothing is expected"],
    [["connect x", "x closed now"], "nothing stands behind closed"],
    [["connect x", "eventually x > hi"], "eventually goes before <, closed and soon:"],
    [["eventually all:", "  x < a"], "eventually goes before <, closed and soon:, not before all:"],
    [["all:"], "nothing is indented below this line"],
    [["all: x", "  x < a"], "a block begins: all:, soon:, choice NAME:"],
    [["connect x", "all:", "  x > a"], "all: holds only < and closed"],
    [["choice:", "  when a:", "    x < a"], "choice needs a name"],
    [["connect x", "choice c:", "  when a:", "    x < a"], "a choice has two branches or more"],
    [["connect x", "choice c:", "  x < a", "  x < b"], "a branch of a choice begins: when LABEL:"],
    [
      ["connect x", "choice c:", "  when a:", "    x > a", "  when b:", "    x < a"],
      "a branch begins with what decides",
    ],
    [["connect x", "choice c:", "  when a:", "    x < a", "  when a:", "    x < b"], "there is a branch a already"],
    [
      ["connect x", "choice c:", "  when a:", "    x silent", "  when b:", "    x silent"],
      "only one branch can begin with silence",
    ],
    [["when a:", "  connect x"], "when: stands below choice NAME:"],
    [["connect x", "  connect y"], "nothing can be indented below this line"],
    [["connect x", "soon:", "  all:", "    x < a"], "soon: holds only"],
    [["let a"], "a value is defined like this"],
    [["unsupported"], "unsupported says what the server declines"],
    [["choice c"], "a block begins"],
    [["all x:", "  x < a"], "all: takes no name"],
    [["connect x", "all:", "  connect y"], "all: holds only < and closed"],
    [["connect x", "soon:", "  macro m:", "    connect x"], "macros are defined at the top"],
    [["macro m:"], "the macro m has no lines"],
    [["macro connect x:", "  connect $x"], "connect is a word of the language and cannot be a macro"],
    [["macro m a a:", "  connect $a"], "two parameters have the same name"],
    [["macro m a:", "  connect $a", "m"], "m takes 1 words, not 0: m A"],
    [["macro m a:", "  connect $b", "m x"], "$b stands for nothing here"],
    [["connect $x"], "$x stands for nothing here"],
    [["macro m:", "  n", "macro n:", "  m", "m"], "the macro m calls itself (m → n → m)"],
    [["macro m:", "  connect x", "macro m:", "  connect y"], "the macro m is defined already, at demo/a.chat:4"],
  ];
  for (const [lines, message] of cases) {
    const error = assertThrows(() => steps(lines), ChatError, message, lines.join(" / ")) as ChatError;
    assertEquals(error.code, "fixture");
    assertEquals(/^demo\/a\.chat:\d+( \(from [^\n]+\))?: [^\n]+$/.test(error.message), true, error.message);
  }
});

Deno.test("a mistake in a macro names the macro's line and the line of the call", () => {
  const prelude = readPrelude("\nmacro hello who:\n  connect $who\n  $who > \\q\n", "prelude.chat");
  assertThrows(
    () => steps(["hello x"], prelude),
    ChatError,
    "prelude.chat:4 (from demo/a.chat:4): \\q is no escape",
  );
});

Deno.test("a prelude holds nothing that is played but name and let", () => {
  assertThrows(() => readPrelude("connect x\n", "prelude.chat"), ChatError, "prelude.chat:1: outside of a macro");
});

Deno.test("macros that fan out without end are refused before they fill the memory", () => {
  const fan = Array.from({ length: 30 }, (_, i) => [`macro m${i + 1}:`, `  m${i}`, `  m${i}`]).flat();
  assertThrows(
    () => steps(["macro m0:", "  needs demo/part", ...fan, "m30"]),
    ChatError,
    "make more than 20000 lines",
  );
});
