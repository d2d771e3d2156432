/**
 * The page of a course as markers see it: in a browser, with a hundred submissions.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { needs } from "../conformance/testing/needed_programs.ts";
import { indexPage } from "../conformance/submissions/page/index_page.ts";
import { courseOf, type Made } from "../conformance/submissions/testing/course.ts";
import { Page } from "./chromium.ts";

const ODD = `<script>document.title = "owned"</script><img src=x onerror="document.title = 'owned'">`;
const SLUGS = Array.from({ length: 25 }, (_, i) => `clause-${i}`);
const COUNTS = { name: "counts-characters", text: "counts characters: é is two bytes", clause: "relay/clause-3" };

/** Every third counts characters; the higher the number, the fewer points. */
const SUBMISSIONS: readonly Made[] = Array.from({ length: 100 }, (_, i) => ({
  name: i === 99 ? ODD : `student ${i + 1}`,
  breaks: SLUGS.slice(0, Math.floor(i / 10)),
  causes: i % 3 === 0 ? [COUNTS] : [],
  more: { blocked: i === 50 ? 20 : 0, ...i === 99 && { ending: "does not start", why: ODD } },
}));

Deno.test({
  ...needs(
    ["chromium"],
    "a hundred submissions are sorted, searched and filtered, by mouse and by keyboard, and nothing is loaded",
  ),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      await Deno.writeTextFile(`${folder}/index.html`, await indexPage(courseOf(SLUGS, SUBMISSIONS)));
      await using page = await Page.open(`${folder}/index.html`);
      const names = async () =>
        await page.evaluate(
          `[...document.querySelectorAll(".marks tbody tr")].filter((row) => !row.hidden).map((row) => row.cells[0].innerText)`,
        ) as string[];
      const told = () => page.evaluate(`document.querySelector(".controls output").value`);
      assertEquals([(await names()).length, await told()], [100, "100 submissions"]);
      assertMatch(String(await page.evaluate("document.title")), /^Marks: 100 relay submissions$/);
      assertEquals(await page.evaluate("document.images.length + document.scripts.length"), 1);
      assertEquals(await page.evaluate("performance.getEntriesByType('resource').length"), 0);

      // Points: the best first, and once more the worst.
      await page.click(".marks [data-column='1']");
      assertEquals((await names())[0], "student 1");
      await page.click(".marks [data-column='1']");
      assertEquals((await names())[0], ODD);
      assertEquals(await page.evaluate(`document.querySelector("[aria-sort]").ariaSort`), "ascending");
      // A clause, by keyboard; then the names again.
      await page.evaluate(`document.querySelector(".marks [data-column='3']").focus()`);
      await page.type("\r");
      assertEquals((await names()).slice(0, 10), SUBMISSIONS.slice(0, 10).map(({ name }) => name));
      await page.click(".marks [data-column='0']");
      assertEquals((await names()).slice(0, 3), [ODD, "student 1", "student 2"]);

      // A cluster, then those to look at, then a search beside it.
      await page.click(".clusters [data-cluster]");
      assertEquals(await told(), "34 of 100 submissions");
      await page.click(".controls [data-filter='hand']");
      assertEquals(await names(), [ODD]);
      await page.click(".controls [type='reset']");
      await page.type("/");
      await page.type("student 9");
      assertEquals(await told(), "19 of 100 submissions");

      assertEquals(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
