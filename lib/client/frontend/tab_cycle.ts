/**
 * The Tab key: each press replaces what the one before has put there by the next thing that it could be.
 *
 * @module
 */

import type { Completion } from "./frontend.ts";

/** What readline wants to know: with what, and what of the line's beginning, is to be replaced. */
export type Replacement = [by: string[], what: string];

/**
 * Remembers what the last press has put where.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const tab = new TabCycle();
 * const complete = () => ({ on: "@b", candidates: ["@bob ", "@bill "] });
 * assertEquals(tab.press("@b", complete), [["@bob "], "@b"]);
 * assertEquals(tab.press("@bob ", complete), [["@bill "], "@bob "]);
 * assertEquals(tab.press("@bill ", complete), [["@bob "], "@bill "]);
 * const single = () => ({ on: "/h", candidates: ["/help "] });
 * assertEquals(tab.press("/h", single), [["/help "], "/h"]);
 * assertEquals(tab.press("/help ", single), [[], "/help "]);
 * ```
 */
export class TabCycle {
  #last: { readonly before: string; readonly candidates: readonly string[]; readonly index: number } | undefined;

  /**
   * The key was pressed.
   *
   * @param before what is in front of the cursor.
   * @param complete what that could become.
   */
  press(before: string, complete: (before: string) => Completion): Replacement {
    const last = this.#last;
    if (last !== undefined && last.before === before) {
      return this.#put(
        before,
        last.candidates[last.index]!,
        last.candidates,
        (last.index + 1) % last.candidates.length,
      );
    }
    const { on, candidates } = complete(before);
    this.#last = undefined;
    return candidates.length === 0 ? [[], before] : this.#put(before, on, candidates, 0);
  }

  #put(before: string, replaced: string, candidates: readonly string[], index: number): Replacement {
    const candidate = candidates[index]!;
    // There is nothing else that it could be; readline would list what is there already.
    if (candidate === replaced) return [[], before];
    const start = before.slice(0, before.length - replaced.length);
    this.#last = { before: start + candidate, candidates, index };
    return [[candidate], replaced];
  }
}
