/**
 * What a server reads of the disk: the permission for it is given back when nothing is left to be read.
 *
 * @module
 */

import type { AnyDialect } from "../dialects/dialect.ts";
import { DIALECTS } from "../dialects/registry.ts";
import { networkFilesOf } from "./limits/network_file.ts";
import type { ServerOptions } from "./server.ts";

/** The options of a server that say what is read. */
export interface ReadingOptions extends Pick<ServerOptions, "allow" | "deny" | "ports"> {
  /** Where the certificate is. */
  readonly tls?: object | undefined;
  /** The cluster, and the files of its credentials and authorities. */
  readonly clusterChoice?:
    | { readonly credsFile?: string | undefined; readonly caFile?: string | undefined }
    | undefined;
  /** The file of options. */
  readonly configFile?: string | undefined;
  /** Where operators reach it. */
  readonly adminChoice?: { readonly place: object } | undefined;
}

/** Whether it reads more of the disk than the page, now or later: the runtime gives back all of a permission or nothing of it. */
export function readsAgain(options: ReadingOptions): boolean {
  const { tls, allow, deny, clusterChoice, configFile, adminChoice } = options;
  const readsFiles = networkFilesOf([...allow, ...deny]).length > 0 ||
    (clusterChoice?.credsFile ?? clusterChoice?.caFile) !== undefined;
  // Operators have a page, too.
  return tls !== undefined || readsFiles || configFile !== undefined || adminChoice !== undefined;
}

/** Whether operators reach it by a socket in the file system, which is written. */
export function hasSocket({ adminChoice }: Pick<ReadingOptions, "adminChoice">): boolean {
  return adminChoice !== undefined && "path" in adminChoice.place;
}

/** Whether the page can be seen, whose files are read at the start. */
export function hasPage({ ports }: Pick<ReadingOptions, "ports">): boolean {
  return DIALECTS.some((dialect) => carriesPage(dialect) && (ports[dialect.name] ?? "off") !== "off");
}

/** Whether a dialect's port has the page as well. */
export function carriesPage(dialect: AnyDialect | undefined): boolean {
  return dialect?.transport === "tcp" && dialect.webSocket !== undefined;
}
