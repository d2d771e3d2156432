import { assertEquals } from "@std/assert";
import type { Arrival, Claim, GroupOperation, HistoryFault, Life, OperationHistory, Sending } from "../history.ts";
import { check, checkUnfinished } from "./checkers.ts";

/** A history by hand; what is left out is empty. */
function historyOf(parts: Partial<OperationHistory>): OperationHistory {
  const nothing = { lives: [], claims: [], sendings: [], arrivals: [], groupOperations: [] };
  return { ...nothing, hasAcknowledgements: true, settling: 10_000, end: 20_000, ...parts };
}

function life(id: number, name: string, more: Partial<Life> = {}): Life {
  return { id, user: id, name, begin: id / 10, held: 1 + id / 10, faults: [], ...more };
}

function claim(key: string, life: number, begin: number, end: number, outcome: Claim["outcome"] = "ok"): Claim {
  return { key, life, begin, outcome, ...outcome !== "info" && { end } };
}

function sending(
  id: number,
  life: number,
  to: string | undefined,
  begin: number,
  end: number,
  more: Partial<Sending> = {},
): Sending {
  return { id, life, ...to !== undefined && { to }, size: 9, begin, end, outcome: "ok", ...more };
}

function arrival(sending: number, life: number, from: string, at: number, acknowledged = at + 1): Arrival {
  return { sending, life, from, at, acknowledged };
}

const clausesOf = (history: OperationHistory) => check(history).map(({ clause }) => clause);
const ALICE = life(0, "alice");
const BOB = life(1, "bob");
const CAROL = life(2, "carol");

Deno.test("a message that arrives, is acknowledged and then confirmed is in order", () => {
  const sendings = [sending(0, 0, "bob", 10, 20)];
  assertEquals(clausesOf(historyOf({ lives: [ALICE, BOB], sendings, arrivals: [arrival(0, 1, "alice", 12)] })), []);
});

Deno.test("whole: what nobody sent, a wrong sender and a wrong recipient are found", () => {
  const sendings = [sending(0, 0, "bob", 10, 20)];
  const good = arrival(0, 1, "alice", 12);
  const garbled: Arrival = { life: 1, at: 13, from: "alice", garbled: "#0FORWARD", acknowledged: 14 };
  for (const wrong of [garbled, arrival(0, 2, "alice", 13), arrival(7, 1, "alice", 13)]) {
    const history = historyOf({ lives: [ALICE, BOB, CAROL], sendings, arrivals: [good, wrong] });
    assertEquals(clausesOf(history), ["concurrent-whole"]);
  }
  const history = historyOf({ lives: [ALICE, BOB, CAROL], sendings, arrivals: [arrival(0, 1, "carol", 12)] });
  assertEquals(clausesOf(history), ["concurrent-whole"]);
});

Deno.test("whole: who comes back under another name is still the sender of what it sent under the old one", () => {
  const lives = [
    life(0, "alice", { parting: 11, gone: 11.5 }),
    BOB,
    life(2, "zoe", { user: 0, begin: 12, held: 12.5 }),
  ];
  const sendings = [sending(0, 0, "bob", 10, 20)];
  assertEquals(clausesOf(historyOf({ lives, sendings, arrivals: [arrival(0, 1, "alice", 13)] })), []);
});

Deno.test("once: twice to one is found, once each to all is not", () => {
  const all = [sending(0, 0, undefined, 10, 20)];
  const arrivals = [arrival(0, 1, "alice", 12), arrival(0, 2, "alice", 13)];
  const lives = [ALICE, BOB, CAROL];
  assertEquals(clausesOf(historyOf({ lives, sendings: all, arrivals })), []);
  const twice = [...arrivals, arrival(0, 2, "alice", 15)];
  assertEquals(clausesOf(historyOf({ lives, sendings: all, arrivals: twice })), ["concurrent-once"]);
});

Deno.test("confirmed: before the acknowledgement, and without an arrival", () => {
  const lives = [ALICE, BOB];
  const sendings = [sending(0, 0, "bob", 10, 20)];
  const early = historyOf({ lives, sendings, arrivals: [arrival(0, 1, "alice", 12, 21)] });
  assertEquals(clausesOf(early), ["concurrent-confirmed"]);
  assertEquals(clausesOf(historyOf({ lives, sendings })), ["concurrent-confirmed"]);
  assertEquals(clausesOf(historyOf({ lives: [ALICE], sendings })), ["concurrent-confirmed"]);
});

Deno.test("confirmed: a broadcast that reached only some is found; who came or left meanwhile is not missed", () => {
  const sendings = [sending(0, 0, undefined, 10, 20)];
  const arrivals = [arrival(0, 1, "alice", 12)];
  assertEquals(clausesOf(historyOf({ lives: [ALICE, BOB, CAROL], sendings, arrivals })), ["concurrent-confirmed"]);
  for (const more of [{ held: 15 }, { parting: 11, gone: 13 }]) {
    assertEquals(clausesOf(historyOf({ lives: [ALICE, BOB, life(2, "carol", more)], sendings, arrivals })), []);
  }
});

Deno.test("confirmed: without acknowledgements, what is lost is found unless its recipient broke off before the end", () => {
  const sendings = [sending(0, 0, "bob", 10, 20)];
  const lost = historyOf({ lives: [ALICE, BOB], sendings, hasAcknowledgements: false });
  assertEquals(clausesOf(lost), ["concurrent-confirmed"]);
  const left = life(1, "bob", { parting: 30, gone: 31 });
  assertEquals(clausesOf(historyOf({ lives: [ALICE, left], sendings, hasAcknowledgements: false })), []);
});

Deno.test("refused: one who was there all the time is found, a stall, a departure and an arrival half-way excuse", () => {
  const sendings = [sending(0, 0, "bob", 10, 20, { outcome: "fail", words: "ERROR 102" })];
  const refused = (bob: Life) => clausesOf(historyOf({ lives: [ALICE, bob], sendings }));
  assertEquals(refused(BOB), ["concurrent-refused"]);
  assertEquals(refused(life(1, "bob", { faults: [{ kind: "stall", begin: 9, end: 12 }] })), []);
  assertEquals(refused(life(1, "bob", { parting: 15, gone: 16 })), []);
  assertEquals(refused(life(1, "bob", { held: 11 })), []);
  assertEquals(clausesOf(historyOf({ lives: [ALICE], sendings })), []);
});

Deno.test("refused: one that is gone, while another has come under the same name, is judged by neither alone", () => {
  const sendings = [sending(0, 0, "bob", 10, 20, { outcome: "fail" })];
  const lives = [ALICE, life(1, "bob", { parting: 8, gone: 8.5 }), life(2, "bob", { begin: 8.6, held: 9 })];
  assertEquals(clausesOf(historyOf({ lives, sendings })), []);
});

Deno.test("order: what overtakes is found, from one sender only", () => {
  const sendings = [sending(0, 0, "bob", 10, 20), sending(1, 0, "bob", 11, 21), sending(2, 2, "bob", 9, 22)];
  const lives = [ALICE, BOB, CAROL];
  const right = [arrival(0, 1, "alice", 12), arrival(1, 1, "alice", 13), arrival(2, 1, "carol", 14)];
  assertEquals(clausesOf(historyOf({ lives, sendings, arrivals: right })), []);
  const wrong = [arrival(1, 1, "alice", 12), arrival(0, 1, "alice", 13), arrival(2, 1, "carol", 14)];
  assertEquals(clausesOf(historyOf({ lives, sendings, arrivals: wrong })), ["concurrent-order"]);
});

Deno.test("names: two holders are found, one after the other are not", () => {
  const claims = [claim("x", 0, 1, 2), claim("x", 1, 3, 4)];
  assertEquals(clausesOf(historyOf({ lives: [ALICE, BOB], claims })), ["concurrent-names"]);
  const left = life(0, "alice", { parting: 2.5, gone: 5 });
  assertEquals(clausesOf(historyOf({ lives: [left, BOB], claims })), []);
});

Deno.test("names: asked for at the same moment, one gets it, and only one", () => {
  const claims = (outcome: Claim["outcome"]) => [claim("x", 0, 1, 5), claim("x", 1, 1.1, 4, outcome)];
  assertEquals(clausesOf(historyOf({ lives: [ALICE, BOB], claims: claims("fail") })), []);
  assertEquals(clausesOf(historyOf({ lives: [ALICE, BOB], claims: claims("ok") })), ["concurrent-names"]);
});

Deno.test("names: a free one that is refused is found; soon after its holder has gone it may still be taken", () => {
  const claims = [claim("x", 0, 1, 2), claim("x", 1, 6, 7, "fail")];
  const left = (gone: number) => historyOf({ lives: [life(0, "alice", { parting: 2.5, gone }), BOB], claims });
  assertEquals(clausesOf(left(3)), []);
  const late = [claims[0]!, claim("x", 1, 5_000, 5_001, "fail")];
  assertEquals(clausesOf({ ...left(3), claims: late }), ["concurrent-names"]);
  assertEquals(clausesOf(historyOf({ lives: [BOB, BOB], claims: [claim("x", 1, 6, 7, "fail")] })), [
    "concurrent-names",
  ]);
});

Deno.test("names: one that broke off while it asked may have had it or not", () => {
  const broke = life(0, "alice", { parting: 2, gone: 3 });
  for (const outcome of ["ok", "fail"] as const) {
    const claims = [claim("x", 0, 1, 2, "info"), claim("x", 1, 3.5, 4, outcome)];
    assertEquals(clausesOf(historyOf({ lives: [broke, BOB], claims })), [], outcome);
  }
});

Deno.test("names: who has left with a message unanswered may keep its name for longer", () => {
  const claims = [claim("x", 0, 1, 2), claim("x", 1, 5_000, 5_001, "fail")];
  const { end: _, ...open } = sending(0, 0, "carol", 2.2, 3, { outcome: "info" });
  const left = life(0, "alice", { parting: 2.5, gone: 3 });
  assertEquals(clausesOf(historyOf({ lives: [left, BOB], claims, sendings: [open] })), []);
});

Deno.test("undisturbed: closed for nothing, and never answered", () => {
  const closed = life(1, "bob", { closedByServer: "the peer left", gone: 15 });
  assertEquals(clausesOf(historyOf({ lives: [ALICE, closed] })), ["concurrent-undisturbed"]);
  const stalled = life(1, "bob", { closedByServer: "x", gone: 15, faults: [{ kind: "stall", begin: 3, end: 9 }] });
  assertEquals(clausesOf(historyOf({ lives: [ALICE, stalled] })), []);
  const { end: _, ...open } = sending(0, 0, "bob", 10, 20, { outcome: "info" });
  assertEquals(clausesOf(historyOf({ lives: [ALICE, BOB], sendings: [open] })), ["concurrent-undisturbed"]);
  const excused = life(1, "bob", { faults: [{ kind: "half-close", begin: 12 }], parting: 12 });
  assertEquals(clausesOf(historyOf({ lives: [ALICE, excused], sendings: [open] })), []);
});

Deno.test("members: a lost join is found, what overlaps may be seen or not", () => {
  const op = (
    life: number,
    kind: GroupOperation["kind"],
    begin: number,
    end: number,
    members?: string[],
  ): GroupOperation => ({
    life,
    kind,
    group: "g",
    begin,
    end,
    outcome: "ok",
    ...members && { members },
  });
  const lives = [ALICE, BOB, CAROL];
  const joins = [op(0, "join", 1, 2), op(1, "join", 1.5, 4)];
  const told = (begin: number, members: string[]) =>
    clausesOf(historyOf({ lives, groupOperations: [...joins, op(2, "members", begin, begin + 1, members)] }));
  assertEquals(told(3, ["alice"]), []);
  assertEquals(told(3, ["bob", "alice"]), []);
  assertEquals(told(5, ["alice"]), ["concurrent-members"]);
  assertEquals(told(3, ["carol"]), ["concurrent-members"]);
});

Deno.test("members: who has acknowledged a message late or not at all may be taken out, and nobody else", () => {
  const joined = (life: number, begin: number): GroupOperation => ({
    ...{ life, kind: "join", group: "g", begin, end: begin + 1, outcome: "ok" },
  });
  const list = (members: string[]): GroupOperation => ({
    ...{ life: 2, kind: "members", group: "g", begin: 2_000, end: 2_001, outcome: "ok", members },
  });
  const sending: Sending = { id: 0, life: 2, group: "g", size: 24, begin: 100, end: 101, outcome: "ok" };
  const told = (members: string[], acknowledged: number) =>
    clausesOf(historyOf({
      lives: [ALICE, BOB, CAROL],
      hasAcknowledgements: false,
      groupOperations: [joined(0, 1), joined(1, 2), joined(2, 3), list(members)],
      sendings: [sending],
      arrivals: [
        { life: 0, at: acknowledged - 1, from: "carol", sending: 0, acknowledged },
        { life: 1, at: 102, from: "carol", sending: 0, acknowledged: 103 },
      ],
    }));
  assertEquals(told(["alice", "bob", "carol"], 900), []);
  assertEquals(told(["bob", "carol"], 900), []);
  assertEquals(told(["bob", "carol"], 200), ["concurrent-members"]);
  assertEquals(told(["alice", "carol"], 900), ["concurrent-members"]);
});

Deno.test("of a run that was broken off nobody is blamed for what may still come, and what was wrong before is wrong", () => {
  const unanswered: Sending = { id: 0, life: 0, to: "bob", size: 9, begin: 10, outcome: "info" };
  const brokenOff = historyOf({ lives: [ALICE, BOB], sendings: [unanswered], settling: 20, end: 20 });
  assertEquals(clausesOf(brokenOff), ["concurrent-undisturbed"]);
  assertEquals(checkUnfinished(brokenOff), []);
  const handedOver = {
    ...brokenOff,
    hasAcknowledgements: false,
    sendings: [sending(0, 0, "bob", 10, 10)],
    settling: 3_000,
  };
  assertEquals(clausesOf(handedOver), ["concurrent-confirmed"]);
  assertEquals(checkUnfinished(handedOver), []);
  const twice = [arrival(0, 1, "alice", 12), arrival(0, 1, "alice", 13)];
  const found = checkUnfinished({ ...brokenOff, arrivals: twice });
  assertEquals(found.map(({ clause }) => clause), ["concurrent-once"]);
});

/** The server was stopped from 12 to 500. */
const FROZEN = { freezes: [{ kind: "freeze", begin: 12, end: 500 }] } as const;

Deno.test("freeze: what a server refuses, closes and takes for acknowledged behind it is excused, and not what it does later", () => {
  const refused = (at: number) =>
    clausesOf({
      ...historyOf({ lives: [ALICE, BOB], sendings: [sending(0, 0, "bob", at, at + 600, { outcome: "fail" })] }),
      ...FROZEN,
      end: 9_000,
    });
  assertEquals([refused(10), refused(700)], [[], []]);
  assertEquals(refused(3_000), ["concurrent-refused"]);
  const closed = (gone: number) =>
    clausesOf({
      ...historyOf({ lives: [life(1, "bob", { closedByServer: "the peer left", gone })] }),
      ...FROZEN,
      end: 9_000,
    });
  assertEquals(closed(501), []);
  assertEquals(closed(2_000), ["concurrent-undisturbed"]);
  const confirmed = (at: number) =>
    clausesOf({
      ...historyOf({ lives: [ALICE, BOB], sendings: [sending(0, 0, "bob", at, at + 5)] }),
      ...FROZEN,
      end: 9_000,
    });
  assertEquals(confirmed(505), []);
  assertEquals(confirmed(3_000), ["concurrent-confirmed"]);
});

Deno.test("freeze: a message that comes twice, garbled or in another order is the server's doing all the same, and so is no answer", () => {
  const lives = [ALICE, BOB, CAROL];
  const sendings = [sending(0, 0, "bob", 13, 520), sending(1, 0, "bob", 14, 521)];
  const told = (arrivals: Arrival[]) => clausesOf({ ...historyOf({ lives, sendings, arrivals }), ...FROZEN });
  const [first, second] = [arrival(0, 1, "alice", 501), arrival(1, 1, "alice", 503)];
  assertEquals(told([first, second]), []);
  assertEquals(told([first, second, arrival(1, 1, "alice", 505)]), ["concurrent-once"]);
  assertEquals(told([arrival(1, 1, "alice", 501), arrival(0, 1, "alice", 503)]), ["concurrent-order"]);
  assertEquals(told([first, second, { life: 2, at: 504, from: "alice", garbled: "#0" }]), ["concurrent-whole"]);
  const { end: _, ...open } = sending(0, 0, "bob", 13, 14, { outcome: "info" });
  assertEquals(clausesOf({ ...historyOf({ lives, sendings: [open] }), ...FROZEN, end: 9_000 }), [
    "concurrent-undisturbed",
  ]);
});

Deno.test("freeze: a stopped server sees later that a client is gone, by as long as it was stopped", () => {
  const claims = (at: number) => [claim("x", 0, 1, 2), claim("x", 1, at, at + 1, "fail")];
  const left = life(0, "alice", { parting: 2.5, gone: 3 });
  const told = (at: number, freezes: readonly HistoryFault[]) =>
    clausesOf({ ...historyOf({ lives: [left, BOB], claims: claims(at), end: 9_000 }), freezes });
  assertEquals(told(2_300, []), ["concurrent-names"]);
  assertEquals(told(2_300, FROZEN.freezes), []);
  assertEquals(told(2_600, FROZEN.freezes), ["concurrent-names"]);
});

Deno.test("freeze: who asks for a name in datagrams again, while the server is stopped, may be refused what it has", () => {
  const told = (at: number, isConnectionless: boolean) =>
    clausesOf({
      ...historyOf({ lives: [ALICE], claims: [claim("x", 0, at, at + 5, "fail")], end: 9_000 }),
      isConnectionless,
      ...FROZEN,
    });
  assertEquals(told(499, true), []);
  assertEquals(told(499, false), ["concurrent-names"]);
  assertEquals(told(2_000, true), ["concurrent-names"]);
});

Deno.test("freeze: members that were there before may have been taken out, and those who came after it not", () => {
  const op = (life: number, kind: GroupOperation["kind"], begin: number, members?: string[]): GroupOperation => {
    const operation = { life, kind, group: "g", begin, end: begin + 1, outcome: "ok" } as const;
    return { ...operation, ...members && { members } };
  };
  const told = (joined: number, members: string[]) =>
    clausesOf({
      ...historyOf({
        lives: [ALICE, BOB],
        hasAcknowledgements: false,
        groupOperations: [op(0, "join", joined), op(1, "join", 3_000), op(1, "members", 4_000, members)],
      }),
      isConnectionless: true,
      ...FROZEN,
      end: 9_000,
    });
  assertEquals(told(6, ["bob"]), []);
  assertEquals(told(6, ["alice", "bob"]), []);
  assertEquals(told(2_000, ["bob"]), ["concurrent-members"]);
  assertEquals(told(6, []), ["concurrent-members"]);
});
