import { assertEquals, assertStringIncludes } from "@std/assert";
import { selfTest, type SelfTestOptions } from "./command.ts";
import { countServers, tryHere } from "./examine.ts";
import { loadSubjects } from "./subjects.ts";
import { startThread, threadsFor, tryEach } from "./threads.ts";

/** Runs a self-test of some fixtures, and gives what it says and its exit status. */
function run(...filters: string[]): Promise<{ status: number; out: string; err: string }> {
  return runWith({ filters });
}

async function runWith(options: SelfTestOptions): Promise<{ status: number; out: string; err: string }> {
  const said = { out: "", err: "" };
  const io = {
    out: (text: string) => void (said.out += text),
    err: (text: string) => void (said.err += text),
    color: false,
    isTerminal: false,
  };
  return { status: await selfTest(options, io), ...said };
}

Deno.test("the self-test of a clause shows who was caught by what", async () => {
  const { status, out } = await run("relay/register-all");
  assertEquals(status, 0, out);
  assertStringIncludes(out, "| relay/register-all | takes ALL for a name ");
  assertStringIncludes(out, "every wrong server is caught by its own clause: 4 of 4");
});

Deno.test("a self-test for which nothing was selected has a status of its own", async () => {
  assertEquals(await run("relay/nothing"), {
    status: 4,
    out: "",
    err: "chat conform: nothing was selected: no fixture matches relay/nothing\n",
  });
});

Deno.test("a self-test in several threads says the same from every run, but for how long it took", async () => {
  const once = async () => {
    const { status, out } = await runWith({ filters: ["vanish", "quit*", "usage-*"], dialects: ["slash"], seed: 7 });
    return { status, out: out.replace(/\(\d+\.\d s\)/, "(… s)") };
  };
  const told = await once();
  assertEquals(told.status, 0, told.out);
  assertEquals(await once(), told);
});

Deno.test("a thread tries the same as is tried here", async () => {
  const selection = { filters: ["room/greeting"] };
  const subjects = await loadSubjects(selection);
  const thread = startThread({ selection, seed: 3 });
  try {
    const all = countServers(subjects);
    assertEquals(await tryEach(all, [thread.tryServer]), await tryEach(all, [tryHere(subjects, 3)]));
  } finally {
    thread.end();
  }
});

Deno.test("a thread for each core is started where there is enough to do", () => {
  assertEquals([threadsFor(500, 4), threadsFor(45, 4), threadsFor(7, 4), threadsFor(500, 1)], [4, 2, 1, 1]);
});
