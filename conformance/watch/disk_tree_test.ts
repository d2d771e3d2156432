import { assertEquals } from "@std/assert";
import { DiskTree, isIgnored, pathsOf } from "./disk_tree.ts";
import { differences } from "./file_watch.ts";

Deno.test("what tools make, and what editors leave for a moment, is not watched", () => {
  for (const folder of [".git", "node_modules", "__pycache__", "target", "build", ".venv"]) {
    assertEquals(isIgnored(folder, true), true, folder);
  }
  for (const file of [".server.py.swp", "server.py~", "4913", "#server.py#", ".#server.py", "server.pyc", "out.log"]) {
    assertEquals(isIgnored(file, false), true, file);
  }
  for (const file of ["server.py", "target", "Makefile", "build.gradle", "4913.py"]) {
    assertEquals(isIgnored(file, false), false, file);
  }
  assertEquals(isIgnored("src", true), false);
});

Deno.test("what is in a folder is seen, but for what is not the user's own, and what we write into it", async () => {
  const folder = await Deno.makeTempDir();
  const write = async (name: string, text: string) => {
    await Deno.mkdir(`${folder}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${folder}/${name}`, text);
  };
  for (const name of ["server.py", "lib/a.py", "node_modules/x/b.js", ".git/HEAD", "report.html", "scripts/c.py"]) {
    await write(name, "1");
  }
  const tree = new DiskTree([folder], [`${folder}/lib/../report.html`, `${folder}/scripts`]);
  const before = await tree.stamps();
  assertEquals([...before.keys()].sort(), ["lib/a.py", "server.py"]);
  await write("lib/a.py", "12");
  await write("lib/new/d.py", "1");
  await Deno.remove(`${folder}/server.py`);
  assertEquals(differences(before, await tree.stamps()), ["lib/a.py", "lib/new/d.py", "server.py"]);
  const one = new DiskTree([`${folder}/node_modules/x/b.js`], []);
  assertEquals((await one.stamps()).size, 1);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the folder of the command is watched: where it is started, or where its files are", () => {
  const files = new Set([
    "server.py",
    "src/main.py",
    "/home/me/server.py",
    "dist/server.js",
    "/usr/bin/python3",
    "./run",
  ]);
  const paths = (...command: readonly string[]) => pathsOf(command, "/home/me/chat", (path) => files.has(path));
  assertEquals(paths("python3", "server.py", "{port}"), ["."]);
  assertEquals(paths("python3", "src/main.py"), ["."]);
  assertEquals(paths("./run"), ["."]);
  assertEquals(paths("cargo", "run"), ["."]);
  assertEquals(paths("/usr/bin/python3", "/home/me/server.py"), ["/home/me"]);
  assertEquals(paths("node", "dist/server.js"), [".", "dist"]);
});
