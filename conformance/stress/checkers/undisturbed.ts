/**
 * Who does nothing wrong is not closed, and gets an answer.
 *
 * @module
 */

import { type Finding, type Life, lifeText, type OperationHistory, type Sending, sendingText } from "../history.ts";
import { isDisturbed, isFrozen, livesByName, mayBePresent } from "../presence.ts";

/** Finds clients that were closed, and what was never answered, for which no fault of a client is the reason. */
export function checkUndisturbed(history: OperationHistory): Finding[] {
  const closed = history.lives.filter(({ closedByServer, faults, held, parting, gone = history.end }) =>
    closedByServer !== undefined && faults.length === 0 && held !== undefined && parting === undefined &&
    !isFrozen(history, gone, gone)
  );
  const clause = "concurrent-undisturbed";
  return [
    ...closed.map((life) => {
      const text = `${lifeText(life)} was closed (${life.closedByServer}), and had done nothing wrong`;
      return { clause, text, at: life.gone ?? history.end, lives: [life.id], sendings: [] };
    }),
    ...unansweredSendings(history).map((sending) => {
      const text = `${sendingText(sending, history)} was never answered`;
      return { clause, text, at: history.end, lives: [sending.life], sendings: [sending.id] };
    }),
    ...history.claims.filter((claim) => isWaitedFor(history.lives[claim.life]!, claim)).map(({ life, key }) => {
      const text = `${lifeText(history.lives[life]!)} asked for ${key}, and was never answered`;
      return { clause, text, at: history.end, lives: [life], sendings: [] };
    }),
    ...history.groupOperations.filter((one) => isWaitedFor(history.lives[one.life]!, one)).map((one) => {
      const text = `${
        lifeText(history.lives[one.life]!)
      } asked for ${one.kind} of ${one.group}, and was never answered`;
      return { clause, text, at: history.end, lives: [one.life], sendings: [] };
    }),
  ];
}

/** Whether a client that does nothing wrong, and has waited until the end, has no answer. */
function isWaitedFor(life: Life, { end }: { readonly end?: number }): boolean {
  return end === undefined && life.faults.length === 0 && life.parting === undefined &&
    life.closedByServer === undefined;
}

function unansweredSendings(history: OperationHistory): Sending[] {
  const byName = livesByName(history);
  const unanswered = history.sendings.filter(({ end, outcome }) => end === undefined && outcome === "info");
  const open = Map.groupBy(unanswered, ({ life }) => life);
  return [...open].flatMap(([id, sendings]) => {
    const life = history.lives[id]!;
    if (!isWaitedFor(life, {})) return [];
    // The server itself answers for a group.
    if (sendings[0]!.group !== undefined) return [sendings[0]!];
    // A server that was stopped goes on, and answers then. What is behind an answer that somebody else's fault holds up is held up, too: the first decides.
    const first = sendings[0]!;
    const recipients = first.to === undefined ? history.lives : byName.get(first.to) ?? [];
    const excused = recipients.some((one) =>
      one.id !== id && mayBePresent(one, first.begin, history.end, history) &&
      isDisturbed(one, first.begin, history.end, {})
    );
    return excused ? [] : [first];
  });
}
