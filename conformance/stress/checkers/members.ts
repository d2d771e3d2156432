/**
 * Groups: the members that are told can be explained by some order of the joins and leaves.
 *
 * @module
 */

import { type Finding, type GroupOperation, lifeText, type OperationHistory } from "../history.ts";
import { type Call, linearize } from "../linearizability.ts";
import { Memberships } from "./memberships.ts";
import { isAstray } from "../presence.ts";

/** A call about one group. The state is the names of its members, sorted, each behind a newline. */
interface MembersCall extends Call {
  readonly operation: GroupOperation;
}

/** Of one whose requests went astray so many configurations are looked at: where there are more, nearly everything can be explained. */
const FEW = 400;
/** What was not answered may be heard so long after it was asked first, in milliseconds: it is asked again and again. */
const HEARD = 6_000;
/** A copy of what was answered may be heard so much later where datagrams go astray, in milliseconds. */
const COPY = 300;

/**
 * Whether the answers about each group are linearizable: those of all together who were heard for certain, and of each of the others by
 * itself, since nobody can know what became of their requests, and all orders of all of those are too many.
 */
export function checkMembers(history: OperationHistory): Finding[] {
  const memberships = new Memberships(history);
  const byGroup = Map.groupBy(history.groupOperations, ({ group }) => group);
  return [...byGroup].flatMap(([group, operations]) => {
    const named = Map.groupBy(operations, ({ life }) => history.lives[life]!.name);
    const uncertain = new Set(
      [...named].filter(([, own]) => own.some((one) => isUncertain(one, history, memberships))).map(([name]) => name),
    );
    const isCertain = (name: string) => !uncertain.has(name);
    const each = [...uncertain].map((one) => (name: string) => name === one);
    for (const isMeant of [isCertain, ...each]) {
      const calls = operations.flatMap((operation) => callsOf(operation, history, memberships, isMeant));
      const found = linearize("", calls, isMeant === isCertain ? undefined : FEW);
      if (found.kind === "stuck") return [findingOf(group, found.call.operation, history)];
    }
    return [];
  });
}

function findingOf(
  group: string,
  { life: id, kind, members = [], outcome, end, begin }: GroupOperation,
  { lives }: OperationHistory,
): Finding {
  const told = members.length === 0 ? "nobody" : members.join(", ");
  const was = outcome === "fail" ? `was refused ${kind} of ${group}` : `did ${kind} ${group}`;
  const what = kind === "members" && outcome === "ok" ? `was told that ${told} is in ${group}` : was;
  const text = `${lifeText(lives[id]!)} ${what}, which no order of the joins and leaves explains`;
  return { clause: "concurrent-members", text, at: end ?? begin, lives: [id], sendings: [] };
}

/** Whether nobody can know what became of it, or for how long. */
function isUncertain(operation: GroupOperation, history: OperationHistory, memberships: Memberships): boolean {
  const { kind, outcome, begin, end = Infinity } = operation;
  if (isAstray(history.lives[operation.life]!, begin, end, history)) return true;
  return kind !== "members" && outcome === "info" || kind === "join" && memberships.mayBeOut(operation) < Infinity;
}

function callsOf(
  operation: GroupOperation,
  history: OperationHistory,
  memberships: Memberships,
  isMeant: (name: string) => boolean,
): MembersCall[] {
  const { kind, begin, end = Infinity, outcome, members = [], unsure = [] } = operation;
  const life = history.lives[operation.life]!;
  const { name } = life;
  const isLost = isAstray(life, begin, end, history);
  if (kind === "members" && outcome === "ok") {
    // A list of an earlier request may have come late.
    if (isLost) return [];
    const isTold = (name: string) => isMeant(name) && !unsure.includes(name);
    const told = stateOf(members.filter(isTold));
    const apply = (state: string) => stateOf(namesIn(state).filter(isTold)) === told ? state : undefined;
    return [{ operation, begin, end, isRead: true, apply }];
  }
  if (!isMeant(name)) return [];
  // Who is refused as no member is none; a join may be refused for another reason.
  if (outcome === "fail") {
    if (kind === "join" || isLost) return [];
    const apply = (state: string) => namesIn(state).includes(name) ? undefined : state;
    return [{ operation, begin, end, isRead: true, apply }];
  }
  if (kind === "members") return [];
  const change = kind === "join" ? including : without;
  const isOptional = outcome === "info" || isLost;
  const call = {
    operation,
    begin,
    end: end === Infinity ? begin + HEARD : isLost ? end + COPY : end,
    isOptional,
    apply: (state: string) => change(state, name),
  };
  // A copy of it may be heard once more, and much later.
  const calls = isLost ? [call, call] : [call];
  // Who is gone, or does not answer, may be taken out at any time from then on.
  const out = kind === "join" ? memberships.mayBeOut(operation) : Infinity;
  const removal = (state: string) => without(state, name);
  const until = memberships.left(operation);
  if (out >= until) return calls;
  return [...calls, { operation, begin: Math.max(out, begin), end: until, isOptional: true, apply: removal }];
}

function namesIn(state: string): string[] {
  return state.split("\n").filter((name) => name !== "");
}

function stateOf(names: readonly string[]): string {
  return [...new Set(names)].sort().map((name) => `${name}\n`).join("");
}

function including(state: string, name: string): string {
  return stateOf([...namesIn(state), name]);
}

function without(state: string, name: string): string {
  return stateOf(namesIn(state).filter((one) => one !== name));
}
