import { assertEquals } from "@std/assert";
import { makeAuthority } from "../testing/certificates.ts";
import { validityOf } from "./validity.ts";

const [JUNE, JULY, AUGUST, SEPTEMBER] = [5, 6, 7, 8].map((month) => Date.UTC(2026, month, 1, 12, 30, 15)) as [
  number,
  number,
  number,
  number,
];

Deno.test("a chain is valid while all of its certificates are", async () => {
  const authority = await makeAuthority("an authority");
  const early = await authority.sign({ from: JUNE, until: AUGUST });
  const late = await authority.sign({ from: JULY, until: SEPTEMBER });
  assertEquals(validityOf(early), { from: JUNE, until: AUGUST });
  assertEquals(validityOf({ cert: `${late.cert}\n${early.cert}` }), { from: JULY, until: AUGUST });
});

Deno.test("of what is no certificate nothing is known", () => {
  assertEquals(validityOf({ cert: "" }), undefined);
  assertEquals(validityOf({ cert: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" }), undefined);
});
