import { assertEquals } from "@std/assert";
import { Deadlines } from "../../core/deadlines.ts";
import type { CloseReason } from "../../core/close_reason.ts";
import type { ServerSession } from "../../dialects/dialect.ts";
import { RecordedLink } from "../../dialects/testing/recorded_link.ts";
import { Guard, type Limits } from "./guard.ts";

/** A session that counts bytes as messages, takes `(` for the beginning of one that lasts until `)`, and `!` for registering. */
class Bytewise implements ServerSession {
  isRegistered = false;
  complete = 0;
  unfinished = 0;
  readonly dismissals: CloseReason[] = [];
  receive(bytes: Uint8Array): void {
    for (const character of new TextDecoder().decode(bytes)) {
      if (character === "!") this.isRegistered = true;
      if (character === "(") this.unfinished = this.complete + 1;
      if (character === ")") this.unfinished = 0;
      if (this.unfinished === 0) this.complete++;
    }
  }
  ended(): void {}
  closed(): void {}
  dismiss(reason: CloseReason): void {
    this.dismissals.push(reason);
  }
}

function guarded(limits: Partial<Limits> = {}) {
  const deadlines = new Deadlines(0);
  const link = new RecordedLink();
  const session = new Bytewise();
  const departures: CloseReason[] = [];
  const all = { registrationTimeout: 20_000, messageTimeout: 30_000, idleTimeout: undefined, rate: 1_000, ...limits };
  link.start(new Guard(session, link, all, deadlines, (_, reason) => departures.push(reason)));
  return { deadlines, link, session, departures };
}

Deno.test("who does not register in time is dismissed, however many bytes drip in meanwhile", () => {
  const { deadlines, link, session } = guarded();
  for (let now = 1_000; now < 20_000; now += 1_000) {
    deadlines.advance(now);
    link.feed("x");
  }
  assertEquals(session.dismissals, []);
  deadlines.advance(20_020);
  assertEquals(session.dismissals, ["unregistered"]);
});

Deno.test("who was registered by way of another connection may stay, and is idle like anybody", () => {
  const { deadlines, session } = guarded({ idleTimeout: 50_000 });
  session.isRegistered = true;
  deadlines.advance(21_000);
  assertEquals(session.dismissals, []);
  deadlines.advance(72_000);
  assertEquals(session.dismissals, ["idle"]);
});

Deno.test("who has registered may stay for ever", () => {
  const { deadlines, link, session } = guarded();
  link.feed("!");
  deadlines.advance(10_000_000);
  assertEquals([session.dismissals, deadlines.pending], [[], 0]);
});

Deno.test("who turns out to have registered, and finished a message, when time has passed and not when bytes came, stays", () => {
  const { deadlines, link, session } = guarded({ idleTimeout: 60_000 });
  link.feed("(");
  deadlines.advance(300);
  session.isRegistered = true;
  session.unfinished = 0;
  session.complete++;
  deadlines.advance(40_000);
  assertEquals(session.dismissals, []);
  deadlines.advance(100_000);
  assertEquals(session.dismissals, ["idle"]);
});

Deno.test("a message that is begun and not finished in time dismisses its sender, however it drips", () => {
  const { deadlines, link, session } = guarded();
  link.feed("!", "(");
  for (let now = 1_000; now < 30_000; now += 1_000) {
    deadlines.advance(now);
    link.feed("x");
  }
  assertEquals(session.dismissals, []);
  deadlines.advance(30_020);
  assertEquals(session.dismissals, ["stalled"]);
});

Deno.test("each message has its own time, also where the next begins in the piece in which the last one ends", () => {
  const { deadlines, link, session } = guarded();
  link.feed("!(");
  for (let now = 20_000; now < 200_000; now += 20_000) {
    deadlines.advance(now);
    link.feed(")(");
  }
  link.feed(")");
  assertEquals([session.dismissals, deadlines.pending], [[], 0]);
});

Deno.test("who says nothing for too long is dismissed where that is asked for", () => {
  const { deadlines, link, session } = guarded({ idleTimeout: 60_000 });
  link.feed("!");
  deadlines.advance(50_000);
  link.feed("x");
  deadlines.advance(109_000);
  assertEquals(session.dismissals, []);
  deadlines.advance(110_020);
  assertEquals(session.dismissals, ["idle"]);
});

Deno.test("who sends too fast is read later, at the rate that is allowed", () => {
  const { deadlines, link } = guarded({ rate: 100 });
  link.feed("!" + "x".repeat(99));
  assertEquals(link.paused, false);
  link.feed("x".repeat(50));
  assertEquals(link.paused, true);
  deadlines.advance(490);
  assertEquals(link.paused, true);
  deadlines.advance(510);
  assertEquals(link.paused, false);
});

Deno.test("who goes on sending too fast is dismissed, who pauses is not", () => {
  const { deadlines, link, session } = guarded({ rate: 100 });
  link.feed("!");
  for (let now = 0; now <= 9_000; now += 1_000) {
    deadlines.advance(now);
    link.feed("x".repeat(201));
  }
  deadlines.advance(30_000);
  assertEquals([session.dismissals, link.paused], [[], false]);
  for (let now = 30_000; now <= 42_000 && session.dismissals.length === 0; now += 1_000) {
    deadlines.advance(now);
    if (!link.paused) link.feed("x".repeat(201));
  }
  assertEquals(session.dismissals, ["flood"]);
});

Deno.test("a connection that closes leaves no deadline behind", () => {
  const { deadlines, link, departures } = guarded({ idleTimeout: 60_000, rate: 1 });
  link.feed("!(xx", "xx");
  link.close("lost");
  assertEquals([departures, deadlines.pending], [["lost"], 0]);
});
