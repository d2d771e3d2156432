/**
 * The options for TLS of the commands that connect to a server.
 *
 * @module
 */

import { optional } from "@optique/core/modifiers";
import { ChatError } from "../core/error.ts";
import { fields } from "./fields.ts";
import { file } from "./values.ts";

const { flag, setting } = fields;

/** What the options say. */
export interface TrustOptions {
  /** Whether to speak TLS. */
  readonly tls: boolean;
  /** A file of certificates to trust. */
  readonly caFile: string | undefined;
  /** Whether to trust any. */
  readonly insecure: boolean;
}

/** The options. */
export const TRUST = {
  tls: flag("--tls", "Speak TLS."),
  caFile: optional(
    setting("--ca", file(), "Whom to trust besides the authorities that are known: certificates in PEM."),
  ),
  insecure: flag("--insecure", "Trust any certificate. For trying things out."),
};

/**
 * Whom to trust, if TLS is to be spoken.
 *
 * @throws {ChatError} `usage` if that is said, and not that TLS is to be spoken.
 */
export function trust(
  { tls, caFile, insecure }: TrustOptions,
): { readonly caFile?: string | undefined; readonly insecure: boolean } | undefined {
  if (tls) return { caFile, insecure };
  if (caFile === undefined && !insecure) return undefined;
  throw new ChatError("usage", "--ca and --insecure say whom to trust with --tls: add it");
}
