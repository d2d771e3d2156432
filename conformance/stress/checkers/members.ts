/**
 * Groups: the members that are told can be explained by some order of the joins and leaves.
 *
 * @module
 */

import { type Finding, type GroupOperation, lifeText, type OperationHistory } from "../history.ts";
import { type Call, linearize } from "../linearizability.ts";
import { GRACE } from "../presence.ts";

/** A call about one group. The state is the names of its members, sorted, each behind a newline. */
interface MembersCall extends Call {
  readonly operation: GroupOperation;
}

/** Whether the answers about each group are linearizable. */
export function checkMembers(history: OperationHistory): Finding[] {
  const byGroup = Map.groupBy(history.groupOperations, ({ group }) => group);
  return [...byGroup].flatMap(([group, operations]) => {
    const found = linearize("", operations.flatMap((operation) => callsOf(operation, history)));
    if (found.kind !== "stuck") return [];
    const { operation: { life: id, kind, members = [], end, begin } } = found.call;
    const life = history.lives[id]!;
    const told = members.length === 0 ? "nobody" : members.join(", ");
    const what = kind === "members" ? `was told that ${told} is in ${group}` : `did ${kind} ${group}`;
    const text = `${lifeText(life)} ${what}, which no order of the joins and leaves explains`;
    return [{ clause: "concurrent-members", text, at: end ?? begin, lives: [id], sendings: [] }];
  });
}

function callsOf(operation: GroupOperation, { lives }: OperationHistory): MembersCall[] {
  const { kind, begin, outcome, members = [] } = operation;
  const life = lives[operation.life]!;
  const { name } = life;
  if (kind === "members") {
    if (outcome !== "ok") return [];
    const told = stateOf(members);
    return [{ operation, begin, end: operation.end!, apply: (state) => state === told ? state : undefined }];
  }
  if (outcome === "fail") return [];
  const isOptional = outcome === "info";
  const end = operation.end ?? (life.gone ?? Infinity) + GRACE;
  const change = kind === "join" ? including : without;
  const call = { operation, begin, end, isOptional, apply: (state: string) => change(state, name) };
  // Who is gone, or does not answer, may be taken out at any time from then on.
  const out = Math.min(life.parting ?? Infinity, ...life.faults.map((fault) => fault.begin));
  if (kind === "leave" || out === Infinity) return [call];
  return [call, { operation, begin: out, end: Infinity, isOptional: true, apply: (state) => without(state, name) }];
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
