import { assertEquals, assertMatch } from "@std/assert";
import { type Behaviour, Serving } from "../mutants/serving.ts";
import type { DialectMutants } from "../mutants/mutant_sets.ts";
import type { Start } from "../mutants/mutant.ts";
import { type Library, loadLibrary } from "../fixtures/library.ts";
import { countServers, examinationsOf, tryHere } from "./examine.ts";
import { tryEach } from "./threads.ts";

const CLAUSES = [
  "demo/greet  must    hi is answered",
  "demo/part   should  bye is answered",
  "demo/shout  may     HI is answered",
].join("\n");

const FIXTURES = {
  "greet.chat": "title: Hi\nclause: demo/greet\n\nconnect x\nx > hi\\n\nx < hello\\n\n",
  "part.chat": "title: Bye\nclause: demo/part\nneeds: demo/greet\n\nconnect x\nx > bye\\n\nx < goodbye\\n\n",
  "shout.chat": "title: HI\nclause: demo/shout\n\nconnect x\nx > HI\\n\nx < HELLO\\n\n",
};

/** Loads a dialect that is made for the tests. */
async function demo(): Promise<Library> {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${dir}/demo`);
    for (const [name, text] of Object.entries({ "clauses.txt": CLAUSES, ...FIXTURES })) {
      await Deno.writeTextFile(`${dir}/demo/${name}`, text);
    }
    return await loadLibrary("demo", { dirs: [dir], embedded: false });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

const RIGHT = { "hi\n": "hello\n", "bye\n": "goodbye\n", "HI\n": "HELLO\n" };

/** A server that answers each line from a table, and closes on others. */
function answering(answers: Readonly<Record<string, string>>): Start {
  const behaviour: Behaviour = (link) => ({
    receive: (bytes) => {
      const answer = answers[new TextDecoder().decode(bytes)];
      if (answer === undefined) return link.end("malformed");
      link.write(new TextEncoder().encode(answer));
    },
    ended: () => link.end("left"),
    closed: () => {},
  });
  return (_settings, { network }) => new Serving(network, behaviour);
}

const OURS = { words: "is ours", start: answering(RIGHT) };
const GRUFF = { clause: "demo/greet", words: "is gruff", start: answering({ ...RIGHT, "hi\n": "yes?\n" }) };
const RUDE = { clause: "demo/part", words: "is rude", start: answering({ ...RIGHT, "bye\n": "go away\n" }) };

async function problems(set: Partial<DialectMutants> = {}, unshown?: string): Promise<readonly string[]> {
  const whole = await demo();
  const library = { ...whole, fixtures: whole.fixtures.filter(({ clause }) => clause.slug !== unshown) };
  const servers = { dialect: "demo", right: [OURS], useless: [], mutants: [GRUFF, RUDE], excuses: {}, ...set };
  const subjects = [{ servers, library, fixtures: library.fixtures }];
  const [examination] = examinationsOf(subjects, await tryEach(countServers(subjects), [tryHere(subjects, 1)]));
  return examination!.problems;
}

Deno.test("a suite that catches every wrong server, and nobody else, has no problems", async () => {
  assertEquals(await problems(), []);
});

Deno.test("a wrong server that passes is a problem", async () => {
  const mutants = [GRUFF, { ...RUDE, start: OURS.start }];
  assertEquals(await problems({ mutants }), ["demo/part: a server that is rude passes"]);
});

Deno.test("a wrong server that another clause catches before its own is a problem", async () => {
  const mutants = [GRUFF, { ...RUDE, start: answering({}) }];
  const [problem] = await problems({ mutants });
  assertEquals(
    problem,
    "demo/part: a server that is rude is caught by another clause before its own: needs demo/greet",
  );
});

Deno.test("a useless server that passes anything but what it keeps is a problem", async () => {
  const useless = { words: "greets alone", start: RUDE.start, keeps: ["demo/greet"] };
  assertEquals(await problems({ useless: [useless] }), ["demo/shout: a server that greets alone passes"]);
  assertEquals(await problems({ useless: [{ ...useless, keeps: ["demo/greet", "shout"] }] }), []);
});

Deno.test("a right server that does not pass is a problem", async () => {
  const [problem, ...others] = await problems({ right: [OURS, { ...RUDE, words: "is polite in its way" }] });
  assertEquals(problem, "demo/part: a server that is polite in its way does not pass: something else arrived on x");
  assertEquals(others, []);
});

Deno.test("a clause that binds, and that no fixture shows or no server breaks, is a problem, unless there is an excuse", async () => {
  const without = { mutants: [GRUFF] };
  assertEquals(await problems(without), ["demo/part: has no server that breaks it"]);
  assertEquals(await problems(without, "demo/part"), [
    "demo/part: has no fixture and no server that breaks it",
  ]);
  const excuses = { "demo/part": "nobody can be asked to leave" };
  assertEquals(await problems({ ...without, excuses }, "demo/part"), []);
  assertEquals(await problems({ excuses }), ["demo/part: is tested, but excused: nobody can be asked to leave"]);
});

Deno.test("a server that throws is a problem, and the others are tried all the same", async () => {
  const broken = new Error("the change is broken");
  const start: Start = (_settings, { network }) =>
    new Serving(network, (link) => ({
      receive: () => {
        throw broken;
      },
      ended: () => link.end("left"),
      closed: () => {},
    }));
  assertEquals(await problems({ mutants: [{ ...GRUFF, start }, { ...RUDE, start: OURS.start }] }), [
    "the server that is gruff is broken itself: the change is broken",
    "demo/part: a server that is rude passes",
  ]);
});

Deno.test("a server that throws when somebody connects is a problem, and keeps nobody waiting", async () => {
  const start: Start = (_settings, { network }) =>
    new Serving(network, () => {
      throw new Error("the change does not fit");
    });
  assertEquals(await problems({ mutants: [{ ...GRUFF, start }, RUDE] }), [
    "the server that is gruff is broken itself: the change does not fit",
  ]);
});

Deno.test("a right server that nobody can reach is a problem, and a useless one is none", async () => {
  const gone: Start = (settings, surroundings) => {
    const server = OURS.start(settings, surroundings);
    const stopped = server.stop();
    return { endpoint: server.endpoint, stop: () => stopped };
  };
  assertEquals(await problems({ useless: [{ words: "is not there", start: gone, keeps: [] }] }), []);
  const [problem, ...others] = await problems({ right: [{ words: "is shy", start: gone }] });
  assertMatch(problem!, /^the server that is shy cannot be tried: cannot reach 127\.0\.0\.1:/);
  assertEquals(others, []);
});
