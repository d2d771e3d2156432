/**
 * Where operators reach a server.
 *
 * @module
 */

import type { Endpoint } from "../../core/link.ts";

/** A socket in the file system, or a port. */
export type AdminPlace = { readonly path: string } | { readonly endpoint: Endpoint };
