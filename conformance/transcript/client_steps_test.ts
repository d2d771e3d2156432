import { assertEquals, assertThrows } from "@std/assert";
import { ChatError } from "../../lib/core/error.ts";
import { checkSteps } from "./check.ts";
import { readSource } from "./lines.ts";
import { printSteps } from "./print.ts";
import { parseSteps } from "./steps.ts";

const STEPS = `accept out
accept in REGISTER TORECV {user}\\n\\n
type @bob #1\\n
shows (yes|no) {_=digits}
shows {a=text}
shows {b=text}
shows-other-than a b
hides secret
file node*_input.txt contains hello
all:
  accept x PING\\n
    x > PONG\\n
  shows pong
choice _:
  when ended:
    ends nonzero
  when told:
    shows bye
    idle
paced out 300..1500
ends 0
`;

function parse(text: string) {
  return parseSteps(readSource(text, "a.chat").lines);
}

function fault(text: string, role: "client" | "server" = "client"): string {
  return assertThrows(() => checkSteps(parse(text), false, role), ChatError).message;
}

Deno.test("a client's steps are read, printed and checked, and have no comments where they hold bytes", () => {
  const steps = parse(STEPS);
  assertEquals(printSteps(steps), STEPS.replace("@bob #1", "\\@bob \\#1"));
  checkSteps(steps, false, "client");
});

Deno.test("they are for clients alone, who connect to us", () => {
  assertEquals(
    fault("type hello\\n\n", "server"),
    "a.chat:1: type is for clients under test, whose clauses begin with client-",
  );
  assertEquals(fault("connect x\n"), "a.chat:1: a client connects to us: accept x");
});

Deno.test("what is wrong with one is told, and how it is written", () => {
  assertEquals(fault("accept\n"), "a.chat:1: accept takes a name: accept NAME, accept NAME PATTERN");
  assertEquals(fault("type\n"), "a.chat:1: nothing is typed: type TEXT; Enter alone is type \\n");
  assertEquals(fault("shows\n"), "a.chat:1: shows takes what the client shows: shows PATTERN");
  assertEquals(fault("ends badly\n"), "a.chat:1: ends takes an exit status: ends, ends 0, ends nonzero");
  assertEquals(fault("idle now\n"), "a.chat:1: nothing stands behind idle");
  const paced = "a.chat:2: paced says how many milliseconds are between what arrives: paced NAME LOW..HIGH";
  assertEquals(fault("accept x\npaced x 9..3\n"), paced);
  assertEquals(fault("file log hello\n"), "a.chat:1: a file is looked at like this: file NAME contains PATTERN");
  assertEquals(
    fault("shows-other-than a\n"),
    "a.chat:1: shows-other-than takes the names of two things that were shown: shows-other-than A B",
  );
  assertEquals(
    fault("shows {a=text}\nshows-other-than a b\n"),
    'a.chat:2: {b} is not defined: "name b" makes up a fresh name, {b=TYPE} captures one',
  );
  assertEquals(fault("accept x\ny < hi\n"), 'a.chat:2: y is no connection: "connect y" opens it');
});
