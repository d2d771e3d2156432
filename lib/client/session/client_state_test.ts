import { assert, assertEquals } from "@std/assert";
import { type AnyDialect, type ClientEvents } from "../../dialects/dialect.ts";
import { ClientState } from "./client_state.ts";
import { FakeDialect, FakeSession } from "../testing/fake_dialect.ts";
import { FakeFrontend } from "../testing/fake_frontend.ts";
import { PLAIN } from "../output/formatter.ts";
import { Printer } from "../output/printer.ts";

const NOBODY = {} as ClientEvents;

function desk({ interactive = true, requests, readsJson }: {
  interactive?: boolean;
  readsJson?: boolean;
  requests?: AnyDialect["requests"];
} = {}) {
  const frontend = new FakeFrontend(interactive);
  const dialect = Object.assign(new FakeDialect(), requests && { requests });
  const desk = new ClientState({ dialect, frontend, view: new Printer(frontend, PLAIN), readsJson });
  const session = new FakeSession("alice", NOBODY);
  desk.connect(session);
  return { desk, session, frontend };
}

Deno.test("/names tells who is there where the dialect can, and otherwise whom we have met", () => {
  const { desk: one, session, frontend } = desk();
  one.met("bob");
  one.met("a b");
  one.enter("/names");
  Object.assign(session, { present: ["carol"] });
  one.enter("/names");
  assertEquals(frontend.printed, [
    '-- fake does not tell who is there; met so far: "a b", bob',
    "-- here besides us: carol",
  ]);
});

Deno.test("where the dialect has requests for help and names of its own, they are sent", () => {
  const { desk: one, session, frontend } = desk({ requests: { help: "/help", names: "/users" } });
  one.enter("/names");
  one.enter("/help");
  assertEquals(session.entered, ["/users", "/help"]);
  assert(frontend.printed.some((line) => line.includes("/quit")));
});

Deno.test("/quit leaves, and a command that nobody knows is not sent", () => {
  const { desk: one, session } = desk();
  assertEquals(one.enter("/quit"), { kind: "leaving" });
  assertEquals(one.enter("/quti").kind, "rejected");
  assertEquals(session.entered, []);
  one.enter("//quit");
  assertEquals(session.entered, ["/quit"]);
});

Deno.test("a script's lines are the dialect's, whatever they begin with", () => {
  const { desk: one, session } = desk({ interactive: false });
  for (const line of ["/quit", "//x", "/help"]) one.enter(line);
  assertEquals(session.entered, ["/quit", "//x", "/help"]);
});

Deno.test("names are completed with whom we have met, and then with those who are there", () => {
  const { desk: one, session } = desk();
  Object.assign(session, { present: ["bill", "bob"] });
  one.met("bob");
  const { complete } = one.assistance({ history: [], remember: () => {} });
  assertEquals(complete("to b").candidates, ["to bob ", "to bill "]);
});

Deno.test("a line that was being written when the connection went is the next one over the other", async () => {
  const { desk: one, frontend } = desk();
  const before = one.next("a> ");
  const after = one.next("b> ");
  frontend.enter("hello");
  assertEquals([await before, await after], [{ kind: "line", text: "hello" }, { kind: "line", text: "hello" }]);
  assertEquals(frontend.prompts, ["a> ", "b> "]);
});

Deno.test("names that were announced a moment ago are completed, and those who have left are not", () => {
  const { desk: one, session, frontend } = desk();
  const { complete } = one.assistance({ history: [], remember: () => {} });
  for (const name of ["bob", "bill", "alice"]) one.heard(`${name} from [127.0.0.1] has joined the chat!`, "alice");
  assertEquals(complete("to ").candidates, ["to bill ", "to bob "]);
  one.heard("bill has left.", "alice");
  one.lost("nobody");
  assertEquals(complete("to ").candidates, ["to bob "]);
  one.enter("/names");
  one.heard("bill has joined.", "alice");
  one.enter("/names");
  assertEquals(frontend.printed, [
    "-- fake does not tell who is there; met so far: bob; gone: bill",
    "-- fake does not tell who is there; met so far: bill, bob",
  ]);
  Object.assign(session, { expects: "name" });
  assertEquals(complete("").candidates, ["bill ", "bob "]);
  Object.assign(session, { expects: "text" });
  assertEquals([complete("").candidates, complete("hi bi").candidates], [[], ["bill "]]);
});

Deno.test("an object is a message only where a script was told that its lines may be objects", () => {
  const line = '{"to":"bob","text":"hi"}';
  const cases = [[false, true, "to bob: hi"], [false, false, line], [true, true, line]] as const;
  for (const [interactive, readsJson, entered] of cases) {
    const { desk: one, session } = desk({ interactive, readsJson });
    one.enter(line);
    assertEquals(session.entered, [entered]);
  }
  const { desk: one, session } = desk({ interactive: false, readsJson: true });
  const rejected = ['{"to":5.5,"text":"x"}', '{"to":"?","text":"x"}', '{"group":"tea","text":"x"}'].map((line) => {
    const entered = one.enter(line);
    one.taken();
    return [one.numberOf(line), entered.kind === "rejected" ? entered.why : entered.kind];
  });
  assertEquals(rejected, [[1, '"to" is no name'], [2, "nobody is called ?"], [3, "fake has no groups"]]);
  one.enter('{"command":"/leave"}');
  assertEquals(session.entered, ["/leave"]);
});
