import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Assignment } from "./assignment.ts";

/** The ID that was understood after each piece, and what was left for the reader of frames once it was certain. */
function read(...pieces: string[]): (number | string)[] {
  const assignment = new Assignment();
  const found: (number | string)[] = [];
  for (const piece of pieces) {
    const frames = assignment.push(new TextEncoder().encode(piece));
    found.push(assignment.id);
    if (frames !== undefined) return [...found, new TextDecoder().decode(frames)];
  }
  return found;
}

Deno.test("an ID alone is known at once, and grows with the digits that follow", () => {
  assertEquals(read("2"), [2]);
  assertEquals(read("255"), [255]);
  assertEquals(read("2", "5", "5"), [2, 25, 255]);
  assertEquals(read("1", "7"), [0, 17]);
});

Deno.test("a frame right behind the ID is told from it by its destination", () => {
  assertEquals(read("212][2][1][x"), [2, "12][2][1][x"]);
  assertEquals(read("212][21][1][x"), [21, "2][21][1][x"]);
  assertEquals(read("255255][255][ACK"), [255, "255][255][ACK"]);
  assertEquals(read("21][2][7][welcome"), [2, "1][2][7][welcome"]);
});

Deno.test("an ID that was taken for longer than it is, is put right by the first frame", () => {
  assertEquals(read("2", "12", "][2][1][x"), [2, 212, 2, "12][2][1][x"]);
  assertEquals(read("25", "3]", "[2", "5][1", "][x"), [25, 25, 25, 25, "3][25][1"]);
});

Deno.test("a first frame for somebody else leaves the ID that is known", () => {
  assertEquals(read("2", "3][9][1][x"), [2, 2, "3][9][1][x"]);
  assertEquals(read("23][9][1][x"), [2, "3][9][1][x"]);
});

Deno.test("a first frame for an ID that ours begins with is no reason to take that for ours", () => {
  const assignment = new Assignment();
  assignment.push(new TextEncoder().encode("142"));
  assignment.push(new TextEncoder().encode("199][14][5][hello"));
  assertEquals(assignment.id, 142);
});

Deno.test("whatever ID, source and cut, the ID is right in the end and the frame is whole", () => {
  const id = fc.integer({ min: 2, max: 255 });
  fc.assert(fc.property(id, fc.integer({ min: 1, max: 255 }), fc.array(fc.nat(9)), (own, source, cuts) => {
    const stream = `${own}${source}][${own}][1][x`;
    const places = [0, ...cuts.map((cut) => Math.min(cut, stream.length)).sort((a, b) => a - b), stream.length];
    const pieces = places.slice(1).map((place, i) => stream.slice(places[i], place));
    const assignment = new Assignment();
    let frames = "";
    let isCertain = false;
    for (const piece of pieces) {
      const bytes = new TextEncoder().encode(piece);
      const behind: Uint8Array | undefined = isCertain ? bytes : assignment.push(bytes);
      isCertain = behind !== undefined;
      frames += new TextDecoder().decode(behind);
    }
    assertEquals([assignment.id, frames], [own, `${source}][${own}][1][x`]);
  }));
});

Deno.test("what does not begin with an ID has none", () => {
  for (const bytes of ["hello", "0", "02", "1\n", "][", "256\n", "\n"]) assertEquals(read(bytes)[0], 0, bytes);
  assertEquals(read("7\n"), [7, "\n"]);
});

Deno.test("digits without end are given up", () => {
  assertEquals(read("9".repeat(64)), [0, "9".repeat(64)]);
  assertEquals(read(`9][${"9".repeat(80)}`)[0], 0);
});
