/**
 * Certificates for tests, made by the tests: an authority, and what it has signed.
 *
 * @module
 */

import { generate } from "selfsigned";
import type { Certificate } from "../tls/tls.ts";
import type { Validity } from "../tls/validity.ts";

/** An authority. */
export interface Authority extends Certificate {
  /** Signs a certificate for this machine, valid for a year from now on unless it is said otherwise. */
  sign(validity?: Partial<Validity>): Promise<Certificate>;
}

/** Makes an authority. A certificate that is its own authority would be refused by Deno: CaUsedAsEndEntity. */
export async function makeAuthority(name: string): Promise<Authority> {
  const { cert, private: key } = await generate([{ name: "commonName", value: name }], {
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, critical: true },
    ],
  });
  return { cert, key, sign: (validity) => sign({ cert, key }, validity) };
}

async function sign(ca: Certificate, { from, until }: Partial<Validity> = {}): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], {
    algorithm: "sha256",
    ca,
    ...from !== undefined && { notBeforeDate: new Date(from) },
    ...until !== undefined && { notAfterDate: new Date(until) },
    extensions: [
      { name: "basicConstraints", cA: false },
      {
        name: "subjectAltName",
        altNames: [{ type: 2, value: "localhost" }, { type: 7, ip: "127.0.0.1" }],
      },
    ],
  });
  return { cert, key };
}
