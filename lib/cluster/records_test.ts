import { assertEquals } from "@std/assert";
import { claimKey, decodeRecord, encodeRecord, idKey, leaseKey } from "./records.ts";

const owner = { node: "0123456789abcdef", epoch: 2 };
const remote = { hostname: "192.0.2.1", port: 2 };
const LEASE = { ...owner, beat: 7, label: "a", format: 1 };
const CLAIM = {
  ...owner,
  id: "x.1",
  name: "alice",
  title: "alice",
  dialect: "relay",
  remote,
  since: 0,
  number: 2,
  stage: "present",
} as const;
const ID = { ...owner, number: 2 };

Deno.test("records are read as they were written, under their own keys only", () => {
  const records = [[leaseKey(owner.node), LEASE], [claimKey("alice"), CLAIM], [idKey(2), ID]] as const;
  for (const [key, record] of records) {
    for (const [other] of records) {
      assertEquals(decodeRecord(other, encodeRecord(record)), key === other ? record : undefined, `${key} as ${other}`);
    }
  }
});

Deno.test("a key is made of letters, digits and a dot, and is another one for another name", () => {
  const names = ["alice", "Alice", "a.b", "a*b>", "é", "a".repeat(255)];
  const keys = names.map(claimKey);
  assertEquals(keys.filter((key) => /^name\.[0-9a-f]+$/.test(key)).length, names.length);
  assertEquals(new Set(keys).size, names.length);
});

Deno.test("what is no record is none: other text, other values, fields that are missing", () => {
  const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  assertEquals(decodeRecord(claimKey("alice"), new Uint8Array([255, 254])), undefined);
  for (const value of [null, 5, "x", [], {}]) assertEquals(decodeRecord(claimKey("alice"), text(value)), undefined);
  for (const key of Object.keys(CLAIM).filter((key) => key !== "number")) {
    assertEquals(decodeRecord(claimKey("alice"), text({ ...CLAIM, [key]: undefined })), undefined, key);
    assertEquals(decodeRecord(claimKey("alice"), text({ ...CLAIM, [key]: null })), undefined, key);
  }
});
