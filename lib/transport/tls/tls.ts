/**
 * TLS for links: the certificate that a server shows, and whom a client trusts.
 *
 * @module
 */

import { ChatError } from "../../core/error.ts";
import type { Endpoint } from "../../core/link.ts";
import { reasonOf } from "../listening.ts";
import type { ByteStream } from "../stream_link.ts";

/** What a server shows, in PEM. */
export interface Certificate {
  /** Its certificate, and those between it and the authority behind it. */
  readonly cert: string;
  /** The private key that goes with it. */
  readonly key: string;
}

/** Where a {@linkcode Certificate} is kept. */
export interface CertificateFiles {
  /** The file of the certificate chain. */
  readonly certFile: string;
  /** The file of the private key. */
  readonly keyFile: string;
}

/** Whom a client trusts. */
export interface Trust {
  /** Authorities, in PEM, besides those that the program knows. */
  readonly ca?: string | undefined;
  /** Whether anybody is trusted, whoever signed for them: for tests alone. */
  readonly insecure?: boolean | undefined;
}

/** Where a {@linkcode Trust} is kept. */
export interface TrustFiles {
  /** The file of the authorities. */
  readonly caFile?: string | undefined;
  /** Whether anybody is trusted. */
  readonly insecure: boolean;
}

/** The address, on any free port, on which a certificate is tried out. */
const NOWHERE = { hostname: "127.0.0.1", port: 0 } as const;

/**
 * Reads a certificate and its key, and has the system look whether they can be used together.
 *
 * @throws {ChatError} `bad-certificate`, with the file and what is wrong with it.
 */
export function readCertificate({ certFile, keyFile }: CertificateFiles): Certificate {
  const certificate = { cert: readPem(certFile, "CERTIFICATE"), key: readPem(keyFile, "PRIVATE KEY") };
  try {
    Deno.listenTls({ ...NOWHERE, ...certificate }).close();
  } catch (cause) {
    const text = `${shown(certFile)} and ${shown(keyFile)} cannot be used together: ${reasonOf(cause)}`;
    throw new ChatError("bad-certificate", text, { cause });
  }
  return certificate;
}

/**
 * Reads the authorities whom a client trusts.
 *
 * @throws {ChatError} `bad-certificate`, with the file and what is wrong with it.
 */
export function readTrust({ caFile, insecure }: TrustFiles): Trust {
  return { insecure, ca: caFile === undefined ? undefined : readPem(caFile, "CERTIFICATE") };
}

/**
 * Lays TLS over a connection that is open, and shakes hands; the connection is closed if that fails.
 *
 * @throws what the system says of the server's certificate, or of the connection.
 */
export async function startTls(
  connection: Deno.TcpConn,
  { hostname }: Endpoint,
  { ca }: Trust,
  signal: AbortSignal,
): Promise<ByteStream> {
  const stream = await Deno.startTls(connection, { hostname, ...ca !== undefined && { caCerts: [ca] } });
  const giveUp = () => stream.close();
  signal.addEventListener("abort", giveUp);
  try {
    signal.throwIfAborted();
    await stream.handshake();
    return stream;
  } catch (error) {
    giveUp();
    throw error;
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

function readPem(file: string, label: string): string {
  let text: string;
  try {
    text = Deno.readTextFileSync(file);
  } catch (cause) {
    throw new ChatError("bad-certificate", `cannot read ${shown(file)}: ${reasonOf(cause)}`, { cause });
  }
  // Of a chain that is being written, the system takes what is there.
  if (count(text, /^-----BEGIN /gm) !== count(text, /^-----END /gm)) {
    throw new ChatError("bad-certificate", `${shown(file)} ends amid a block: it is not all there yet`);
  }
  if (new RegExp(`^-----BEGIN (?:[A-Z0-9]+ )*${label}-----`, "m").test(text)) return text;
  throw new ChatError("bad-certificate", `${shown(file)} holds no ${label} in PEM form`);
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function shown(file: string): string {
  return JSON.stringify(file);
}
