/**
 * What a running server reads again when it is asked to.
 *
 * @module
 */

import type { CertificateFiles } from "../transport/tls/tls.ts";
import { readCertificate } from "../transport/tls/tls.ts";
import type { CertificateWatch } from "./certificate_watch.ts";
import { messageOf } from "./listeners/listener.ts";
import type { Log } from "./log/log.ts";
import type { Server } from "./server.ts";

/** The files, and who is to heed what they say now. */
export interface ReloadOptions {
  /** Shows another certificate, and holds those who come to other networks. */
  readonly server: Pick<Server, "renew" | "readNetworks">;
  /** Where the certificate is, if there is one. */
  readonly tls?: CertificateFiles | undefined;
  /** Is told of a new certificate. */
  readonly watch?: Pick<CertificateWatch, "shows"> | undefined;
  /** The files with networks. */
  readonly networkFiles: readonly string[];
}

/**
 * Gives a function that reads the files again, one call after the other. The log says what came of it. What cannot be used
 * changes nothing.
 */
export function reloading(options: ReloadOptions, log: Log): () => Promise<void> {
  const { server, tls, watch, networkFiles } = options;
  const reload = async () => {
    if (tls !== undefined) await renew(tls);
    if (networkFiles.length > 0) readNetworks();
    if (tls === undefined && networkFiles.length === 0) {
      log("info", "there is nothing to read again: no certificate, and no file with networks");
    }
  };
  const renew = async (files: CertificateFiles) => {
    try {
      const certificate = readCertificate(files);
      await server.renew(certificate);
      log("info", "the certificate was read again, new connections are shown it", { file: files.certFile });
      watch?.shows(certificate);
    } catch (error) {
      log("error", "the certificate was not renewed", { why: messageOf(error) });
    }
  };
  const readNetworks = () => {
    const files = networkFiles.join(", ");
    try {
      server.readNetworks();
      log("info", "the networks were read again, and hold for those who come from now on", { files });
    } catch (error) {
      log("error", "the networks stay as they were", { files, why: messageOf(error) });
    }
  };
  let last = Promise.resolve();
  return () => last = last.then(reload);
}
