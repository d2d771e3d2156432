import { assert, assertEquals } from "@std/assert";
import type { Failure } from "../play/failure.ts";
import { readFrame } from "./frame_reading.ts";
import { type SessionEvent, type SessionEventKind, SessionHistory } from "./history.ts";
import { loosen } from "./loosen.ts";
import type { BeginReading } from "./reading.ts";
import { type RecordedStep, recordedSteps } from "./recorded_steps.ts";
import { readRelay } from "./relay_reading.ts";
import { SessionValues } from "./session_values.ts";
import { readRoom, readSlash } from "./text_reading.ts";
import { writeTranscript } from "./transcript_text.ts";

type Happened = readonly [connection: number, kind: SessionEventKind, text?: string, at?: number];

function eventsOf(happened: readonly Happened[]): SessionEvent[] {
  let now = 0;
  return happened.map(([connection, kind, text = "", at = now + 1]) => {
    now = at;
    return { at, connection, kind, bytes: new TextEncoder().encode(text) };
  });
}

function stepsOf(begin: BeginReading, happened: readonly Happened[], reserved: readonly string[] = []): RecordedStep[] {
  return recordedSteps(eventsOf(happened), begin, new SessionValues(["nobody"]), new Set(reserved));
}

/** The lines below the head. */
function linesOf(steps: readonly RecordedStep[]): string[] {
  const { text } = writeTranscript({ remarks: [], title: "t", clause: "c" }, steps);
  return text.trimEnd().split("\n").slice(3);
}

Deno.test("what a client says in pieces is one step, unless something else happened between them", () => {
  const said = (between: readonly Happened[]) =>
    linesOf(stepsOf(readRelay, [
      [0, "opened"],
      [1, "opened"],
      [0, "sent", "REGISTER TOS"],
      ...between,
      [0, "sent", "END alice\n\n"],
    ]));
  assertEquals(said([]), [
    "name alice",
    "connect alice.out",
    "connect two",
    "alice.out > REGISTER TOSEND {alice}\\n\\n",
    "two silent",
  ]);
  assertEquals(said([[1, "sent", "hi\n\n"]]).slice(3), [
    "alice.out > REGISTER TOS",
    "two > hi\\n\\n",
    "alice.out > END {alice}\\n\\n",
    "two silent",
  ]);
});

Deno.test("what was written at once is sent at once", () => {
  const lines = linesOf(stepsOf(readRelay, [[0, "opened"], [
    0,
    "sent",
    "SEND bob\nContent-length: 2\n\nhiSEND bob\nContent-length: 3\n\nyou",
  ]]));
  assertEquals(lines.slice(2), [
    "let text = hi",
    "let text-2 = you",
    "one > SEND {bob}\\nContent-length: {length text}\\n\\n{text}SEND {bob}\\nContent-length: {length text-2}\\n\\n{text-2}",
  ]);
});

Deno.test("what came when a server has lost patience is waited for, behind a silence", () => {
  const lines = linesOf(stepsOf(readRelay, [
    [0, "opened"],
    [0, "sent", "SEND nobody\nContent-length: 2\n\nhi"],
    [0, "received", "ERROR 102 Unable to send\n\n", 5_000],
    [0, "server-closed"],
  ]));
  assertEquals(lines.slice(-3), [
    "one silent",
    "eventually one < ERROR 102 Unable to send\\n\\n",
    "eventually one closed",
  ]);
});

Deno.test("names that are no names, and bodies that look like headers, stay as they are", () => {
  const lines = linesOf(stepsOf(readRelay, [
    [0, "opened"],
    [0, "sent", "REGISTER TOSEND a b\n\nREGISTER TOSEND ALL\n\nREGISTER TORECV averyverylongname1\n\n"],
    [0, "sent", "SEND bob\nContent-length: 18\n\nREGISTER TOSEND x\n"],
  ]));
  assertEquals(lines, [
    "name bob",
    "connect one",
    "one > REGISTER TOSEND a b\\n\\nREGISTER TOSEND ALL\\n\\nREGISTER TORECV averyverylongname1\\n\\n",
    "let text = REGISTER TOSEND x\\n",
    "one > SEND {bob}\\nContent-length: {length text}\\n\\n{text}",
  ]);
});

Deno.test("an ID is that of whoever holds it, a notice is a remark, and what is no frame stays as it is", () => {
  const lines = linesOf(stepsOf(readFrame, [
    [0, "opened"],
    [0, "received", "2"],
    [0, "client-ended"],
    [1, "opened"],
    [1, "received", "21][2][5][hello"],
    [1, "sent", "2][300][2][hi2][2][ACK"],
    [1, "sent", "what?"],
  ]));
  assertEquals(lines, [
    "connect one",
    "assigned one",
    "close one",
    "connect two",
    "assigned two",
    "# two was told, and need not be: 1][2][5][hello",
    "let text = hi",
    "two > {two}][300][{length text}][{text}{two}][{two}][ACK",
    "two > what?",
  ]);
});

Deno.test("an alias that the server gives is taken from what it says; times, addresses and ports are left open", () => {
  const lines = linesOf(stepsOf(readSlash, [
    [0, "opened"],
    [0, "received", "[12:03:07] Welcome, user7! You come from ('127.0.0.1', 40001).\n"],
    [1, "opened"],
    [1, "received", "[12:03:09] Welcome, user8!\n"],
    [1, "sent", "/dm user7 at 10:15, user7\n"],
    [0, "received", "[12:03:09] user8: at 10:15, user7\n"],
  ]));
  assertEquals(lines.slice(1), [
    "one < [{_=word}] Welcome, {user7=word}! You come from \\('{_=word}', {_=digits}\\).\\n",
    "connect two",
    "two < [{_=word}] Welcome, user8!\\n",
    "two > /dm {user7} at 10:15, {user7}\\n",
    "one < [{_=word}] user8: at 10:15, {user7}\\n",
  ]);
});

Deno.test("nobody is called like a macro or a command, and two messages that nothing divides stay two", () => {
  const happened: Happened[] = [
    [0, "opened"],
    [0, "sent", "join"],
    [0, "sent", "quit"],
    [0, "sent", "#quit"],
    [0, "received", "#quit"],
    [0, "server-closed"],
  ];
  assertEquals(linesOf(stepsOf(readRoom, happened, ["join"])), [
    "name join",
    "connect join-2",
    "join-2 > {join}",
    "join-2 silent",
    "join-2 > quit",
    "join-2 silent",
    "join-2 > \\#quit",
    "join-2 < \\#quit",
    "join-2 closed",
  ]);
});

Deno.test("whoever hears nothing of what others say is asked for silence once, behind what proves it", () => {
  const happened: Happened[] = [0, 1, 2].flatMap((
    one,
  ): Happened[] => [[one, "opened"], [one, "received", `${one + 2}`]]);
  const lines = linesOf(stepsOf(readFrame, [
    ...happened,
    [0, "sent", "2][3][2][hi"],
    [1, "received", "2][3][2][hi"],
    [0, "sent", "2][3][2][ho"],
    [1, "received", "2][3][2][ho"],
    [2, "client-ended"],
    [1, "client-reset"],
    [0, "client-ended"],
  ]));
  assertEquals(lines.slice(-8), [
    "two < {one}][{two}][{length text-2}][{text-2}",
    "fence three:",
    "  one > {one}][{three}][5][fence",
    "  three < {one}][{three}][5][fence",
    "three silent",
    "close three",
    "reset two",
    "close one",
  ]);
});

Deno.test("a session is recorded up to its bounds, and says so", () => {
  const history = new SessionHistory({ now: () => 0 }, { bytes: 10, events: 3 });
  history.add(0, "opened");
  history.add(0, "sent", new Uint8Array(8));
  assertEquals([history.isFull, history.hasWords], [false, true]);
  history.add(0, "received", new Uint8Array(3));
  history.add(0, "received", new Uint8Array(1));
  assertEquals([history.isFull, history.events.length], [true, 2]);
});

/** A failure in which something else came. */
function instead(came: string, connection = "one"): Failure {
  const attempts = [{ connection, fits: "", wanted: ["…"], got: came, isClosed: false }];
  return { kind: "mismatch", place: { file: "f", line: 1 }, step: "s", reason: "r", attempts };
}

Deno.test("a word that is not the same when it is played back is left open, and said", () => {
  const steps = stepsOf(readRoom, [[0, "opened"], [0, "received", "You are number 17 here"]]);
  const number = loosen(steps, steps[1]!, {
    ...instead("8 here"),
    attempts: [{ ...instead("").attempts[0]!, fits: "You are number 1", got: "8 here" }],
  }, new Map());
  assertEquals(linesOf(number!.steps)[1], "one < You are number {_=digits} here");
  assertEquals(number!.note, "17 in what comes on one: it is not the same each time");
  const again = loosen(number!.steps, number!.steps[1]!, instead("They"), new Map());
  assertEquals(linesOf(again!.steps)[1], "one < {_=word} are number {_=digits} here");
});

Deno.test("messages that come in another order are taken in any, each with its acknowledgement", () => {
  const forward = (from: string) => `FORWARD ${from}\nContent-length: 2\n\nhi`;
  const steps = stepsOf(readRelay, [
    [0, "opened"],
    [0, "sent", "REGISTER TORECV bob\n\n"],
    [0, "received", forward("ann")],
    [0, "sent", "RECEIVED ann\n\n"],
    [0, "received", forward("cat")],
    [0, "sent", "RECEIVED cat\n\n"],
  ]);
  const first = steps.find(({ kind }) => kind === "expect")!;
  const made = new Map([["ann", "ann1"], ["cat", "cat2"]]);
  const loosened = loosen(steps, first, instead("FORWARD cat2\\nContent-length: 2\\n\\nhi", "bob.in"), made);
  assertEquals(linesOf(loosened!.steps).slice(-5), [
    "all:",
    "  bob.in < FORWARD {ann}\\nContent-length: {length text}\\n\\n{text}",
    "    bob.in > RECEIVED {ann}\\n\\n",
    "  bob.in < FORWARD {cat}\\nContent-length: {length text}\\n\\n{text}",
    "    bob.in > RECEIVED {cat}\\n\\n",
  ]);
  assert(loosened!.note.startsWith("the order in which 2 messages come on bob.in"), loosened!.note);
});

Deno.test("what does not come in its turn is waited for when another client has said what it says next", () => {
  const steps = stepsOf(readRoom, [
    [0, "opened"],
    [1, "opened"],
    [0, "received", "one"],
    [1, "sent", "two"],
    [0, "received", "three"],
  ]);
  const timeout: Failure = { ...instead(""), kind: "timeout" };
  const loosened = loosen(steps, steps.find(({ kind }) => kind === "expect")!, timeout, new Map());
  assertEquals(linesOf(loosened!.steps).slice(3), ["two > {two}", "one < one", "one < three"]);
});
