/**
 * Warns of a certificate that clients refuse, or soon will.
 *
 * @module
 */

import type { Certificate } from "../transport/tls/tls.ts";
import { type Validity, validityOf } from "../transport/tls/validity.ts";
import type { Log } from "./log/log.ts";

const DAY_MS = 24 * 3_600_000;
/** How long before its end it is warned of a certificate. */
const AHEAD_MS = 7 * DAY_MS;

/** What a watch needs besides the log. */
export interface CertificateWatchOptions {
  /** The file that warnings name. */
  readonly file: string;
  /** The time, in milliseconds since 1970. */
  now(): number;
  /** Has something done again and again, so many milliseconds apart, until the function returned is called. */
  every(delay: number, act: () => void): () => void;
}

/** Looks at the certificate that is shown when it begins to be, and once a day from then on. */
export class CertificateWatch implements Disposable {
  readonly #log: Log;
  readonly #options: CertificateWatchOptions;
  readonly #stop: () => void;
  #validity: Validity | undefined;

  /** {@linkcode CertificateWatch.shows} says what is to be looked at. */
  constructor(log: Log, options: CertificateWatchOptions) {
    this.#log = log;
    this.#options = options;
    this.#stop = options.every(DAY_MS, () => this.#look());
  }

  /** This certificate is shown from now on. */
  shows(certificate: Certificate): void {
    this.#validity = validityOf(certificate);
    this.#look();
  }

  /** Until when the certificate is valid, in milliseconds since 1970, if that is known. */
  get until(): number | undefined {
    return this.#validity?.until;
  }

  /** Looks no more. */
  [Symbol.dispose](): void {
    this.#stop();
  }

  #look(): void {
    if (this.#validity === undefined) return;
    const { file, now } = this.#options;
    const warning = warningOf(this.#validity, now());
    if (warning !== undefined) this.#log("warning", warning.text, { file, ...warning.about });
  }
}

/** What is wrong with the time for which a certificate is valid, if anything is. */
function warningOf({ from, until }: Validity, now: number) {
  const about = { until: new Date(until).toISOString() };
  if (now >= until) return { text: "the certificate has expired: clients refuse it", about };
  if (now < from) {
    return {
      text: "the certificate is not valid yet: clients refuse it",
      about: { from: new Date(from).toISOString() },
    };
  }
  if (until - now <= AHEAD_MS) return { text: "the certificate expires within a week: renew it", about };
  return undefined;
}

/** The same by the real time, until it is disposed. */
export function watchCertificate(log: Log, file: string): CertificateWatch {
  return new CertificateWatch(log, {
    file,
    now: () => Date.now(),
    every: (delay, act) => {
      const id = setInterval(act, delay);
      return () => clearInterval(id);
    },
  });
}
