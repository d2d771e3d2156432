import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { commandOf, needs } from "../conformance/testing/needed_programs.ts";
import { Program, programWords, startServer } from "./program.ts";

Deno.test(
  needs(["bash"], "a run that is short of descriptors says so, and blames nobody"),
  async () => {
    const { server, ports } = await startServer();
    await using _ = server;
    const target = `frame=127.0.0.1:${ports.get("frame")}`;
    const asked = [...programWords(), "conform", "--target", target, "--filter", "frame/assign*"];
    const { code, stdout } = await new Deno.Command(commandOf("bash")!, {
      args: ["-c", 'ulimit -n 128; exec "$@"', "bash", ...asked],
      env: { NO_COLOR: "1" },
    }).output();
    const said = new TextDecoder().decode(stdout);
    assertMatch(said, /^ERROR +must +frame\/assign-range$/m);
    assertStringIncludes(said, "this program has no file descriptors left; allow it more: ulimit -n 4096");
    assertMatch(said, /^pass +must +frame\/assign-unique/m);
    assertEquals(code, 2);
  },
);

Deno.test({
  ...needs(
    ["python3"],
    "whatever ends the tester, the server that it started is gone, with all that it has started itself",
  ),
  // Only /proc says whose child one was that was given away; elsewhere it may live on.
  ignore: Deno.build.os !== "linux" || commandOf("python3") === undefined,
  fn: async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const server = new URL("fakes/family_server.py", import.meta.url).pathname;
    for (const signal of ["SIGKILL", "SIGINT"] as const) {
      const command = `${commandOf("python3")} '${server}' {port} ${listener.addr.port}`;
      await using tester = new Program(["conform", "--dialect", "relay", "--server-cmd", command]);
      using family = await listener.accept();
      const said = new Uint8Array(16);
      assertEquals(new TextDecoder().decode(said.subarray(0, await family.read(said) ?? 0)), "ready");
      tester.signal(signal);
      // It ends when none of them holds it any more.
      assertEquals(await family.read(said).catch(() => null), null);
    }
  },
});
