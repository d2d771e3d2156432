import { assertEquals } from "@std/assert";
import { titleFault } from "./titles.ts";

Deno.test("names in any one script are titles, also beside Latin letters that nobody takes for theirs", () => {
  const titles = [
    "alice",
    "Bob Smith",
    "O'Brien",
    "Anne-Marie",
    "a:b",
    "José",
    "Łukasz Żółć",
    "Nguyễn Thị Hà",
    "İbrahim",
    "Жанна",
    "Сара",
    "Вера Холодная",
    "Ελένη",
    "Άννα",
    "Գևորգ",
    "თამარ",
    "רחל",
    "محمد",
    "अमित",
    "दुःख",
    "สมชาย",
    "አበበ",
    "山田太郎",
    "山田　太郎",
    "ジョン・スミス",
    "김철수",
    "Müller 日本",
    "Kim 김철수",
    "ⵜⵉⵣⵉ",
    "ﬁona",
    "~x~",
    "[clan] bob",
    "👍 cat",
    "❤️",
    "42",
  ];
  for (const title of titles) assertEquals(titleFault(title), undefined, title);
});

Deno.test("what is not seen, or like nothing, is in no title", () => {
  const unseen = [
    "\u3164",
    "al\u3164ice",
    "\u115f",
    "\u1160",
    "\uffa0",
    "\u2800",
    "al\u200dice",
    "al\u200cice",
    "al\u200bice",
    "al\u00adice",
    "al\u034fice",
    "bob\ufe0f",
    "bob\u{e0100}",
    "\u{e0041}bob",
    "\u202ebob",
    "\u2066bob",
    "bob\x1b[2J",
    "bob\x07",
    "bob\t",
    "bob\u00a0",
    "bob\u2003smith",
    "\u0301bob",
    "\ue000",
    "\u{10ffff}",
    "\ud800",
    "👩\u200d💻",
  ];
  for (const title of unseen) assertEquals(titleFault(title), "unseen", JSON.stringify(title));
});

Deno.test("what stands between a sender and the words, and what the room says itself, is in no title", () => {
  const forging = [
    "alice (to you alone)",
    "a: b",
    "alice:",
    "alice： hi",
    "alice\ua789 hi",
    "alice\u2236 hi",
    "alice（to you alone）",
    "alice \u2768to you alone\u2769",
    "alice ⁽to you alone⁾",
    "* bob",
    "＊ bob",
    "\u2217bob",
    "bob has left the chat.",
    "Bob from [192.0.2.1] Has Joined The Chat! carol",
    "b\u00f6b h\u00e1s left the chat",
  ];
  for (const title of forging) assertEquals(titleFault(title), "forging", title);
});

Deno.test("letters of scripts that look alike are not mixed", () => {
  for (
    const title of [
      "\u0430lice",
      "s\u0395rver",
      "Жohn",
      "Ж\u03b1",
      "\u0561lice",
      "\u13aalice",
      "ꓢam",
      "\ud800\udf31\u0430",
    ]
  ) {
    assertEquals(titleFault(title), "mixed-scripts", title);
  }
});
