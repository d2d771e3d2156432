import { assert, assertEquals, assertMatch } from "@std/assert";
import { commandOf, needs } from "../conformance/testing/needed_programs.ts";
import { DIALECTS } from "../lib/dialects/registry.ts";
import { programWords, runProgram } from "./program.ts";

const PYTHON = commandOf("python3");
const IS_BINARY = Deno.env.get("CHAT_PROGRAM") !== undefined;

function fake(name: string): string {
  return `${PYTHON} '${new URL(`fakes/${name}`, import.meta.url).pathname}'`;
}

/** A client and how it is started: clients of others, one of them in a terminal, which Windows has not. */
const OTHERS: readonly [dialect: string, command: string, ...options: string[]][] = [
  ["relay", "relay_client.py {host} {port} {name}"],
  ["frame", "frame_client.py {host} {port}"],
  ["slash", "slash_client.py {host} {port}", ...(Deno.build.os === "windows" ? [] : ["--pty"])],
  ["group", "group_client.py {name} {host} {port} {client-port}"],
  ["room", "room_client.py {host} {port}"],
];

async function conforms(args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await runProgram([...args]);
  assertEquals([status, stderr], [0, ""], stdout);
  assert(!/FAIL|blocked|ERROR/.test(stdout), stdout);
  return stdout;
}

// What a binary plays to them is the same.
for (const [dialect, command, ...options] of IS_BINARY ? [] : OTHERS) {
  const [file, ...args] = command.split(" ");
  Deno.test({
    ...needs(["python3"], `a right ${dialect} client keeps every clause`),
    fn: async () => {
      const words = [fake(file!), ...args].join(" ");
      const told = await conforms(["conform", "--client-cmd", words, "--dialect", dialect, "--strict", ...options]);
      assertMatch(told, new RegExp(`^a ${dialect} client, \\d+ fixtures\nstarted: `));
    },
  });
}

/**
 * What a terminal, or a program of one's own, may change: what is shown, while something is typed as well, what is answered, and how it
 * ends. All fixtures are played in the simulation (tests/connect_clauses_test.ts), and here if CLIENT_FIXTURES is "all", as each night.
 */
const BY_TERMINAL: Readonly<Record<string, readonly string[]>> = {
  relay: ["client-confirmed", "client-receive-meanwhile", "client-server-gone", "client-unreachable"],
  frame: ["client-shows-id", "client-receive", "client-output-file", "client-server-gone"],
  slash: ["client-shows", "client-quit"],
  group: ["client-register", "client-mode-inside-create", "client-private-in-group", "client-receive"],
  room: ["client-shows", "client-name", "client-quit"],
};
const PLAYS_ALL = Deno.env.get("CLIENT_FIXTURES") === "all";

// web has no fixtures for clients.
for (
  const { name: dialect, assignsNames, transport } of DIALECTS.filter(({ name }) => Object.hasOwn(BY_TERMINAL, name))
) {
  Deno.test({
    ...IS_BINARY
      ? { name: `our own ${dialect} client keeps its clauses as a binary at pipes` }
      : needs(["script"], `our own ${dialect} client keeps its clauses in a terminal`),
    fn: async () => {
      const args = [
        ...["connect", "--server", "{server}", "--dialect", dialect, "--no-history"],
        ...(assignsNames ? [] : ["{name}"]),
        ...(transport === "udp" ? ["--client-port", "{client-port}"] : []),
      ];
      const command = [...programWords(), ...args].map((word) => `'${word}'`).join(" ");
      const played = PLAYS_ALL ? [] : BY_TERMINAL[dialect]!.flatMap((clause) => ["--filter", `${dialect}/${clause}`]);
      const options = ["--dialect", dialect, "--strict", ...IS_BINARY ? [] : ["--pty"], ...played];
      await conforms(["conform", "--client-cmd", command, ...options]);
    },
  });
}

Deno.test({
  ...needs(
    ["python3"],
    "a wrong client breaks the clauses of its faults, and no others, and each failure has a script",
  ),
  fn: async () => {
    const command = `${fake("wrong_relay_client.py")} {host} {port} {name}`;
    const faults = ["length-bytes", "confirmed", "stream-split", "stream-joined"];
    const right = ["register", "send", "send-all", "receive", "malformed-line", "next"];
    await using cleanup = new AsyncDisposableStack();
    const folder = await Deno.makeTempDir();
    cleanup.defer(() => Deno.remove(folder, { recursive: true }));
    const { status, stdout } = await runProgram([
      ...["conform", "--client-cmd", command, "--dialect", "relay", "--timeout", "4s", "--reproduce", folder],
      ...[...faults, ...right].flatMap((clause) => ["--filter", `relay/client-${clause}`]),
    ]);
    assertEquals(status, 1, stdout);
    const failed = [...stdout.matchAll(/^FAIL +\w+ +relay\/client-(\S+)/gm)].map(([, clause]) => clause);
    for (const clause of faults) assert(failed.includes(clause), `${clause}: ${stdout}`);
    for (const clause of right) {
      assertMatch(stdout, new RegExp(`^pass +must +relay/client-${clause} `, "m"));
    }
    const [, script] = /^\d+ scripts to see the failures without this program: python3 (\S+\.py)$/m.exec(stdout) ?? [];
    assertMatch(await Deno.readTextFile(script!), /\ndef play\(\):\n {4}start\(\)\n/);
  },
});

Deno.test({
  ...needs(["python3"], "a client that asks is quoted, and answered with --client-input; one that ends says how"),
  fn: async () => {
    const asking = `${PYTHON} -c 'port = input("Which port? "); print("I have", port)'`;
    const { status, stdout } = await runProgram([
      ...["conform", "--dialect", "relay", "--client-cmd", `${asking} {server}`, "--filter", "client-register"],
      // Not so short that a busy machine has not started Python yet.
      ...["--timeout", "2s", "--no-accommodate"],
    ]);
    assertEquals(status, 1, stdout);
    assertMatch(stdout, /probably: the client asks "Which port\?": give the answer with --client-input 'TEXT\\n'/);
    const answered = await runProgram([
      ...["conform", "--dialect", "relay", "--client-cmd", asking, "--client-input", "{port}\\n"],
      ...["--filter", "client-register"],
    ]);
    assertEquals(answered.status, 1, answered.stdout);
    assertMatch(answered.stdout, /the client has ended with exit status 0, and does not connect/);
    assertMatch(answered.stdout, /the client's last output:\n +Which port\? I have \d+\n/);
  },
});

Deno.test("what is wrong with the options for a client is told before anything is started", async () => {
  const conform = async (...args: string[]) => {
    const { status, stdout, stderr } = await runProgram(["conform", ...args]);
    return [status, stdout, stderr.split("\n")[0]];
  };
  const relay = ["--dialect", "relay"];
  assertEquals(await conform(...relay, "--client-cmd", "nosuchprogram {port}"), [
    ...[3, "", "chat conform: the client cannot be started: there is no program nosuchprogram to run"],
  ]);
  assertEquals(await conform(...relay, "--client-cmd", "python3 client.py"), [
    2,
    "",
    "chat conform: nothing tells the client where to connect to: put {port} into --client-cmd or --client-input, " +
    "or say where it does with --listen HOST:PORT",
  ]);
  assertEquals(
    (await conform("--client-cmd", "client {port}"))[2],
    "chat: a client waits for its server to speak: say what it speaks with --dialect NAME",
  );
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr as Deno.NetAddr;
  const [status, , message] = await conform(...relay, "--client-cmd", "client", "--listen", `127.0.0.1:${port}`);
  assertEquals(status, 2);
  assertMatch(String(message), new RegExp(`127\\.0\\.0\\.1:${port}`));
});

Deno.test("clauses of clients are listed without any client, and of one dialect if one is named", async () => {
  const { stdout } = await runProgram(["conform", "--list", "--filter", "*/client-*", "--dialect", "relay"]);
  assertMatch(stdout, /relay\/client-register/);
  assert(!/relay\/register|frame\/|group\//.test(stdout), stdout);
});
