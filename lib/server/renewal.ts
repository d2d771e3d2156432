/**
 * A new certificate for a server that runs.
 *
 * @module
 */

import type { CertificateFiles } from "../transport/tls.ts";
import { readCertificate } from "../transport/tls.ts";
import { messageOf } from "./door.ts";
import type { Log } from "./log.ts";
import type { Server } from "./server.ts";

/**
 * Gives a function that reads the files again and has the server show what they hold now, one call after the other. If they
 * cannot be used, the certificate stays, and the log says why.
 */
export function renewal(server: Pick<Server, "renew">, files: CertificateFiles, log: Log): () => Promise<void> {
  const renew = async () => {
    try {
      await server.renew(readCertificate(files));
      log("info", "the certificate was read again, new connections are shown it", { file: files.certFile });
    } catch (error) {
      log("error", "the certificate was not renewed", { why: messageOf(error) });
    }
  };
  let last = Promise.resolve();
  return () => last = last.then(renew);
}
