import { assertEquals, assertRejects } from "@std/assert";
import { ChatError } from "../../lib/core/error.ts";
import { findSubmissions, leftOutText } from "./find_submissions.ts";

Deno.test("each folder is a submission; files, what is hidden, and links that lead nowhere are none", async () => {
  const root = await Deno.makeTempDir();
  try {
    for (const name of ["bob", "Ann Lee", ".git"]) await Deno.mkdir(`${root}/${name}`);
    await Deno.writeTextFile(`${root}/list.csv`, "");
    if (Deno.build.os !== "windows") {
      await Deno.symlink(`${root}/bob`, `${root}/carl`);
      await Deno.symlink(`${root}/nowhere`, `${root}/dan`);
    }
    const { submissions, leftOut } = await findSubmissions(`${root}/`);
    const linked = Deno.build.os === "windows" ? [] : ["carl"];
    assertEquals(submissions.map(({ name }) => name), ["Ann Lee", "bob", ...linked]);
    assertEquals(submissions[0]!.path, `${await Deno.realPath(root)}/Ann Lee`);
    const text = leftOutText(leftOut)!;
    assertEquals([text.includes("list.csv (no folder)"), text.includes(".git")], [true, false]);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("a folder that is missing, or none, is told in one line", async () => {
  const file = await Deno.makeTempFile();
  for (const [path, why] of [[`${file}-not`, "it is not there"], [file, "it is no folder"]] as const) {
    await assertRejects(() => findSubmissions(path), ChatError, why);
  }
  await Deno.remove(file);
});

Deno.test({
  name: "a folder whose name is no UTF-8 is found, and cannot be played",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const root = await Deno.makeTempDir();
    try {
      await new Deno.Command("sh", { args: ["-c", `mkdir "$1/$(printf 'a\\377')"`, "sh", root] }).output();
      const { submissions: [only] } = await findSubmissions(root);
      assertEquals([only!.name, only!.problem === undefined], ["a\ufffd", false]);
    } finally {
      await new Deno.Command("rm", { args: ["-r", root] }).output();
    }
  },
});
