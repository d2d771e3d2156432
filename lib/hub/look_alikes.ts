/**
 * Names that a reader takes for another one: Unicode's table of confusable characters (UTS 39), and a few rules of ours.
 *
 * @module
 */

import unhomoglyph from "unhomoglyph";

/**
 * Letters that the table leaves as they are, since side by side they would be seen to differ: small capitals, and what the table
 * makes of `к`, `м`, `є` and `ə`; and the Cyrillic `ӏ`, which it takes for `i`. In a name alone they pass.
 */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ...pairs("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz"),
  ...pairs("ĸʍꞓǝӏ", "kmeel"),
  // Negative circled, negative squared, and regional indicators.
  ...[0x1f150, 0x1f170, 0x1f1e6].flatMap((first) =>
    Array.from({ length: 26 }, (_, at) => [String.fromCodePoint(first + at), String.fromCharCode(97 + at)] as const)
  ),
]);
const OTHER_LETTER = new RegExp([...LETTERS.keys()].join("|"), "gu");

/** What is not seen, and marks on letters; those that are letters themselves (vowels in India, the voice of kana) stay. */
const ADDED =
  /[[[\p{M}&&[\p{sc=Inherited}\p{sc=Hebrew}\p{sc=Arabic}\p{sc=Cyrillic}]]--[\u3099\u309a]]\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gv;

function pairs(from: string, to: string): (readonly [string, string])[] {
  return [...from].map((character, at) => [character, to[at]!] as const);
}

/**
 * Characters whose compatibility form no longer looks like what they look like themselves: the lunate sigma (which becomes `ς`)
 * and the halfwidth line.
 */
const HIDDEN_LOOKS: ReadonlyMap<string, string> = new Map(pairs("\u03f2\u03f9\uffe8", "ccl"));
const HIDDEN_LOOK = new RegExp([...HIDDEN_LOOKS.keys()].join("|"), "gu");

/** A text without what differs only to a program: compatibility forms, marks, what is not seen, more than one blank. */
function bare(text: string): string {
  const plain = text.replace(HIDDEN_LOOK, (character) => HIDDEN_LOOKS.get(character)!).normalize("NFKD");
  return plain.replace(ADDED, "").replace(/\s+/gu, " ").trim();
}

/** Each character as the one that it looks like. */
function shape(text: string): string {
  return unhomoglyph(latin(unhomoglyph(latin(text)))).normalize("NFD").replace(ADDED, "");
}

function latin(text: string): string {
  return text.replace(OTHER_LETTER, (letter) => LETTERS.get(letter)!);
}

/** Upper and lower case alike; `ß` is `ss`, and `ı` is `i`. */
function fold(text: string): string {
  return text.toUpperCase().toLowerCase();
}

/**
 * How a text looks: two texts can be taken for each other if they have a look in common. There are several, since a capital may
 * look like something else than its small letter does (`I` like `l`, `Ε` like `E`), and `1` like `l` or `i`. Not for display.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(looks("Álice"), ["alice"]);
 * assertEquals(looks("AIice"), ["aiice", "alice"]);
 * ```
 */
export function looks(text: string): readonly string[] {
  const plain = bare(text);
  return [...new Set([shape(fold(plain)), shape(plain), shape(fold(plain.replace(/[1|]/g, "i")))].map(fold))];
}

/** Whether two texts can be taken for each other; see {@linkcode looks}. */
export function lookAlike(one: string, other: string): boolean {
  const those = looks(other);
  return looks(one).some((look) => those.includes(look));
}

/** Digits and signs that stand for letters. */
const FIGURES: Readonly<Record<string, string>> = { "5": "s", "$": "s", "3": "e", "€": "e", "7": "t" };

/** What the server may be taken for, as {@linkcode looks} has it: `m` looks like `rn` there. */
const RESERVED = /^(?:the|this|our|your|my|chat)*(?:ser[uv]er|systern)$/;
/** The same amid other words. */
const RESERVED_WORD = /(?:^|[^\p{L}\p{N}])ser[uv]er(?:$|[^\p{L}\p{N}])/u;

/**
 * Says whether a name could be taken for the server's own voice: `server` and `system`, in any case, with digits, punctuation or an
 * article round them, or in characters that look the same; `server` also as one word among others. Nobody may be called that.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["Server", "5ystem", "server1", "The sérver"].map(isReservedName), [true, true, true, true]);
 * assertEquals(["observer", "Solar System"].map(isReservedName), [false, false]);
 * ```
 */
export function isReservedName(name: string): boolean {
  // Digits at the end are a number, elsewhere they may be letters.
  const plain = bare(name).replace(/\p{N}+(?=[^\p{L}]*$)/gu, "");
  const spelled = plain.replace(/[5$3€7]/g, (figure) => FIGURES[figure]!);
  return [plain.replace(/\p{N}/gu, ""), spelled].flatMap(looks).some((look) =>
    RESERVED.test(look.replace(/[^a-z]/g, "")) || RESERVED_WORD.test(look)
  );
}
