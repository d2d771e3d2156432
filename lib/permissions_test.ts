import { assertEquals } from "@std/assert";
import manifest from "../deno.json" with { type: "json" };
import { CLASSROOM50_VARIABLES } from "../conformance/reports/classroom50.ts";
import { parseCommandLine } from "./cli.ts";
import { neededBy, type Permission } from "./permissions.ts";

const OURS: readonly Permission[] = ["env", "ffi", "read", "run", "sys", "write"];

/** What a command line needs, as one text. */
function needed(line: string, isTerminal = false): string {
  const command = parseCommandLine(line.split(" "), { isTerminal: false, colors: false });
  if (command.kind === "print") throw new TypeError("this only prints");
  return [...neededBy(command, isTerminal)].join(" ");
}

Deno.test("each command needs what its options ask for, and nothing else", () => {
  const cases: readonly [line: string, needs: string, atTerminal?: string][] = [
    // The page is read at the start; the permission for it is given back then.
    ["serve", "read sys"],
    ["serve --web off", "sys"],
    ["serve --group off --web off", ""],
    ["serve --group off --tls-cert c --tls-key k", "read"],
    ["serve --group off --web off --deny 192.0.2.0/24", ""],
    ["serve --group off --deny @deny.txt", "read"],
    ["serve --group off --config chat.yaml", "read"],
    ["serve --group off --web off --admin 9100", "read"],
    ["serve --group off --admin 9100 --admin-token t", "read"],
    ["serve --group off --admin unix:a.sock", "read write"],
    ["connect alice", "env", "env read run write"],
    ["connect alice --no-history", "env", "env run"],
    ["connect alice --tls --ca ca.pem", "env read", "env read run write"],
    ["connect --dialect frame --no-history", "env write", "env run write"],
    ["connect alice --dialect group --no-history", "env sys", "env run sys"],
    ["connect --ping", ""],
    ["connect --ping --tls --ca ca.pem", "read"],
    ["connect --ping --dialect group", "sys"],
    ["conform --target ::1", "read sys"],
    ["conform --target ::1 --report tap", "read sys"],
    ["conform --target ::1 --report junit=out.xml", "read sys write"],
    ["conform --target ::1 --report classroom50=result.json", "env read sys write"],
    ["conform --target ::1 --write-expect list", "read sys write"],
    ["conform --target ::1 --reproduce folder", "read sys write"],
    ["conform --target ::1 --stress 1s", "read run sys"],
    ["conform --target ::1 --stress 1s --write-fixture folder", "read run sys write"],
    ["conform --server-cmd python3", "read run sys"],
    ["conform --submissions course --server-cmd python3 --dialect relay", "read run sys write"],
    ["conform --self-test", "read"],
    ["conform --explain relay/forward", "read"],
    ["conform --record 127.0.0.1:0 --target localhost:4000", "read sys"],
  ];
  for (const [line, needs, atTerminal = needs] of cases) {
    assertEquals([needed(line), needed(line, true)], [needs, atTerminal], line);
  }
});

/** The permissions of a task: `--allow-net --allow-read`, with all that they are restricted to. */
function permissionsOf(task: "chat" | "serve" | "connect" | "conform" | "start"): string[] {
  return manifest.tasks[task].command.replaceAll("'", "").split(" ").filter((word) => word.startsWith("--allow-"));
}

/** What a process with these permissions still has, of those in `OURS`, when it has kept only what a command needs. */
async function kept(permissions: readonly string[], line: string): Promise<string> {
  const script = `
    import { parseCommandLine } from ${JSON.stringify(import.meta.resolve("./cli.ts"))};
    import { keepOnly, neededBy } from ${JSON.stringify(import.meta.resolve("./permissions.ts"))};
    const command = parseCommandLine(${JSON.stringify(line.split(" "))}, { isTerminal: false, colors: false });
    keepOnly(neededBy(command, false));
    const more = { env: { variable: "HOME" }, sys: { kind: "networkInterfaces" } };
    const names = [...${JSON.stringify(OURS)}, "net"];
    const left = await Promise.all(names.map(async (name) => {
      const { state } = await Deno.permissions.query({ name, ...more[name] });
      return state === "granted" ? [name] : [];
    }));
    console.log(left.flat().join(" "));`;
  const config = new URL("../deno.json", import.meta.url).pathname;
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--no-check", "--config", config, ...permissions, "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  const process = command.spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(script));
  await writer.close();
  const { stdout, stderr } = await process.output();
  assertEquals(new TextDecoder().decode(stderr), "");
  return new TextDecoder().decode(stdout).trim();
}

Deno.test("what a command does not need is gone when it begins, whatever the program was given", async () => {
  for (const permissions of [permissionsOf("chat"), ["--allow-all"]]) {
    assertEquals(await kept(permissions, "serve --group off --web off"), "net");
    assertEquals(await kept(permissions, "serve --group off --allow @allow.txt"), "read net");
    assertEquals(await kept(permissions, "connect alice"), "env net");
    assertEquals(await kept(permissions, "conform --server-cmd python3"), "read run sys net");
  }
});

Deno.test("the tasks of the commands have no permission that their command can never need", () => {
  const env = "--allow-env=CHAT_DEBUG";
  const sys = "--allow-sys=networkInterfaces";
  assertEquals(permissionsOf("serve"), ["--allow-net", "--allow-env=CHAT_*", sys, "--allow-read", "--allow-write"]);
  assertEquals(manifest.tasks.start.command, manifest.tasks.serve.command);
  const own = `${env},TERM,HOME,XDG_STATE_HOME,LOCALAPPDATA`;
  assertEquals(permissionsOf("connect"), ["--allow-net", own, sys, "--allow-read", "--allow-write", "--allow-run"]);
  const marked = [env, ...CLASSROOM50_VARIABLES].join(",");
  assertEquals(permissionsOf("conform"), ["--allow-net", marked, sys, "--allow-read", "--allow-write", "--allow-run"]);
});
