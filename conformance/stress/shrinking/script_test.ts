import { assertEquals } from "@std/assert";
import type { Finding, Life, OperationHistory } from "../history.ts";
import type { PlannedStep, UserStep } from "../plan.ts";
import {
  itemsAbout,
  itemsBetween,
  likelyItems,
  merged,
  scriptFor,
  scriptText,
  simpler,
  type UserScript,
  usersIn,
} from "./script.ts";

function planned(step: UserStep, at: number): PlannedStep {
  return { step, at, atBeat: false, pause: 0 };
}

function sends(
  to: number | "all",
  at: number,
  more: { readonly count?: number; readonly size?: number } = {},
): PlannedStep {
  return planned({ kind: "send", to, count: 1, size: 64, filling: "words", ...more }, at);
}

function returns(as: "own" | number, at: number, by: "leave" | "reset" = "leave"): PlannedStep {
  return planned({ kind: "return", as, by }, at);
}

function life(id: number, name: string): Life {
  return { id, user: id, name, begin: 0, held: 1, faults: [] };
}

/** Four users; user 1 is sent to by 0 and 3, and 2 talks to 3. */
const STEPS: UserScript = [[sends(1, 100)], [], [sends(3, 104)], [sends(1, 105), returns(1, 106)]];
const HISTORY = {
  lives: ["a", "b", "c", "d"].map((name, id) => life(id, name)),
  sendings: [{ id: 0, life: 0, to: "b", size: 64, begin: 100, outcome: "info" }],
} as unknown as OperationHistory;
const GARBLED: Finding = { clause: "concurrent-whole", text: "", at: 110, lives: [1], sendings: [] };

Deno.test("steps keep how far they were apart, and users are numbered anew", () => {
  const items = itemsBetween(STEPS, 102, 110);
  assertEquals(items.map(({ user, planned: { at } }) => [user, at]), [[2, 0], [3, 1], [3, 2]]);
  const script = scriptFor(items.slice(0, 1), 4, 3);
  assertEquals(script, [[sends(1, 0)], []]);
});

Deno.test("what has to do with a client is what it does and what is sent to it", () => {
  const items = itemsAbout(itemsBetween(STEPS, 0, 110), GARBLED, HISTORY);
  assertEquals(items.map(({ user }) => user), [0, 3]);
});

Deno.test("what is likely is a few messages at once to who got what was wrong, or two who want one name", () => {
  const items = itemsBetween(STEPS, 0, 110);
  const bursts = likelyItems(items, GARBLED, HISTORY, 4);
  assertEquals(bursts.map((burst) => burst.map(({ user }) => user)), [[0, 2], [0, 2, 3], [0, 2]]);
  assertEquals(new Set(bursts.flat().map(({ planned: { step } }) => step.kind === "send" && step.to)), new Set([1]));
  const wanted = likelyItems(items, { ...GARBLED, clause: "concurrent-names" }, HISTORY, 4);
  assertEquals(wanted.map((steps) => steps.map(({ planned: { step } }) => step.kind)), [["return", "return"]]);
});

Deno.test("who sends to all has somebody to get it", () => {
  assertEquals(scriptFor(itemsBetween([[sends("all", 5)], [], [], [], []], 0, 9), 5, 3).length, 3);
});

Deno.test("what goes to all and is missed has somebody leave meanwhile", () => {
  const finding = { ...GARBLED, lives: [], sendings: [0] };
  const history = { ...HISTORY, sendings: [{ life: 0, size: 64, begin: 100 }] } as unknown as OperationHistory;
  const [leaves, resets] = likelyItems(itemsBetween([[sends("all", 100)], [], []], 0, 110), finding, history, 3);
  const told = (items: typeof leaves) => scriptText(scriptFor(items!, 3, 3));
  assertEquals(told(leaves), "3 users, 1 message, 1 leaves and comes back");
  assertEquals(told(resets), "3 users, 1 message, 1 leaves and comes back, 1 fault");
});

Deno.test("who is closed for nothing has somebody break off whom it writes to", () => {
  const finding = { ...GARBLED, clause: "concurrent-undisturbed", lives: [3] };
  const [resets] = likelyItems(itemsBetween([[sends(3, 100)], [], [], []], 0, 110), finding, HISTORY, 4);
  assertEquals(resets!.map(({ user, planned: { step, at } }) => [user, step.kind, at]), [[3, "return", 0], [
    0,
    "send",
    3,
  ]]);
});

Deno.test("one user does what two did, unless it would send to itself", () => {
  const items = itemsBetween([[sends(2, 1)], [sends(3, 2)], [], []], 0, 9);
  assertEquals(usersIn(items).sort(), [0, 1, 2, 3]);
  assertEquals(scriptFor(merged(merged(items, 3, 2)!, 1, 0)!, 4, 3), [[sends(1, 0), sends(1, 1)], []]);
  assertEquals(merged(items, 0, 2), undefined);
});

Deno.test("a script is told in few words", () => {
  assertEquals(
    scriptText([[sends(1, 0, { count: 2 })], [returns("own", 0, "reset")]]),
    "2 users, 2 messages, 1 leaves and comes back, 1 fault",
  );
  assertEquals(scriptText([[planned({ kind: "join", group: 0 }, 0)]]), "1 user, 1 group request");
});

Deno.test("a step is made simpler until nothing is left to be made", () => {
  const { step } = sends(1, 0, { count: 3, size: 5_000 });
  const [simplest] = simpler(step);
  assertEquals(simplest, { kind: "send", to: 1, count: 1, size: 24, filling: "words" });
  assertEquals(simpler(simplest!), []);
  assertEquals(simpler(returns(2, 0, "reset").step), [returns(2, 0).step]);
  assertEquals(simpler(returns(2, 0).step), []);
});
