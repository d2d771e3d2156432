import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { decodeTable, encodeTable, NORMAL, type Row } from "./messages.ts";

const AYSHA: Row = { name: "aysha", ip: "127.0.0.1", port: 2000, isOnline: true, mode: "skii" };
const SANA: Row = { name: "sana", ip: "127.0.0.1", port: 3000, isOnline: false, mode: NORMAL };

Deno.test("a table is read as the document's own server writes it", () => {
  const text = `{"0": {"name": "aysha", "ip": "127.0.0.1", "port": 2000, "status": "yes", "mode": "skii"}, ` +
    `"1": {"name": "sana", "ip": "127.0.0.1", "port": 3000, "status": "no", "mode": "normal"}}`;
  assertEquals([...decodeTable(text)!.values()], [AYSHA, SANA]);
});

Deno.test("what is written is read back", () => {
  const row = fc.record({
    name: fc.string().map((name) => `n${name.replace(/[^!-~]|\\/g, "")}`),
    ip: fc.constantFrom("192.0.2.1", "2001:db8::1"),
    port: fc.integer({ min: 1, max: 65_535 }),
    isOnline: fc.boolean(),
    mode: fc.constantFrom(NORMAL, "skii", `"{}`, "ü 🎉"),
  });
  fc.assert(fc.property(fc.uniqueArray(row, { selector: (one) => one.name, maxLength: 20 }), (rows) => {
    assertEquals([...decodeTable(encodeTable(rows, 65_507))!.values()], rows);
  }));
});

Deno.test("what fits is written, whole rows only", () => {
  const rows = Array.from({ length: 100 }, (_, i) => ({ ...AYSHA, name: `é${i}` }));
  for (const room of [2, 80, 81, 500, 1000]) {
    const text = encodeTable(rows, room);
    assert(new TextEncoder().encode(text).length <= room, `${room}`);
    assert(room - new TextEncoder().encode(text).length < 90 || room === 2);
    assertEquals(decodeTable(text)!.size, Object.keys(JSON.parse(text)).length);
  }
});

Deno.test("rows that make no sense are left out, and the later of two for one name counts", () => {
  const row = { name: "x", ip: "1.2.3.4", port: 1, status: "yes", mode: "normal" };
  const text = (...rows: unknown[]) => JSON.stringify({ ...rows });
  assertEquals([...decodeTable(text(null, 1, "x", [], {}, { ...row, port: 0 }, { ...row, port: 70_000 }, {
    ...row,
    name: 7,
  }, { ...row, ip: null }))!.values()], []);
  const later = { ...row, port: "5", status: "no", mode: 3 };
  assertEquals([...decodeTable(text(row, later))!.values()], [
    { name: "x", ip: "1.2.3.4", port: 5, isOnline: false, mode: undefined },
  ]);
});

Deno.test("what is no table is none, and never throws", () => {
  for (const text of ["", "{", "null", "1", '"x"', "[".repeat(10_000)]) {
    assertEquals(decodeTable(text), undefined, text.slice(0, 10));
  }
  fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), (text) => void decodeTable(text)));
});
