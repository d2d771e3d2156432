import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { explainClauses } from "./explain.ts";

/** What is said about a clause, and the exit status. */
async function explained(glob: string) {
  const said = { out: "", err: "", status: 0 };
  const io = {
    out: (text: string) => void (said.out += text),
    err: (text: string) => void (said.err += text),
    isTerminal: false,
    color: false,
  };
  said.status = await explainClauses(glob, io);
  return said;
}

Deno.test("a clause is explained by its text, its document, a transcript, and what breaks it", async () => {
  const { out, err, status } = await explained("frame/body-delimiter");
  assertEquals([err, status], ["", 0]);
  for (
    const part of [
      "frame/body-delimiter (should)\n  a message may contain `][` and newlines\n",
      "In docs/protocols/frame.md:",
      "up to 255 bytes, not characters",
      "    clause: frame/body-delimiter\n",
      "What breaks it, and how that looks:",
      "          expected  ",
    ]
  ) assertStringIncludes(out, part);
});

Deno.test("clauses of clients, and those that only many clients at once show, are explained as well", async () => {
  const client = await explained("room/client-server-gone");
  assertStringIncludes(client.out, "A client that says without end that the server is gone:");
  const many = await explained("relay/concurrent-*");
  assertStringIncludes(many.out, "chat conform --stress 10s");
  assert(many.out.split("\nrelay/concurrent-").length > 3);
});

Deno.test("a clause that is not there is told with those that are meant, perhaps", async () => {
  assertEquals(await explained("leave"), {
    out: "",
    err: "chat conform: there is no clause leave: is it frame/leave, group/leave, room/silent-leaver, web/leave?\n",
    status: 2,
  });
  assertEquals((await explained("nix")).err, "chat conform: there is no clause nix: --list shows what there is\n");
});
