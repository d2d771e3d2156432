/**
 * Names: no two holders at one time, and a free one can be had.
 *
 * @module
 */

import { type Claim, type Finding, lifeText, type OperationHistory } from "../history.ts";
import { type Call, linearize } from "../linearizability.ts";
import { isFrozen, seenBy } from "../presence.ts";

/** A call about one name. The state is the life that holds it, as text; empty if it is free. */
interface NameCall extends Call {
  readonly claim: Claim;
}

/** The claims of each name can be explained by some order of them, and of those in which their holders have left. */
export function checkNames(history: OperationHistory): Finding[] {
  const byName = Map.groupBy(history.claims, ({ key }) => key);
  // A server with a thread a client sees that it is gone when its last message is answered, which another client may hold up.
  const busy = new Set(history.sendings.filter(({ outcome }) => outcome === "info").map(({ life }) => life));
  return [...byName].flatMap(([name, claims]) => {
    const calls = claims.flatMap((claim) => callsOf(claim, history, busy.has(claim.life)));
    const found = linearize("", calls);
    if (found.kind !== "stuck") return [];
    const { claim } = found.call;
    const life = history.lives[claim.life]!;
    const others = claims.filter((other) =>
      other !== claim && other.outcome !== "fail" && overlaps(other, claim, history)
    );
    const holders = others.map((other) => lifeText(history.lives[other.life]!)).join(" and ");
    const text = claim.outcome === "fail"
      ? `${lifeText(life)} was refused ${name}, which was free`
      : `${lifeText(life)} was given ${name}, which ${holders || "somebody else"} had`;
    const lives = [life.id, ...others.map((other) => other.life)];
    return [{ clause: "concurrent-names", text, at: claim.end ?? claim.begin, lives, sendings: [] }];
  });
}

function overlaps(other: Claim, claim: Claim, { lives }: OperationHistory): boolean {
  const { gone = Infinity } = lives[other.life]!;
  return other.begin < (claim.end ?? Infinity) && gone > claim.begin;
}

function callsOf(claim: Claim, history: OperationHistory, isBusy: boolean): NameCall[] {
  const { lives, isConnectionless } = history;
  const { begin, outcome, life: id } = claim;
  const holder = String(id);
  // Asked again while the server was stopped, it may be refused one time and given the other.
  const isUnknown = outcome === "info" || isConnectionless === true && isFrozen(history, begin, claim.end ?? Infinity);
  if (outcome === "fail" && !isUnknown) {
    return [{
      claim,
      begin,
      end: claim.end!,
      isRead: true,
      apply: (state) => state === "" ? undefined : state,
    }];
  }
  const life = lives[id]!;
  const isOptional = outcome === "info" || outcome === "fail";
  const isBound = !isConnectionless && !isBusy && life.gone !== undefined;
  const gone = isConnectionless ? life.released ?? Infinity : isBound ? seenBy(life.gone!, history) : Infinity;
  const end = claim.end ?? gone;
  const acquire = { claim, begin, end, isOptional, apply: (state: string) => state === "" ? holder : undefined };
  // A server that closes a connection has let go of the name at any time before that is seen.
  const released = life.closedByServer === undefined
    ? life.parting
    : Math.min(claim.end ?? begin, life.parting ?? Infinity);
  const apply = (state: string) => state === holder ? "" : undefined;
  const release = { claim, begin: released ?? Infinity, end: gone, isOptional, apply };
  return released === undefined ? [acquire] : [acquire, release];
}
