/**
 * Whether a server says nothing: only a whole run can tell.
 *
 * @module
 */

import { SAYS_NOTHING } from "../play/explain.ts";
import type { Result } from "./verdict.ts";

/** The results, of which none says that the server says nothing if anything was heard of it in any. */
export function withoutWrongSilence(results: readonly Result[]): readonly Result[] {
  const hasHeard = results.some(({ wire }) => wire?.events.some(({ kind }) => kind === "received"));
  if (!hasHeard) return results;
  return results.map((result) => {
    if (result.failure?.hint !== SAYS_NOTHING) return result;
    const { hint: _wrong, ...failure } = result.failure;
    return { ...result, failure };
  });
}
