/**
 * Whether a target conforms: computed once, for the exit status and for every report.
 *
 * @module
 */

import { countText } from "../reports/words.ts";
import { FATAL, type Judgement, type Judgements } from "./judgement.ts";
import { STATUS } from "./exit_status.ts";
import { byClause, countsAgainst, type Result, type TargetRun } from "./verdict.ts";

/** How a target did. */
export interface Conclusion {
  /** `good`: it conforms; `bad`: it does not; `odd`: that could not be found out, or was known before. */
  readonly kind: "good" | "bad" | "odd";
  /** The exit status that follows, if this is the only target. */
  readonly status: number;
  /** One sentence without its subject: `conforms to relay`. */
  readonly text: string;
}

/**
 * Sums up how a target did.
 *
 * @param run What was found out.
 * @param judgements What each result means.
 * @param strict Whether a `should` counts.
 * @param baseline The file with the expected failures, if the run was compared with one.
 */
export function conclude(run: TargetRun, judgements: Judgements, strict: boolean, baseline?: string): Conclusion {
  if (run.unreachable !== undefined) return { kind: "odd", status: STATUS.unreachable, text: run.unreachable };
  const { dialect, role } = run.target;
  const [conforms, fails] = role === "pair"
    ? [`work together in ${dialect}`, `do not work together in ${dialect}`]
    : [`conforms to ${dialect}`, `does not conform to ${dialect}`];
  const those = (...wanted: Judgement[]) =>
    [...judgements].filter(([, one]) => wanted.includes(one)).map(([one]) => one);
  const expected = those("expected failure").length;
  const besides = expected === 0 ? [] : [`besides ${countText(expected, "expected failure")} in ${baseline}`];
  const brokenOff = run.isBrokenOff ? [`broken off after ${countText(run.results.length, "fixture")}`] : [];
  if (those(...FATAL).length > 0) {
    const failed = clausesOf(those("fail").filter(({ verdict }) => verdict === "fail"));
    const held = those("fail", "blocked").filter((one) => one.verdict === "blocked" && countsAgainst(one, strict));
    const playable = new Set(
      byClause(run).filter(({ verdict }) => verdict !== "blocked").map(({ clause }) => clause.slug),
    );
    const blocked = clausesOf(held).difference(playable);
    // Where nothing that counts has failed, what it blocks does.
    const partly = failed.size + blocked.size === 0 ? held.length : 0;
    const unexpected = those("unexpected pass").length;
    const parts = [
      ...failed.size > 0 ? [`${countText(failed.size, "clause")} failed`] : [],
      ...blocked.size > 0 ? [`${blocked.size} blocked`] : [],
      ...partly > 0 ? [`${countText(partly, "fixture")} blocked`] : [],
      ...unexpected > 0 ? [`${countText(unexpected, "unexpected pass", "unexpected passes")} in ${baseline}`] : [],
      ...brokenOff,
      ...besides,
    ];
    return { kind: "bad", status: STATUS.fails, text: `${fails}: ${parts.join(", ")}` };
  }
  const errors = those("error").length;
  const status = errors > 0 ? STATUS.misused : STATUS.conforms;
  if (run.isBrokenOff) return { kind: "odd", status: STATUS.misused, text: `cannot tell: ${brokenOff.join()}` };
  if (errors > 0) {
    return { kind: "odd", status, text: `cannot tell: ${countText(errors, "fixture")} could not be played` };
  }
  if (expected > 0) {
    const text = `${fails}, as expected: nothing but ${countText(expected, "expected failure")} in ${baseline}`;
    return { kind: "odd", status, text };
  }
  return { kind: "good", status, text: conforms };
}

function clausesOf(results: readonly Result[]): Set<string> {
  return new Set(results.map(({ fixture }) => fixture.clause.slug));
}
