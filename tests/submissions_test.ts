/**
 * `chat conform --submissions` as a marker uses it: with programs that are wrong in every way, and killed amid it.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { needs } from "../conformance/testing/needed_programs.ts";
import { Program, runProgram } from "./program.ts";
import { KINDS, mistakesIn, processesIn, writeCourse } from "./submissions/course.ts";

const CHOSEN = ['Ann O\'Neil & "co" <b>', "crashes at once", "does not build", "forks"];
const kinds = KINDS.filter(({ name }) => CHOSEN.includes(name));

Deno.test({
  ...needs(["python3"], "a course is marked whatever its programs do, and goes on where the tool was killed"),
  // Its programs fork, which Windows has not, and what is left of them is looked for in /proc.
  ...Deno.build.os === "linux" ? {} : { ignore: true },
  fn: async () => {
    const root = await Deno.realPath(await Deno.makeTempDir());
    try {
      await writeCourse(`${root}/course`, kinds);
      const args = [
        ...["conform", "--submissions", "course", "--dialect", "relay", "--filter", "register-tosend"],
        ...[
          "--server-cmd",
          "python3 {dir}/server.py {port}",
          "--build-cmd",
          "python3 build.py",
          "--max-processes",
          "40",
        ],
      ];
      await using first = new Program(args, { cwd: root });
      await first.stdout.match(/^1\/4 .*: 2 of 2 points/m);
      first.signal("SIGKILL");
      await first.finished();
      // What watches over them is not killed with us.
      for (let look = 0; look < 1_000 && (await processesIn(`${root}/course`)).length > 0; look++);
      assertEquals(await processesIn(`${root}/course`), []);

      const { status, stdout, stderr } = await runProgram(args, "", { cwd: root });
      assertEquals([status, stderr], [
        0,
        "chat conform: 1 of 4 submissions is finished already, and not played again (--start-over plays all again)\n",
      ]);
      assertMatch(stdout, /^4\/4 /m);
      assertEquals(mistakesIn(await Deno.readTextFile(`${root}/marks/marks.json`), kinds), []);
      assertEquals(await processesIn(`${root}/course`), []);
      assertEquals(await Deno.readTextFile(`${root}/course/${CHOSEN[0]}/starts.txt`), "started\n");
      assertEquals((await Deno.readTextFile(`${root}/marks/marks.csv`)).trim().split("\r\n").length, 5);
      assert(
        (await Deno.readTextFile(`${root}/marks/index.html`)).includes("Ann O&#39;Neil &amp; &quot;co&quot; &lt;b&gt;"),
      );
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});
