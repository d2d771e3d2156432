/**
 * Certificates for tests, made by the tests: an authority, and what it has signed.
 *
 * @module
 */

import { generate } from "selfsigned";
import type { Certificate } from "./tls.ts";

/** An authority. */
export interface Authority extends Certificate {
  /** Signs a certificate for this machine. */
  sign(): Promise<Certificate>;
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
  return { cert, key, sign: () => sign({ cert, key }) };
}

async function sign(ca: Certificate): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], {
    algorithm: "sha256",
    ca,
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
