/**
 * What npm installs: packed, installed in an empty place, and used from there.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import manifest from "../deno.json" with { type: "json" };
import npm from "../package.json" with { type: "json" };
import { needs } from "../conformance/testing/needed_programs.ts";
import { VERSION } from "../lib/core/version.ts";

const ROOT = new URL("../", import.meta.url);

async function run(program: string, args: readonly string[], cwd: URL | string): Promise<string> {
  const command = new Deno.Command(program, { args: [...args], cwd, stdin: "null", stdout: "piped", stderr: "piped" });
  const { code, stdout, stderr } = await command.output();
  const said = new TextDecoder().decode(stdout);
  assertEquals(code, 0, `${program} ${args.join(" ")}: ${said}${new TextDecoder().decode(stderr)}`);
  return said;
}

Deno.test("the version is the same in each place, and so is that of Deno", async () => {
  const readme = await Deno.readTextFile(new URL("README.md", ROOT));
  assertEquals([VERSION, npm.version], [manifest.version, manifest.version]);
  // What documents show of it; the manual page is written from it.
  for (
    const [file, shown] of [
      ["CHANGELOG.md", /^## ([\d.]+)/],
      ["README.md", /suite ([\d.]+), fixtures/],
      ["docs/binary.md", /-([\d.]+)\.tgz/],
      ["docs/conformance.md", /suite ([\d.]+), fixtures/],
      ["docs/protocols/web.md", /"software":"chat ([\d.]+)"/],
    ] as const
  ) {
    const text = await Deno.readTextFile(new URL(`../${file}`, import.meta.url));
    const versions = [...text.matchAll(new RegExp(shown, "gm"))].map(([, version]) => version);
    // Of the changes, the newest are those of this version.
    const told = file === "CHANGELOG.md" ? versions.slice(0, 1) : versions;
    assertEquals([...new Set(told)], [manifest.version], file);
  }
  assertEquals(new Set(readme.match(/deno@[0-9.]+/g)), new Set([`deno@${npm.peerDependencies.deno}`]));
});

Deno.test({
  ...needs(["npm"], "what npm installs is the whole program, with its fixtures, and ends as it does"),
  ignore: Deno.build.os === "windows" || needs(["npm"], "").ignore,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      await run("npm", ["pack", "--silent", "--pack-destination", folder], ROOT);
      const packed = `${folder}/${npm.name}-${npm.version}.tgz`;
      await run("npm", ["install", "--silent", "--global", "--prefix", folder, packed], folder);
      const chat = `${folder}/bin/chat`;
      assertEquals(await run(chat, ["--version"], folder), `${VERSION}\n`);
      assertMatch(await run(chat, ["conform", "--list", "--dialect", "room"], folder), /room\/welcome/);
      const child = new Deno.Command(chat, {
        args: ["serve", "--relay", "0", "--frame", "off", "--slash", "off", "--group", "off", "--room", "off"],
        stdin: "null",
        stdout: "piped",
        stderr: "null",
      }).spawn();
      let said = "";
      for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
        if (!said.includes("Ctrl-C") && (said + text).includes("Ctrl-C")) child.kill("SIGTERM");
        said += text;
      }
      assertEquals((await child.status).code, 0, said);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
