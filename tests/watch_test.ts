/**
 * `chat conform --watch`: a server that is mended while it is watched.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { commandOf, needs } from "../conformance/testing/needed_programs.ts";
import { inFolder } from "./in_terminal.ts";
import { Program, programWords } from "./program.ts";
import { TmuxPane } from "./tmux.ts";

const PYTHON = commandOf("python3");
const FILTERS = ["register-tosend.capitals", "register-torecv.capitals"].flatMap((
  glob,
) => ["--filter", `relay/${glob}`]);

/** Registers anybody, as the second of two clauses has it if it is told so. */
function serverThat(says: "REGISTERED" | "WELCOME"): string {
  return `import socket, sys, threading
def serve(connection):
    words = connection.recv(1024).decode().split()
    word = "REGISTERED" if words[1] == "TOSEND" else "${says}"
    connection.sendall(f"{word} {words[1]} {words[2]}\\n\\n".encode())
    while connection.recv(1024): pass
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True: threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
`;
}

/** Saves a server as an editor does: under another name first. */
async function save(folder: string, text: string): Promise<void> {
  await Deno.writeTextFile(`${folder}/.server.py.new`, text);
  await Deno.rename(`${folder}/.server.py.new`, `${folder}/server.py`);
}

function words(folder: string): string[] {
  const command = `${PYTHON} ${folder}/server.py {port}`;
  return ["conform", "--dialect", "relay", "--server-cmd", command, "--watch", "--no-accommodate", ...FILTERS];
}

const IN_A_PIPE = needs(
  ["python3"],
  "a server is mended while it is watched in a pipe: a block each run, until a signal ends all",
);

Deno.test({
  ...IN_A_PIPE,
  ignore: Deno.build.os === "windows" || IN_A_PIPE.ignore,
  fn: () =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/server.py`, "print('\\x1b[2Jhello')\nthis is no Python\n");
      await using program = new Program(words(folder));
      await program.stdout.match(
        /^run 1, [\d:]+: the first run\nthe server has ended with exit status 1\n[^]*SyntaxError/m,
      );
      await save(folder, serverThat("WELCOME"));
      await program.stdout.match(/^run 2, [\d:]+: server\.py changed\n1 of 2 clauses kept, 1 failed {2}#x\n/m);
      await program.stdout.match(/^First: the server /m);
      await save(folder, serverThat("REGISTERED"));
      await program.stdout.match(/^run 3, [\d:]+: server\.py changed\n2 of 2 clauses kept {2}##\n.*conforms to relay/m);
      program.signal("SIGTERM");
      const { status, stderr } = await program.finished();
      assertEquals([status, stderr], [143, ""]);
    }),
});

Deno.test({
  ...needs(
    ["python3", "tmux"],
    "a server is mended while it is watched in a terminal, whose keys play one clause, and quit",
  ),
  fn: () =>
    inFolder(async (folder) => {
      await save(folder, serverThat("WELCOME"));
      await using pane = await TmuxPane.open([...programWords(), ...words(folder)]);
      const waits = (bar: string) => (rows: string[]) => rows[1] === bar && rows.at(-1)!.startsWith("a all   c one");
      await pane.until((rows) => waits("#x")(rows) && rows[0] === "run 1: the first run");
      await pane.type("c");
      await pane.type("torecv");
      await pane.shows("clause: torecv_   (Enter plays, Esc leaves)");
      await pane.press("Enter");
      await pane.until((rows) => waits("x")(rows) && rows[0] === "run 2: asked for");
      await pane.resize(40);
      await pane.until((rows) => rows.every((row) => row.length <= 40));
      await save(folder, serverThat("REGISTERED"));
      const rows = await pane.until((rows) => waits("##")(rows) && rows[0] === "run 3: server.py changed");
      assertMatch(rows.join(" "), /conforms to +relay/);
      await pane.type("q");
      assertEquals(await pane.status(), 0);
    }),
});
