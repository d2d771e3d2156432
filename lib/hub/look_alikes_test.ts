import { assertEquals } from "@std/assert";
import { isReservedName, lookAlike } from "./look_alikes.ts";

Deno.test("a name in other letters, with marks, or with what is not seen looks like the name", () => {
  const alices = [
    "alice",
    "ALICE",
    "Álíçe",
    "\u0430lice", // Cyrillic а
    "\u0430\u04cf\u0456\u0441\u0435", // all Cyrillic
    "\u0391LICE", // Greek Α
    "\u13aaLICE", // Cherokee
    "ａｌｉｃｅ",
    "𝐚𝓁𝒊𝖈𝚎",
    "ᴀʟɪᴄᴇ",
    "ⓐⓛⓘⓒⓔ",
    "🅐🅛🅘🅒🅔",
    "🅰🅻🅸🅲🅴",
    "🇦🇱🇮🇨🇪",
    "al\u200dice",
    "alice\u3164",
    "\u2800alice",
    "a\u034flice",
    "alice\ufe0f",
    "a1ice",
    "al1ce",
    "aIice",
    "a|ice",
    " alice ",
    "al\u0131ce",
    "ali\u03f2e", // the lunate sigma
    "ALI\u03f9E",
    "a\uffe8ice", // a halfwidth line
  ];
  for (const name of alices) assertEquals(lookAlike("alice", name), true, name);
});

Deno.test("names that people tell apart do not look alike", () => {
  const pairs = [
    ["bob1", "bob2"],
    ["Kai", "Kal"],
    ["Жанна", "Жан"],
    ["Bob Smith", "BobSmith"],
    ["राम", "रमा"], // vowels are marks there
    ["かい", "がい"],
    ["มานี", "มานะ"],
    ["山田", "山本"],
    ["alice", "alicia"],
  ] as const;
  for (const [one, other] of pairs) assertEquals(lookAlike(one, other), false, `${one} ${other}`);
});

Deno.test("what could be taken for the server is its own", () => {
  const reserved = [
    ..."server SERVER Server. [server] *server* server10 1server 5erver $erver s3rv3r system 5y5tem".split(
      " ",
    ),
    "The server",
    "the-server",
    "TheServer",
    "Chat Server",
    "a word from the server",
    "s e r v e r",
    "s\u0395rver",
    "sérver",
    "\ua731erver",
    "ꜱᴇʀᴠᴇʀ",
    "\u0455\u0435\u0433v\u0435r",
    "sɛrvɛr",
    "sεrνεr",
    "ＳＥＲＶＥＲ",
    "𝓼𝓮𝓻𝓿𝓮𝓻",
    "🆂🅴🆁🆅🅴🆁",
    "ᏚᎬᎡᏙᎬᎡ",
    "ꓢꓰꓣꓦꓰꓣ",
    "ser\u200dver",
    "\u3164server",
    "seruer",
  ];
  for (const name of reserved) assertEquals(isReservedName(name), true, name);
});

Deno.test("names with the server's letters in them are anybody's", () => {
  for (const name of ["observer", "serve", "Solar System", "systemd", "web2server", "serveur", "Сервер", "Svetlana"]) {
    assertEquals(isReservedName(name), false, name);
  }
});
