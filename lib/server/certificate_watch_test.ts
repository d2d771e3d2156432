import { assertEquals } from "@std/assert";
import { makeAuthority } from "../transport/testing/certificates.ts";
import { CertificateWatch } from "./certificate_watch.ts";

const DAY = 24 * 3_600_000;
const START = Date.UTC(2026, 5, 1, 12);

/** A watch, and days that pass when the test says so. */
function watching() {
  const log: string[] = [];
  const acts = new Set<() => void>();
  let now = START;
  const watch = new CertificateWatch(
    (level, text, about) => log.push(`${level} ${text} ${JSON.stringify(about)}`),
    {
      file: "cert.pem",
      now: () => now,
      every: (delay, act) => {
        assertEquals(delay, DAY);
        acts.add(act);
        return () => acts.delete(act);
      },
    },
  );
  /** Lets days pass; gives what was logged meanwhile. */
  const pass = (days: number): string[] => {
    for (; days > 0; days--) {
      now += DAY;
      for (const act of acts) act();
    }
    return log.splice(0);
  };
  return { watch, pass };
}

const authority = await makeAuthority("an authority");

Deno.test("a server that runs is warned of its certificate every day from a week before it expires", async () => {
  const { watch, pass } = watching();
  watch.shows(await authority.sign({ from: START - DAY, until: START + 20 * DAY }));
  const until = "2026-06-21T12:00:00.000Z";
  assertEquals(pass(12), []);
  const soon = `warning the certificate expires within a week: renew it {"file":"cert.pem","until":"${until}"}`;
  assertEquals(pass(7), new Array(7).fill(soon));
  const expired = `warning the certificate has expired: clients refuse it {"file":"cert.pem","until":"${until}"}`;
  assertEquals(pass(2), [expired, expired]);
  watch.shows(await authority.sign({ from: START, until: START + 100 * DAY }));
  assertEquals(pass(50), []);
  watch[Symbol.dispose]();
  assertEquals(pass(100), []);
});

Deno.test("a certificate that has expired, or is not valid yet, is warned of as soon as it is shown", async () => {
  const { watch, pass } = watching();
  watch.shows(await authority.sign({ from: START - 9 * DAY, until: START - DAY }));
  assertEquals(pass(0), [
    'warning the certificate has expired: clients refuse it {"file":"cert.pem","until":"2026-05-31T12:00:00.000Z"}',
  ]);
  watch.shows(await authority.sign({ from: START + DAY, until: START + 99 * DAY }));
  assertEquals(pass(0), [
    'warning the certificate is not valid yet: clients refuse it {"file":"cert.pem","from":"2026-06-02T12:00:00.000Z"}',
  ]);
  assertEquals(pass(1), []);
  watch[Symbol.dispose]();
});
