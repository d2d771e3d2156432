import { assertEquals, assertRejects } from "@std/assert";
import { onSystem } from "./on_system.ts";

/** The systems that are supported. */
const SYSTEMS = ["linux", "darwin", "windows"] as const;

Deno.test("a command listens to no signal that its system lacks", async () => {
  const listened = (os: typeof SYSTEMS[number]) =>
    onSystem(os, {}, async ({ load, signals }) => {
      const { stopSignal, interruption, onReloadSignal, onStatusSignal } = await load(
        "lib/cli/signals.ts",
      ) as typeof import("../lib/cli/signals.ts");
      const during = (act: () => unknown) => {
        const before = signals.length;
        act();
        return signals.slice(before).join(" ");
      };
      return [stopSignal, interruption, () => onReloadSignal(() => {}), () => onStatusSignal(() => {})].map(during);
    });
  const unix = ["SIGINT SIGTERM", "SIGINT SIGTERM SIGHUP", "SIGHUP", "SIGUSR1 SIGUSR2"];
  assertEquals(await listened("linux"), unix);
  assertEquals(await listened("darwin"), unix);
  assertEquals(await listened("windows"), ["SIGINT SIGBREAK", "SIGINT SIGBREAK", "", ""]);
});

Deno.test("Ctrl-Z suspends the client where there are jobs", async () => {
  const has = (os: typeof SYSTEMS[number]) =>
    onSystem(os, {}, async ({ load }) => {
      const { systemJobControl } = await load(
        "lib/client/frontend/job_control.ts",
      ) as typeof import("../lib/client/frontend/job_control.ts");
      return systemJobControl() !== undefined;
    });
  assertEquals([await has("linux"), await has("darwin"), await has("windows")], [true, true, false]);
});

Deno.test("the screen of --watch follows the terminal's size by signals that there are", async () => {
  const listened = (os: typeof SYSTEMS[number]) =>
    onSystem(os, {}, async ({ load, signals }) => {
      const { openTerminal } = await load(
        "conformance/watch/watch_terminal.ts",
      ) as typeof import("../conformance/watch/watch_terminal.ts");
      const io = { out: () => {}, err: () => {}, isTerminal: true, color: false };
      const terminal = openTerminal(io, { onKeys: () => {}, onResize: () => {} });
      const during = [...signals];
      terminal.close();
      return [during, [...signals]];
    });
  assertEquals(await listened("darwin"), [["SIGWINCH", "SIGCONT"], []]);
  assertEquals(await listened("windows"), [[], []]);
});

Deno.test("a socket in the file system is refused on Windows, with what to do", async () => {
  await onSystem("windows", {}, async ({ load }) => {
    const { listenUnix } = await load("lib/transport/unix.ts") as typeof import("../lib/transport/unix.ts");
    await assertRejects(() => listenUnix("/nowhere/chat", {}, () => {}), Error, "on Windows: choose a port");
  });
});

Deno.test("a shortage is known by its code, or by the number that Windows gives it; ulimit is advised where it is", async () => {
  const numbered = new Error("no more sockets (os error 10055)");
  const coded = Object.assign(new Error("Too many open files (os error 24)"), { code: "EMFILE" });
  const told = (os: typeof SYSTEMS[number]) =>
    onSystem(os, {}, async ({ load }) => {
      const { isShortage, shortageOf } = await load(
        "lib/transport/shortage.ts",
      ) as typeof import("../lib/transport/shortage.ts");
      return [isShortage(numbered), isShortage(coded), /ulimit/.test(shortageOf(coded, "cannot listen")!.message)];
    });
  assertEquals(await told("darwin"), [false, true, true]);
  assertEquals(await told("windows"), [true, true, false]);
});

Deno.test("how many descriptors there are is asked of a shell where there is one", async () => {
  const asked = (os: typeof SYSTEMS[number], programs: Record<string, string>) =>
    onSystem(os, programs, async ({ load, commands }) => {
      const { descriptorLimit } = await load(
        "conformance/stress/descriptors.ts",
      ) as typeof import("../conformance/stress/descriptors.ts");
      return [await descriptorLimit(), commands.length];
    });
  assertEquals(await asked("darwin", { sh: "256\n" }), [256, 1]);
  assertEquals(await asked("linux", {}), [undefined, 1]);
  assertEquals(await asked("windows", {}), [undefined, 0]);
});

Deno.test("processes are listed by what the system has for it, and by nothing on Windows", async () => {
  const listed = (os: typeof SYSTEMS[number], programs: Record<string, string>) =>
    onSystem(os, programs, async ({ load, commands }) => {
      const { readProcesses } = await load(
        "conformance/client/process_table.ts",
      ) as typeof import("../conformance/client/process_table.ts");
      const processes = await readProcesses("mark");
      return { programs: commands.map(([program]) => program), found: processes.map(({ pid, group }) => [pid, group]) };
    });
  assertEquals(await listed("darwin", { ps: "   71     1    70  1024   0:03.25\n" }), {
    programs: ["ps"],
    found: [[71, 70]],
  });
  assertEquals((await listed("linux", { sh: "4096\n" })).programs, ["sh"]);
  assertEquals(await listed("windows", {}), { programs: [], found: [] });
});

Deno.test("control groups are left where there are some, and names that are no text are looked for with find", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const started = (os: typeof SYSTEMS[number]) =>
      onSystem(os, { sh: "", find: "" }, async ({ load, commands }) => {
        const { leaveGroups } = await load(
          "conformance/submissions/limited/process_group.ts",
        ) as typeof import("../conformance/submissions/limited/process_group.ts");
        const { findSubmissions } = await load(
          "conformance/submissions/find_submissions.ts",
        ) as typeof import("../conformance/submissions/find_submissions.ts");
        await leaveGroups("name");
        await findSubmissions(folder);
        return commands.map(([program]) => program);
      });
    assertEquals(await started("linux"), ["sh", "find"]);
    assertEquals(await started("darwin"), ["find"]);
    assertEquals(await started("windows"), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a report takes the place of an older one on a system without modes of files, and a token is warned of where there are some", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [report, token] = [`${folder}/report.txt`, `${folder}/token`];
    await Deno.writeTextFile(report, "old");
    await Deno.writeTextFile(token, "0123456789abcdef0123456789abcdef", { mode: 0o644 });
    const tried = (os: typeof SYSTEMS[number]) =>
      onSystem(os, {}, async ({ load }) => {
        const { Tokens } = await load("lib/server/admin/tokens.ts") as typeof import("../lib/server/admin/tokens.ts");
        const warnings: string[] = [];
        new Tokens([token], (_level, text) => void warnings.push(text));
        const { Destination } = await load(
          "conformance/reports/destination.ts",
        ) as typeof import("../conformance/reports/destination.ts");
        using destination = await Destination.open(report, "the report");
        await destination.replace(os);
        return [await Deno.readTextFile(report), warnings.length];
      });
    assertEquals(await tried("windows"), ["windows", 0]);
    if (Deno.build.os !== "windows") assertEquals(await tried("darwin"), ["darwin", 1]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test({
  name: "a client under test is ended with all that it has started, by a program where there are no groups",
  ignore: Deno.build.os === "windows",
  async fn() {
    const ended = (os: typeof SYSTEMS[number]) =>
      onSystem(os, { taskkill: "", ps: "", sh: "" }, async ({ load, commands }) => {
        const { launchProcess } = await load(
          "conformance/client/client_process.ts",
        ) as typeof import("../conformance/client/client_process.ts");
        const launch = launchProcess({ command: ["sleep", "600"], input: "", hasTerminal: false });
        const client = await launch({ server: { hostname: "127.0.0.1", port: 1 }, name: "user", clientPort: 1 });
        await client.stop();
        return commands.map(([program]) => program);
      });
    assertEquals(await ended("darwin"), ["sleep", "ps"]);
    assertEquals(await ended("windows"), ["sleep", "taskkill"]);
  },
});

Deno.test("a program that was started is watched over by a shell where there is one", async () => {
  const watched = (os: typeof SYSTEMS[number]) =>
    onSystem(os, {}, async ({ load, commands }) => {
      const { ProgramGuard } = await load(
        "conformance/run/server/program_guard.ts",
      ) as typeof import("../conformance/run/server/program_guard.ts");
      // No process has so high a number.
      await new ProgramGuard(2 ** 30, "nobody").end();
      return commands.map(([program]) => program);
    });
  assertEquals(await watched("windows"), []);
  if (Deno.build.os !== "windows") assertEquals(await watched("darwin"), ["sh"]);
});
