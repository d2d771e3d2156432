import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { EmulatedJob, EmulatedTerminal } from "../testing/emulated_terminal.ts";
import { FakeTimer } from "../testing/fake_timer.ts";
import type { Assistance } from "./frontend.ts";
import { TerminalFrontend } from "./terminal.ts";
import type { SetTimer } from "../session/waiter.ts";

const PROMPT = "alice> ";
/** Nobody who helps. */
const HELPLESS: Assistance = {
  history: [],
  remember: () => {},
  complete: () => ({ on: "", candidates: [] }),
  tell: () => {},
};
const LEFT = "\x1b[D";

async function withTerminal(
  { columns, rows, ...rest }: { columns: number; rows: number; job?: EmulatedJob; timer?: SetTimer },
  use: (frontend: TerminalFrontend, screen: EmulatedTerminal) => Promise<void>,
): Promise<void> {
  const screen = Object.assign(new EmulatedTerminal(columns, rows), rest);
  const frontend = new TerminalFrontend(screen);
  try {
    await use(frontend, screen);
  } finally {
    await frontend.close();
    screen.dispose();
  }
}

/** Where the rows are broken is not what a test asks about. */
const joined = (rows: string[]) => rows.join("");

Deno.test("what is being typed stays as it was, with its cursor, whatever is printed above it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 20, max: 50 }),
      fc.string({ unit: fc.constantFrom("a", "B", " ", "7", "日", "é"), minLength: 1, maxLength: 120, size: "max" }),
      fc.nat(130),
      fc.array(
        fc.string({ unit: fc.constantFrom("x", " ", "本"), maxLength: 70, size: "max" }).map((text) => `m${text}.`),
        {
          maxLength: 12,
        },
      ),
      async (columns, typed, back, messages) => {
        await withTerminal({ columns, rows: 12 }, async (frontend, screen) => {
          const read = frontend.read(PROMPT);
          const behind = Math.min(back, typed.length);
          screen.type(`${typed}|${LEFT.repeat(behind + 1)}`);
          await screen.until((rows) => joined(rows).endsWith(`${typed}|`.slice(-5)));
          for (const message of messages) frontend.print(message);
          screen.type("^");
          const expected = `${typed.slice(0, typed.length - behind)}^${typed.slice(typed.length - behind)}|`;
          // The line is written first, and the cursor goes back behind that.
          await screen.until((rows) => joined(rows).includes("^") && screen.beforeCursor() === "^");
          const shown = joined(screen.rows()).replaceAll(" ", "");
          assert(shown.endsWith(`${PROMPT}${expected}`.replaceAll(" ", "")), shown);
          for (const message of messages) assert(shown.includes(message.replaceAll(" ", "")), message);
          screen.type("\r");
          assertEquals(await read, { kind: "line", text: expected });
        });
      },
    ),
    { numRuns: 60 },
  );
});

const ENTER = "\r";
const CTRL_C = "\x03";
const CTRL_D = "\x04";
const CTRL_Z = "\x1a";
const SMALL = { columns: 40, rows: 10 };

Deno.test("an entered line is read, stays on the screen, and what is printed comes below it", async () => {
  await withTerminal(SMALL, async (frontend, screen) => {
    const read = frontend.read(PROMPT);
    screen.type(`@bob hi${ENTER}`);
    assertEquals(await read, { kind: "line", text: "@bob hi" });
    frontend.print("-- delivered: @bob hi");
    frontend.read(PROMPT);
    await screen.until((rows) => rows.length === 3);
    assertEquals(screen.rows(), [`${PROMPT}@bob hi`, "-- delivered: @bob hi", PROMPT]);
  });
});

Deno.test("lines that are entered before anybody asks are kept, in order", async () => {
  await withTerminal(SMALL, async (frontend, screen) => {
    screen.type(`one${ENTER}two${ENTER}thr`);
    await screen.until((rows) => rows.at(-1) === "thr");
    frontend.print("-- connected");
    assertEquals(await frontend.read(PROMPT), { kind: "line", text: "one" });
    assertEquals(await frontend.read(PROMPT), { kind: "line", text: "two" });
    const third = frontend.read(PROMPT);
    await screen.until((rows) => rows.at(-1) === `${PROMPT}thr`);
    screen.type(`ee${ENTER}`);
    assertEquals(await third, { kind: "line", text: "three" });
  });
});

Deno.test("what is printed while nothing is asked leaves no prompt behind", async () => {
  await withTerminal(SMALL, async (frontend, screen) => {
    frontend.print("one\ntwo");
    frontend.complain("three");
    await screen.until((rows) => rows.length === 3);
    assertEquals(screen.rows(), ["one", "two", "-- three"]);
  });
});

Deno.test("Ctrl-D on an empty line ends the input, and what is printed then starts on a row of its own", async () => {
  await withTerminal(SMALL, async (frontend, screen) => {
    const read = frontend.read(PROMPT);
    screen.type(CTRL_D);
    assertEquals(await read, { kind: "end" });
    assertEquals(await frontend.read(PROMPT), { kind: "end" });
    assertEquals(frontend.interrupted.aborted, false);
    frontend.print("-- bye");
    await screen.until((rows) => rows.includes("-- bye"));
    assertEquals(screen.rows(), [PROMPT, "-- bye"]);
  });
});

Deno.test("Ctrl-C interrupts, with a line half typed, and also while nothing is asked", async () => {
  for (const isAsking of [true, false]) {
    await withTerminal(SMALL, async (frontend, screen) => {
      const interrupted = new Promise((resolve) => frontend.interrupted.addEventListener("abort", resolve));
      const read = isAsking ? frontend.read(PROMPT) : undefined;
      screen.type(`half a li${CTRL_C}`);
      await interrupted;
      if (read !== undefined) assertEquals(await read, { kind: "end" });
      frontend.print("-- bye");
      await screen.until((rows) => rows.includes("-- bye"));
    });
  }
});

Deno.test("Ctrl-Z gives the terminal back and suspends; then the line is there again, below what has come meanwhile", async () => {
  const job = new EmulatedJob(true);
  await withTerminal({ ...SMALL, job, timer: new FakeTimer().timer }, async (frontend, screen) => {
    const read = frontend.read(PROMPT);
    screen.type(`one two${LEFT}`);
    await screen.until(() => screen.beforeCursor() === "w");
    screen.type(CTRL_Z);
    await screen.until((rows) => job.stops === 1 && rows.length === 0);
    assertEquals([screen.modes.at(-1), screen.marksPastes], [false, false]);
    frontend.print("bob: hi");
    job.goOn();
    await screen.until((rows) => rows.at(-1) === `${PROMPT}one two`);
    assertEquals([screen.rows(), screen.beforeCursor()], [["bob: hi", `${PROMPT}one two`], "w"]);
    assertEquals([screen.modes.at(-1), screen.marksPastes], [true, true]);
    screen.type(`-${ENTER}`);
    assertEquals(await read, { kind: "line", text: "one tw-o" });
  });
});

Deno.test("where nothing stops us, as under no shell, Ctrl-Z takes the terminal again at once", async () => {
  const time = new FakeTimer();
  await withTerminal({ ...SMALL, job: new EmulatedJob(true), timer: time.timer }, async (frontend, screen) => {
    frontend.read(PROMPT);
    screen.type("half");
    await screen.until((rows) => rows.at(-1) === `${PROMPT}half`);
    screen.type(CTRL_Z);
    await screen.until((rows) => rows.length === 0);
    await time.armed();
    time.advance(1_000);
    await screen.until((rows) => rows.at(-1) === `${PROMPT}half`);
    assertEquals(screen.modes.at(-1), true);
  });
});

Deno.test("where we may not stop ourselves, Ctrl-Z says what is missing", async () => {
  const job = new EmulatedJob(false);
  await withTerminal({ ...SMALL, columns: 90, job }, async (frontend, screen) => {
    const read = frontend.read(PROMPT);
    screen.type(`one${CTRL_Z} two`);
    const hint = "-- Ctrl-Z suspends only with the permission to run programs (--allow-run)";
    await screen.until((rows) => rows.at(-2) === hint && rows.at(-1) === `${PROMPT}one two`);
    assertEquals([job.stops, screen.modes.at(-1)], [0, true]);
    screen.type(ENTER);
    assertEquals(await read, { kind: "line", text: "one two" });
  });
});

Deno.test("where there is no such thing, Ctrl-Z does nothing", async () => {
  await withTerminal(SMALL, async (frontend, screen) => {
    const read = frontend.read(PROMPT);
    screen.type(`one${CTRL_Z} two${ENTER}`);
    assertEquals(await read, { kind: "line", text: "one two" });
  });
});

const CTRL_G = "\x07";
const CTRL_R = "\x12";
const CTRL_S = "\x13";
const EARLIER = ["@bob bye", "@carol hi", "@bob hi"];

Deno.test("Ctrl-R looks for an earlier line, again further back, and Enter takes it", async () => {
  await withTerminal(SMALL, async (frontend, screen) => {
    frontend.assist({ ...HELPLESS, history: EARLIER });
    const read = frontend.read(PROMPT);
    screen.type(`half${CTRL_R}bob`);
    await screen.until((rows) => rows.at(-1) === "(reverse-i-search)'bob': @bob bye");
    frontend.print("dave: hello");
    await screen.until((rows) => rows.at(-1) === "(reverse-i-search)'bob': @bob bye" && rows.at(-2) === "dave: hello");
    screen.type(CTRL_R);
    await screen.until((rows) => rows.at(-1) === "(reverse-i-search)'bob': @bob hi");
    screen.type(CTRL_S);
    await screen.until((rows) => rows.at(-1) === "(reverse-i-search)'bob': @bob bye");
    screen.type(CTRL_R);
    screen.type(ENTER);
    assertEquals(await read, { kind: "line", text: "@bob hi" });
    await screen.until((rows) => rows.at(-1) === `${PROMPT}@bob hi`);
  });
});

Deno.test("Ctrl-R: Esc and Ctrl-G leave the line as it was, and a key that edits takes what was found", async () => {
  await withTerminal(SMALL, async (frontend, screen) => {
    frontend.assist({ ...HELPLESS, history: EARLIER });
    const read = frontend.read(PROMPT);
    screen.type(`half${LEFT}`);
    for (const away of ["\x1b", CTRL_G]) {
      screen.type(`${CTRL_R}car`);
      await screen.until((rows) => rows.at(-1) === "(reverse-i-search)'car': @carol hi");
      screen.type(away);
      await screen.until((rows) => rows.at(-1) === `${PROMPT}half`);
      assertEquals(screen.beforeCursor(), "l");
    }
    screen.type(`${CTRL_R}carx`);
    await screen.until((rows) => joined(rows).endsWith("(failed reverse-i-search)'carx': @carol hi"));
    screen.type(`\x7f${LEFT}`);
    await screen.until((rows) => rows.at(-1) === `${PROMPT}@carol hi`);
    screen.type(`\x05!${ENTER}`);
    assertEquals(await read, { kind: "line", text: "@carol hi!" });
  });
});

Deno.test("Ctrl-R while a question is answered looks for nothing", async () => {
  await withTerminal(SMALL, async (frontend, screen) => {
    frontend.assist({ ...HELPLESS, history: EARLIER });
    const name = frontend.read("Name: ", "answer");
    screen.type(`${CTRL_R}bob${ENTER}`);
    assertEquals(await name, { kind: "line", text: "bob" });
  });
});

Deno.test("a signal to stop interrupts, also after the input has ended, until the terminal is given back", async () => {
  const screen = new EmulatedTerminal(40, 10);
  const frontend = new TerminalFrontend(screen);
  frontend.endInput();
  assert(screen.hasSignalListener);
  screen.signal();
  assert(frontend.interrupted.aborted);
  await frontend.close();
  assert(!screen.hasSignalListener);
  screen.dispose();
});

Deno.test("a terminal that goes away ends the input", async () => {
  await withTerminal(SMALL, async (frontend, screen) => {
    const read = frontend.read(PROMPT);
    screen.input.destroy(new Error("EIO"));
    assertEquals(await read, { kind: "end" });
  });
});

Deno.test("a message is broken by us, so that none of it gets to the left edge", async () => {
  await withTerminal(SMALL, async (frontend, screen) => {
    frontend.read(PROMPT);
    frontend.print(`mallory: hi${" ".repeat(29)}bob: lend me ten`);
    await screen.until((rows) => rows.length >= 2 && rows.at(-1)!.startsWith("alice>"));
    assertEquals(screen.rows().filter((row) => row.startsWith("bob")), []);
  });
});

Deno.test("what is typed stays in place when the terminal gets another width", async () => {
  await withTerminal(SMALL, async (frontend, screen) => {
    frontend.read(PROMPT);
    const typed = "0123456789".repeat(6);
    screen.type(typed);
    await screen.until((rows) => joined(rows).endsWith(typed));
    screen.resize(25);
    frontend.print("bob: hi");
    await screen.until((rows) => joined(rows).endsWith(PROMPT + typed));
    assert(screen.rows().includes("bob: hi"));
    assertEquals(screen.beforeCursor(), "9");
  });
});

const UP = "\x1b[A";
const TAB = "\t";
const pasted = (text: string) => `\x1b[200~${text}\x1b[201~`;

Deno.test("earlier lines come back with Up, also those of an earlier day, and each line is kept; answers are not", async () => {
  await withTerminal(SMALL, async (frontend, screen) => {
    const kept: string[] = [];
    const assistance = { history: ["yesterday"], remember: (line: string) => void kept.push(line) };
    frontend.assist({ ...HELPLESS, ...assistance });
    const name = frontend.read("Name: ", "answer");
    screen.type(`alice${ENTER}`);
    await name;
    const today = frontend.read(PROMPT);
    screen.type(`today${ENTER}`);
    await today;
    const again = frontend.read(PROMPT);
    screen.type(`${UP}${UP}${ENTER}`);
    assertEquals(await again, { kind: "line", text: "yesterday" });
    assertEquals(kept, ["today", "yesterday"]);
  });
});

Deno.test("Tab puts in what the line could become, and again what it could become otherwise", async () => {
  await withTerminal(SMALL, async (frontend, screen) => {
    const candidates = ["@bob ", "@bill "];
    frontend.assist({ ...HELPLESS, complete: (on) => ({ on, candidates }) });
    // Tabs that come together with other keys are not taken for keys.
    const press = async (shown: string) => {
      screen.type(TAB);
      await screen.until((rows) => rows.at(-1) === `${PROMPT}${shown} `);
    };
    const read = frontend.read(PROMPT);
    screen.type("@b");
    await press("@bob");
    await press("@bill");
    await press("@bob");
    screen.type(`ho${ENTER}`);
    assertEquals(await read, { kind: "line", text: "@bob ho" });
    const question = frontend.read("Name: ", "answer");
    screen.type("@b");
    await screen.until((rows) => rows.at(-1) === "Name: @b");
    screen.type(TAB);
    screen.type(`!${ENTER}`);
    assertEquals(await question, { kind: "line", text: "@b!" });
  });
});

Deno.test("Tab with one thing that it could be puts that in, and the next Tab does nothing more", async () => {
  await withTerminal(SMALL, async (frontend, screen) => {
    frontend.assist({ ...HELPLESS, complete: (on) => ({ on, candidates: ["/help "] }) });
    const read = frontend.read(PROMPT);
    screen.type("/h");
    await screen.until((rows) => rows.at(-1) === `${PROMPT}/h`);
    for (let presses = 0; presses < 3; presses++) {
      screen.type(TAB);
      await screen.until((rows) => rows.at(-1) === `${PROMPT}/help `);
      await new Promise((resolve) => setTimeout(resolve));
    }
    screen.type(`!${ENTER}`);
    assertEquals(await read, { kind: "line", text: "/help !" });
    await screen.until((rows) => rows.at(-1) === `${PROMPT}/help !`);
    assertEquals(screen.rows(), [`${PROMPT}/help !`]);
  });
});

Deno.test("many lines at once from a terminal that marks no pastes are asked about, all pieces of them together", async () => {
  const time = new FakeTimer();
  await withTerminal({ ...SMALL, timer: time.timer }, async (frontend, screen) => {
    const told: string[] = [];
    frontend.assist({ ...HELPLESS, tell: (text) => void told.push(text) });
    const read = frontend.read(PROMPT);
    screen.type("a");
    await screen.until((rows) => rows.at(-1) === `${PROMPT}a`);
    screen.type("1\r2\r3\r4\r5");
    await time.armed();
    time.advance(99);
    screen.type("6\r7\r");
    await new Promise((resolve) => setTimeout(resolve));
    time.advance(99);
    assertEquals(screen.rows().at(-1), `${PROMPT}a`);
    time.advance(1);
    await screen.until((rows) => rows.at(-1) === "Send 6 pasted lines? [y/N] ");
    screen.type(CTRL_D);
    await screen.until((rows) => rows.at(-1) === `${PROMPT}a`);
    assertEquals(told, ["what was pasted was left out"]);
    screen.type(ENTER);
    assertEquals(await read, { kind: "line", text: "a" });
  });
});

Deno.test("what is pasted while there is a question is left out, and that is told", async () => {
  await withTerminal(SMALL, async (frontend, screen) => {
    const told: string[] = [];
    frontend.assist({ ...HELPLESS, tell: (text) => void told.push(text) });
    const read = frontend.read(PROMPT);
    screen.type(pasted("1\n2\n3\n4\n"));
    await screen.until((rows) => rows.at(-1) === "Send 4 pasted lines? [y/N] ");
    screen.type(`${pasted("y\n")}y${ENTER}`);
    assertEquals(await read, { kind: "line", text: "1" });
    assertEquals(told, ["what was pasted was left out: there is a question to answer first"]);
  });
});

Deno.test("up to three pasted lines are sent, and what is behind them stays to be edited", async () => {
  await withTerminal(SMALL, async (frontend, screen) => {
    const read = frontend.read(PROMPT);
    screen.type(`0${pasted("1\r\n2\n3\r4\x1b[2J")}5${ENTER}`);
    assertEquals(await read, { kind: "line", text: "01" });
    for (const text of ["2", "3", "4[2J5"]) assertEquals(await frontend.read(PROMPT), { kind: "line", text });
  });
});

Deno.test("more than three pasted lines are sent only if the answer is yes; what was being typed stays", async () => {
  for (const answer of ["y", "n"]) {
    await withTerminal(SMALL, async (frontend, screen) => {
      const read = frontend.read(PROMPT);
      screen.type(`a|${LEFT}${pasted("1\n2\n3\n4\n")}`);
      await screen.until((rows) => rows.at(-1) === "Send 4 pasted lines? [y/N] ");
      frontend.print("bob: hi");
      await screen.until((rows) => rows.at(-2) === "bob: hi" && rows.at(-1) === "Send 4 pasted lines? [y/N] ");
      screen.type(`${answer}${ENTER}`);
      if (answer === "n") {
        await screen.until((rows) => rows.at(-1) === `${PROMPT}a|` && rows.includes("-- what was pasted was left out"));
        assertEquals(screen.beforeCursor(), "a");
        screen.type(`b${ENTER}`);
        assertEquals(await read, { kind: "line", text: "ab|" });
      } else {
        assertEquals(await read, { kind: "line", text: "a1|" });
        for (const text of ["2", "3", "4"]) assertEquals(await frontend.read(PROMPT), { kind: "line", text });
      }
    });
  }
});

Deno.test("another prompt leaves alone what is typed", async () => {
  await withTerminal(SMALL, async (frontend, screen) => {
    const read = frontend.read(PROMPT);
    screen.type("hal");
    await screen.until((rows) => rows.at(-1) === `${PROMPT}hal`);
    frontend.reprompt("8> ");
    await screen.until((rows) => rows.at(-1) === "8> hal");
    screen.type(`lo${ENTER}`);
    assertEquals(await read, { kind: "line", text: "hallo" });
  });
});
