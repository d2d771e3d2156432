/**
 * Of whom and of which dialects fixtures are asked for.
 *
 * @module
 */

import type { ConformOptions } from "./conform_options.ts";
import { dialectsOf } from "./target_spec.ts";
import type { Role } from "./transcript/check.ts";

/** Who is tested. */
export const ROLES: readonly Role[] = ["server", "client"];

/** Whose fixtures are listed: those of whom a target is given, or else of both. */
export function rolesOf({ targets, client }: ConformOptions): Role[] {
  if (client !== undefined && targets.length === 0) return ["client"];
  if (client !== undefined) return [...ROLES];
  return targets.length > 0 ? ["server"] : [...ROLES];
}

/** The dialects of which something may be played, as far as is known before anybody is asked. */
export function dialectsToList({ targets, client, dialect }: ConformOptions): string[] {
  if (client !== undefined) return [client.dialect];
  return targets.length === 0 && dialect !== undefined ? [dialect] : dialectsOf(targets);
}
