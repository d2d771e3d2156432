import { assertEquals, assertMatch } from "@std/assert";
import { commandOf, needs } from "../conformance/testing/needed_programs.ts";
import { runProgram } from "./program.ts";

function fake(name: string): string {
  return `${commandOf("python3")} '${new URL(`fakes/${name}`, import.meta.url).pathname}'`;
}

Deno.test({
  ...needs(["python3"], "somebody's server and client are tested each alone, and all four pairs of them and ours"),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const { status, stdout, stderr } = await runProgram([
        ...["conform", "--dialect", "relay", "--server-cmd", `${fake("relay_server.py")} {port}`],
        ...["--client-cmd", `${fake("relay_client.py")} {host} {port} {name}`],
        ...["--filter", "pair-*", "--filter", "register-tosend", "--filter", "client-register"],
        ...["--report", "text", "--report", `json=${folder}/report.json`],
      ]);
      assertEquals([status, stderr], [0, ""], stdout);
      const sections = [/^relay at 127/, /^a relay client,/m, /^a relay server and a relay client,/m];
      for (const section of sections) assertMatch(stdout, section);
      assertMatch(stdout, /^ +your client +our client\nyour server +works +works\nour server +works +works\n/m);
      const { targets } = JSON.parse(await Deno.readTextFile(`${folder}/report.json`));
      assertEquals(targets.map(({ role }: { role?: string }) => role), [undefined, "client", "pair"]);
      assertEquals(targets[2].pairs, [
        { server: "yours", client: "yours", works: true },
        { server: "yours", client: "ours", works: true, failed: 0 },
        { server: "ours", client: "yours", works: true, failed: 0 },
        { server: "ours", client: "ours", works: true },
      ]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
