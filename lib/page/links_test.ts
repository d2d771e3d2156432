import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { textParts } from "./links.ts";

/** The links in a text, and where they lead. */
function links(text: string): [string, string][] {
  return textParts(text).flatMap(({ text, address }) => address === undefined ? [] : [[text, address]]);
}

function linkTexts(text: string): string[] {
  return links(text).map(([text]) => text);
}

Deno.test("addresses of the web are links, without the punctuation around them", () => {
  assertEquals(linkTexts("http://a.example, (https://b.example/c_(d)?e=f#g). <https://h.example>!"), [
    "http://a.example",
    "https://b.example/c_(d)?e=f#g",
    "https://h.example",
  ]);
  assertEquals(links("HTTPS://A.EXAMPLE"), [["HTTPS://A.EXAMPLE", "https://a.example/"]]);
});

Deno.test("nothing else is a link: other protocols, names in front of a host, what cannot be read", () => {
  const others = [
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "https://bank.example@evil.example/",
    "https://user:word@evil.example/",
    "https://",
    "http://[",
    "xhttps://a.example",
    `https://a.example/${"x".repeat(3_000)}`,
  ];
  for (const other of others) assertEquals(links(other), [], other);
});

Deno.test("a link ends where something in it cannot be seen, and so is spelled", () => {
  assertEquals(linkTexts("https://a.example/b\\u202egpj.exe"), ["https://a.example/b"]);
});

Deno.test("the parts of a text are the text, whatever it is", () => {
  const piece = fc.constantFrom("http://", "https://", "a.example", "/", ")", "(", ".", " ", "\n", "x", "@", "\\");
  fc.assert(fc.property(fc.array(piece), (pieces) => {
    const text = pieces.join("");
    assertEquals(textParts(text).map(({ text }) => text).join(""), text);
  }));
});

Deno.test("a text of nothing but brackets or beginnings is looked through once", () => {
  // Quadratic, they would take minutes.
  for (const piece of ["(", ")", "https://", "https://a)", "."]) {
    textParts(`https://a.example/${piece.repeat(1_000_000 / piece.length)}`);
  }
});
