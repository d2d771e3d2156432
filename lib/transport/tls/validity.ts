/**
 * For how long a certificate is good.
 *
 * @module
 */

import { X509Certificate } from "node:crypto";
import type { Certificate } from "./tls.ts";

/** The time for which a chain of certificates is valid, in milliseconds since 1970. */
export interface Validity {
  /** From when on. */
  readonly from: number;
  /** Until when. */
  readonly until: number;
}

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** From when until when all certificates of a chain are valid; `undefined` if none of them says so in a way that we know. */
export function validityOf({ cert }: Pick<Certificate, "cert">): Validity | undefined {
  const periods = (cert.match(BLOCK) ?? []).flatMap((pem) => periodOf(pem) ?? []);
  if (periods.length === 0) return undefined;
  return { from: Math.max(...periods.map(({ from }) => from)), until: Math.min(...periods.map(({ until }) => until)) };
}

function periodOf(pem: string): Validity | undefined {
  try {
    const { validFrom, validTo } = new X509Certificate(pem);
    const [from, until] = [Date.parse(validFrom), Date.parse(validTo)];
    return Number.isNaN(from) || Number.isNaN(until) ? undefined : { from, until };
  } catch {
    // The system took it for a certificate when it was read: that we cannot tell its time is no reason to do without it.
    return undefined;
  }
}
