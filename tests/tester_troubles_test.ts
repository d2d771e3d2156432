import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { commandOf, needs } from "../conformance/testing/needed_programs.ts";
import { programWords, startServer } from "./program.ts";

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
