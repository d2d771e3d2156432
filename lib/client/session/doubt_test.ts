import { assertEquals } from "@std/assert";
import { silenceWords } from "../../dialects/wrong_server.ts";
import { Doubt, SILENCE } from "./doubt.ts";
import { FakeTimer } from "../testing/fake_timer.ts";

const encode = (text: string) => new TextEncoder().encode(text);

function doubt(dialect: string) {
  const time = new FakeTimer();
  const told: string[] = [];
  const doubt = new Doubt({ dialect, server: "there:1", timer: time.timer, tell: (text) => told.push(text) });
  doubt.begin();
  return { doubt, time, told };
}

Deno.test("what only another protocol's server can say ends it, also in pieces, with what to do", () => {
  const cases: [string, string[], string][] = [
    ["relay", ["Greetings from", " the ChatRoom!"], "there:1 speaks room, not relay: connect with --dialect room"],
    ["slash", ["HTTP/1.1 400 Bad Request\r\n"], "there:1 speaks HTTP, not slash: that is no chat"],
    ["room", ["\x15\x03\x03"], "there:1 speaks TLS, not room: add --tls"],
  ];
  for (const [dialect, pieces, why] of cases) {
    const { doubt: one, told } = doubt(dialect);
    const heard = pieces.map((piece) => one.hear(encode(piece)));
    assertEquals([heard.at(-1), heard.slice(0, -1), told], [why, pieces.slice(1).map(() => undefined), []]);
    one.end();
  }
});

Deno.test("what may be something else is told once, and goes on", () => {
  const { doubt: one, time, told } = doubt("slash");
  assertEquals(one.hear(encode("7")), undefined);
  assertEquals(one.hear(encode("\n")), undefined);
  time.advance(SILENCE);
  assertEquals(told, ["there:1 seems to speak frame, not slash: if so, connect with --dialect frame"]);
});

Deno.test("silence, and words that are no answer, are told after three seconds, unless it is over by then", () => {
  const silent = doubt("room");
  silent.time.advance(SILENCE - 1);
  assertEquals(silent.told, []);
  silent.time.advance(1);
  assertEquals(silent.told, [
    `there:1 has said nothing for 3 s: ${silenceWords("room")}; still waiting`,
  ]);
  const other = doubt("relay");
  other.doubt.hear(encode("Who are you?\n"));
  other.time.advance(SILENCE);
  assertEquals(
    other.told[0]?.startsWith('there:1 has said "Who are you?" and nothing else: a relay server answers'),
    true,
  );
  const accepted = doubt("relay");
  accepted.doubt.end();
  accepted.time.advance(SILENCE);
  assertEquals([accepted.told, accepted.time.pending], [[], 0]);
});

Deno.test("no more than a little of what a server says is looked at and repeated", () => {
  const { doubt: one, time, told } = doubt("relay");
  for (let i = 0; i < 100; i++) one.hear(encode("x".repeat(1_000)));
  time.advance(SILENCE);
  assertEquals(told[0]?.includes(`"${"x".repeat(60)}…"`), true);
});
