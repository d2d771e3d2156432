import { assertEquals, assertStringIncludes } from "@std/assert";
import { selfTest } from "./command.ts";

/** Runs a self-test of some fixtures, and gives what it says and its exit status. */
async function run(...filters: string[]): Promise<{ status: number; out: string; err: string }> {
  const said = { out: "", err: "" };
  const io = {
    out: (text: string) => void (said.out += text),
    err: (text: string) => void (said.err += text),
    color: false,
    isTerminal: false,
  };
  return { status: await selfTest({ filters }, io), ...said };
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
