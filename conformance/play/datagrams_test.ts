import { assertEquals } from "@std/assert";
import type { DatagramHandler, DatagramPort } from "../../lib/core/datagrams.ts";
import type { Endpoint } from "../../lib/core/link.ts";
import type { CloseReason } from "../../lib/core/close_reason.ts";
import { VirtualTime } from "../../lib/simulation/virtual_time.ts";
import { readPrelude } from "../fixtures/fixture.ts";
import { datagramConventions } from "../fixtures/recognition.ts";
import { DatagramLink } from "./connection/datagram_link.ts";
import { probe } from "./probe.ts";
import { playScripted } from "./testing/scripted_server.ts";

const TARGET: Endpoint = { hostname: "192.0.2.9", port: 4000 };
const PRELUDE = "datagrams: yes\nprobe: hi {name} {port}\nfarewell: bye {port}\nignore: news{_=text}\n";
const prelude = readPrelude(PRELUDE, "prelude.chat");

/** What a server answers: texts to those who listen on these ports. */
type Answer = (text: string, from: number) => readonly (readonly [port: number, text: string])[];

/** Ports 1, 2, … in memory, and a server that answers at once, or somebody else who does. */
class Place {
  readonly heard: string[] = [];
  readonly #ports = new Map<number, FakePort>();
  readonly #answer: Answer;
  readonly #answersFrom: Endpoint;

  constructor(answer: Answer, answersFrom = TARGET) {
    this.#answer = answer;
    this.#answersFrom = answersFrom;
  }

  readonly openPort = () => Promise.resolve(this.open());

  open(): DatagramLink {
    const port = new FakePort(this, { hostname: "192.0.2.1", port: this.#ports.size + 1 });
    this.#ports.set(port.local.port, port);
    return new DatagramLink(port, TARGET);
  }

  take(bytes: Uint8Array, from: number): void {
    const text = new TextDecoder().decode(bytes);
    this.heard.push(`${from}: ${text}`);
    for (const [port, answer] of this.#answer(text, from)) {
      queueMicrotask(() => this.#ports.get(port)?.arrived(new TextEncoder().encode(answer), this.#answersFrom));
    }
  }
}

class FakePort implements DatagramPort {
  #handler: DatagramHandler | undefined;
  #isClosed = false;

  constructor(readonly place: Place, readonly local: Endpoint) {}

  addressFor(): Endpoint {
    return this.local;
  }

  start(handler: DatagramHandler): void {
    this.#handler = handler;
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    if (!this.#isClosed && to === TARGET) this.place.take(bytes, this.local.port);
  }

  close(reason: CloseReason): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    queueMicrotask(() => this.#handler?.closed(reason));
  }

  arrived(bytes: Uint8Array, from: Endpoint): void {
    if (!this.#isClosed) this.#handler?.receive(bytes, from);
  }
}

/** What comes of steps, and what the server heard. */
async function play(steps: readonly string[], answer: Answer, answersFrom?: Endpoint) {
  const place = new Place(answer, answersFrom);
  const result = playScripted(steps, {}, { prelude, openPort: place.openPort, timeout: 300 });
  const { verdict, failure, message } = await result.catch(({ message }) => ({
    verdict: "mistake",
    failure: undefined,
    message: String(message),
  }));
  return { verdict, reason: failure?.reason ?? message, heard: place.heard };
}

/** Answers `a,b` with a datagram `a` and a datagram `b`. */
const echo: Answer = (text, from) => text.split(",").map((part) => [from, part] as const);
const silence: Answer = () => [];

Deno.test("a line is a datagram, and whoever takes it takes all of it", async () => {
  const ask = ["connect x", "x > ab,c"];
  assertEquals((await play([...ask, "x < ab", "x < c"], echo)).verdict, "pass");
  assertEquals((await play([...ask, "x < abc"], echo)).verdict, "mismatch");
  assertEquals((await play([...ask, "x < a", "x < b", "x < c"], echo)).verdict, "mismatch");
  assertEquals((await play([...ask, "x < ab"], echo)).verdict, "unexpected");
  assertEquals((await play([...ask, "x < {_=line}", "x < {_=text}"], echo)).verdict, "pass");
});

Deno.test("a wildcard takes what is left of the datagram, or as much as makes the rest match its end", async () => {
  const ask = ["connect x", "x > aXbXc"];
  assertEquals((await play([...ask, "x < {_=text}Xc"], echo)).verdict, "pass");
  assertEquals((await play([...ask, "x < {_=text}X{last=text}", "x > {last}", "x < bXc"], echo)).verdict, "pass");
  assertEquals((await play([...ask, "x < {_=text}X"], echo)).verdict, "mismatch");
  assertEquals((await play([...ask, "x < (a|aX)(bXc|XbXc)"], echo)).verdict, "pass");
});

Deno.test("a row ends where its braces do", async () => {
  const ask = ["connect x", 'x > \\{"a":\\{"n":1\\}"b":\\{"n":2 "s":"no"\\}\\}'];
  assertEquals((await play([...ask, 'x < {_=text}"n":2{_=row}"no"{_=text}'], echo)).verdict, "pass");
  assertEquals((await play([...ask, 'x < {_=text}"n":1{_=row}"no"{_=text}'], echo)).verdict, "mismatch");
});

Deno.test("an ignored message is a whole datagram", async () => {
  assertEquals((await play(["connect x", "x > news 1,hello,news 2", "x < hello", "x silent"], echo)).verdict, "pass");
  assertEquals((await play(["connect x", "x > new,hello", "x < hello"], echo)).verdict, "mismatch");
  assertEquals((await play(["connect x", "x > news 1", "x < news {_=digits}"], echo)).verdict, "pass");
});

Deno.test("ignored messages that nobody asks for are left out before they are too many; what is no ignored message counts", async () => {
  const many = (text: string): Answer => (_, from) =>
    ["first", ...Array.from({ length: 40 }, () => text), "last"].map((text) => [from, text]);
  const steps = ["connect x", "x > go", "x < first", "x < last"];
  assertEquals((await play(steps, many("news".padEnd(50_000)))).verdict, "pass");
  assertEquals((await play(steps, many("olds".padEnd(50_000)))).verdict, "flood");
});

Deno.test("ports and addresses are values", async () => {
  const steps = ["connect x", "connect x.2", "x > {x.port} {x.2.port} {x.2.address} {target.address} {target.port}"];
  const { verdict, heard } = await play(steps, silence);
  assertEquals([verdict, heard[0]], ["pass", "1: 1 2 192.0.2.1 192.0.2.9 4000"]);
  assertEquals((await play(["connect x", "x > {y.port}"], silence)).verdict, "mistake");
  assertEquals(
    (await play(["connect target"], silence)).reason,
    "a.chat:4: target is the server: no port of ours can be called that",
  );
});

Deno.test("it counts which port is answered, and which machine answers, from whichever port of its own", async () => {
  const steps = ["connect x", "connect y", "x > ask", "y < answer", "x silent"];
  assertEquals((await play(steps, () => [[2, "answer"]])).verdict, "pass");
  assertEquals((await play(steps, () => [[1, "answer"]])).verdict, "timeout");
  assertEquals((await play(steps, () => [[2, "answer"], [1, "answer"]])).verdict, "unexpected");
  assertEquals((await play(steps, () => [[2, "answer"]], { ...TARGET, port: 4001 })).verdict, "pass");
  assertEquals((await play(steps, () => [[2, "answer"]], { ...TARGET, hostname: "192.0.2.8" })).verdict, "timeout");
});

Deno.test("each port says farewell, whatever came of the fixture, unless it was closed", async () => {
  const { heard } = await play(["connect x", "connect y", "connect z", "close z", "x < never"], silence);
  assertEquals(heard, ["1: bye 1", "2: bye 2"]);
});

Deno.test("what is for streams is a mistake", async () => {
  for (const step of ["x closed", "end x", "reset x", "x >> ab"]) {
    const { verdict, reason } = await play(["connect x", step], silence);
    assertEquals([verdict, reason?.includes("is for streams")], ["mistake", true], step);
  }
});

Deno.test("what is left of a try is thrown away before the next", async () => {
  let tries = 0;
  const counting: Answer = (_text, from) => [[from, `${++tries}`], [from, "more"]];
  const steps = ["connect x", "soon:", "  x > ask", "  x < 3", "  x < more"];
  const { verdict, heard } = await play(steps, counting);
  assertEquals([verdict, heard.length], ["pass", 4]);
});

Deno.test("somebody is there if anything comes back, and is left with a farewell", async () => {
  const conventions = datagramConventions(prelude.recognition)!;
  const place: Place = new Place((text, from) => text.startsWith("hi") && place.heard.length > 2 ? [[from, "?"]] : []);
  const { signal } = new AbortController();
  const runtime = new VirtualTime(1);
  await runtime.run(() => probe(runtime, place.open(), conventions, "ann", 200, signal));
  assertEquals(place.heard, ["1: hi ann 1", "1: hi ann 1", "1: hi ann 1", "1: bye 1"]);
  const nobody = new Place(silence);
  const error = await runtime.run(() => probe(runtime, nobody.open(), conventions, "ann", 50, signal)).catch((error) =>
    error
  );
  assertEquals([error.code, nobody.heard.length], ["unreachable", 10]);
});

Deno.test("a prelude says all of how its dialect's datagrams go, or nothing", () => {
  const read = (text: string) => {
    try {
      readPrelude(text, "p.chat");
      return "fine";
    } catch (error) {
      return error instanceof Error ? error.message : error;
    }
  };
  assertEquals(read(PRELUDE), "fine");
  assertEquals(read("datagrams: yes\n"), "p.chat:1: datagrams: needs probe: and farewell:");
  assertEquals(read("datagrams: no\n"), "p.chat:1: datagrams: is yes, or not there");
  assertEquals(
    read("datagrams: yes\nprobe: {who}\nfarewell: bye\n"),
    "p.chat:2: {who} is not known here: {name}, {port}, {address}",
  );
});

Deno.test("a server that has ended is not waited for", async () => {
  const ended = Promise.withResolvers<void>();
  const place = new Place((text, from) => {
    ended.resolve();
    return text === "twice" ? [] : [[from, text]];
  });
  const options = { prelude, openPort: place.openPort, timeout: 60_000, ended: ended.promise };
  for (const steps of [["x < other"], ["x < more"], ["soon:", "  x > twice", "  x < once"]]) {
    const { failure, verdict } = await playScripted(["connect x", "x > more", ...steps], {}, options);
    assertEquals(verdict === "pass", steps[0] === "x < more");
    if (failure?.kind === "timeout") assertEquals(failure.waited! <= 100, true, String(failure.waited));
  }
});
