import { assert, assertEquals, assertMatch } from "@std/assert";
import { DIALECTS } from "../../lib/dialects/registry.ts";
import { select } from "../fixtures/filter.ts";
import type { Fixture } from "../fixtures/fixture.ts";
import { loadLibrary } from "../fixtures/library.ts";
import type { Failure } from "../play/failure.ts";
import type { Result } from "../results/verdict.ts";
import { commandOf, needs } from "../testing/needed_programs.ts";
import { Reproducers } from "./reproducers.ts";
import type { StartedClient } from "./script.ts";
import { python } from "./testing/python.ts";

const FAKES = new URL("../../tests/fakes/", import.meta.url).pathname;
/** What every script ends in begins with this. */
const HELPERS = "\n# What the steps above are made of";
/** Compiles the texts of which a list is given. */
const COMPILE = `import json, sys
for name, text in json.load(sys.stdin):
    compile(text, name, "exec")
print("compiled")`;

function clientOf(program: string, ...words: string[]): StartedClient {
  const command = [commandOf("python3") ?? "python3", `${FAKES}${program}`, ...words];
  return { command, input: "", hasTerminal: false };
}

/** Writes scripts for fixtures as if they had failed, with this failure, and gives their names. */
async function write(
  fixtures: readonly Fixture[],
  client: StartedClient,
  folder: string,
  failure?: Failure,
): Promise<string[]> {
  const target = { role: "client", dialect: "relay", hostname: "127.0.0.1", port: 0, command: client.command } as const;
  const context = { target, client, tls: false, timeout: 5_000, recorded: [], began: new Date() };
  const results = fixtures.map((fixture): Result => ({
    fixture,
    verdict: "fail",
    chosen: [],
    duration: 0,
    ...failure && { failure },
  }));
  const reproducers = await Reproducers.open(folder);
  return [...(await reproducers.write(results, context)).values()];
}

async function clientFixtures(dialect: string): Promise<readonly Fixture[]> {
  return (await loadLibrary(dialect, { dirs: [], embedded: true }, "client")).fixtures;
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  ...needs(["python3"], "there is a script of every fixture for clients, and Python takes it"),
  fn: () =>
    inFolder(async (folder) => {
      const texts: [string, string][] = [];
      for (const { name } of DIALECTS) {
        const fixtures = await clientFixtures(name);
        const scripts = await write(fixtures, clientOf("none.py"), folder);
        assertEquals(scripts.length, fixtures.length);
        for (const [i, script] of scripts.entries()) {
          const text = await Deno.readTextFile(script);
          // What all of them end in is the same.
          texts.push([script, i === 0 ? text : text.slice(0, text.indexOf(HELPERS))]);
        }
      }
      const { status, out, err } = await python(["-c", COMPILE], JSON.stringify(texts));
      assertEquals([status, out.trim(), err], [0, "compiled", ""]);
    }),
});

Deno.test({
  ...needs(["python3"], "the script of a client's failure fails with that client, and passes with one that is right"),
  fn: () =>
    inFolder(async (folder) => {
      const place = ["{host}", "{port}", "{name}"];
      const fixtures = select(await clientFixtures("relay"), ["relay/client-confirmed"]).slice(0, 1);
      const [script] = await write(fixtures, clientOf("wrong_relay_client.py", ...place), folder);
      const failed = await python([script!]);
      assertEquals([failed.status, failed.err], [1, ""], failed.out);
      assertMatch(failed.out, /\nThis client fails at line \d+: delivered and refused read alike\.\n/);
      const right = clientOf("relay_client.py", ...place).command.map((word) => `'${word}'`).join(" ");
      const passed = await python([script!, right]);
      assertEquals([passed.status, passed.err], [0, ""], passed.out);
      assertMatch(passed.out, /\nAll of it came true: this client passes\.\n$/);
    }),
});

Deno.test({
  ...needs(
    ["python3"],
    "the script for a client that speaks datagrams plays the server and others, and knows where it listens",
  ),
  fn: () =>
    inFolder(async (folder) => {
      const client = clientOf("group_client.py", "{name}", "{host}", "{port}", "{client-port}");
      const fixtures = await clientFixtures("group");
      const names = ["group/client-table", "group/client-receive.umlauts"];
      const scripts = await write(fixtures.filter(({ name }) => names.includes(name)), client, folder);
      assertEquals(scripts.length, names.length);
      for (const script of scripts) {
        const { status, out, err } = await python([script]);
        assertEquals([status, err], [0, ""], out);
      }
    }),
});

Deno.test({
  ...needs(
    ["python3"],
    "the script for a client that asks types what is asked for, and says where a file or an exit status is not as it should",
  ),
  fn: () =>
    inFolder(async (folder) => {
      const program = `${folder}/asks.py`;
      await Deno.mkdir(`${folder}/client`);
      await Deno.writeTextFile(
        program,
        `import socket\nhost, port = input("host? "), int(input("port? "))\nlink = socket.create_connection((host, port))\n` +
          `print(link.recv(100).decode())\ninput()\nraise SystemExit(3)\n`,
      );
      await Deno.writeTextFile(
        `${folder}/client/own.chat`,
        "title: It ends well\nclause: room/client-quit\n\naccept link\nlink > welcome\nshows welcome\ntype bye\\n\nends 0\n",
      );
      const { fixtures } = await loadLibrary("room", { dirs: [folder], embedded: true }, "client");
      const own = fixtures.filter(({ file }) => file.endsWith("own.chat"));
      assert(own.length === 1);
      const client = {
        command: [commandOf("python3")!, program],
        input: "{host}\n{port}\n",
        hasTerminal: false,
      };
      const [script] = await write(own, client, folder);
      const { status, out, err } = await python([script!]);
      assertEquals([status, err], [1, ""], out);
      assertMatch(out, /expected {2}terminal: the program ends, exit status 0\n/);
      const nobody = await python([script!, "no-such-program-here"]);
      assertEquals(nobody.status, 3);
      assertMatch(nobody.err, /^the client cannot be started: [^\n]+\n$/);
    }),
});
