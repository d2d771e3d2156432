/**
 * What `lib/server/page/` holds, which is all that a browser gets.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { NAME_PAINTS } from "../core/name_paint.ts";

const FOLDER = new URL("../server/page/", import.meta.url);
const FILES = ["index.html", "page.css", "page.js", "icon.svg"];

const read = (file: string) => Deno.readTextFile(new URL(file, FOLDER));

Deno.test("page.js is made of the page's sources: otherwise run deno task page", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const main = import.meta.resolve("./main.ts");
    const args = ["bundle", "--quiet", "--platform", "browser", "--minify", "--output", `${folder}/page.js`, main];
    const { success } = await new Deno.Command(Deno.execPath(), { args, stdout: "null" }).output();
    assertEquals(success, true);
    assertEquals(await read("page.js"), await Deno.readTextFile(`${folder}/page.js`));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("all of it is less than 60 KB, asks nobody else for anything, and has no script or style in the document", async () => {
  const texts = await Promise.all(FILES.map(read));
  assertEquals(texts.join("").length < 60_000, true);
  const [html = "", css = "", script = ""] = texts;
  assertEquals(/ style=| on\w+=|<style|<script[^>]*>[^<]|(?:src|href)="(?!page\.|icon\.)/.exec(html), null);
  assertEquals(/url\(|@import/.exec(css), null);
  assertEquals(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function/.exec(script), null);
});

Deno.test("a name has on the page the colour that it has in a terminal, and it can be read, in the light and in the dark", async () => {
  const css = await read("page.css");
  const colors = new Map(
    [...css.matchAll(/--([\w-]+): light-dark\((#\w+), (#\w+)\)/g)].map(([, name, ...both]) => [name!, both]),
  );
  const used = new Set<string>();
  for (const paint of NAME_PAINTS) {
    const name = String(paint).replace(";", "-");
    const color = new RegExp(`\\.paint-${name} \\{\n  color: var\\(--([\\w-]+)\\)`).exec(css)?.[1];
    // The codes of terminals: 33 is yellow, 94 bright blue.
    const code = Number(String(paint).split(";").at(-1));
    const hue = { 1: "red", 2: "green", 3: "yellow", 4: "blue", 5: "magenta", 6: "cyan" }[code % 10 as 1];
    assertEquals([paint, color], [paint, code >= 90 ? `bright-${hue}` : hue]);
    used.add(color!);
  }
  const grounds = ["paper", "sheet", "tint", "own"];
  const inks = ["ink", "soft", "link", "bad", ...used];
  for (const [i, mode] of ["light", "dark"].entries()) {
    for (const ink of inks) {
      for (const ground of ink === "bad" ? [...grounds, "bad-tint"] : grounds) {
        const ratio = contrast(colors.get(ink)![i]!, colors.get(ground)![i]!);
        assertEquals(ratio >= 4.5, true, `${mode}: ${ink} on ${ground} is only ${ratio.toFixed(2)}:1`);
      }
    }
  }
});

/** How well one colour is told from another, as WCAG has it. */
function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const digits = color.length === 4 ? [...color.slice(1)].map((digit) => digit + digit) : color.slice(1).match(/../g)!;
  const [red, green, blue] = digits.map((two) => {
    const part = parseInt(two, 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
