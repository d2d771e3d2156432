/**
 * Makes a recorded transcript say less where a server does not do the same again, and says what it does not say any more.
 *
 * @module
 */

import { spell } from "../transcript/escape.ts";
import type { Failure } from "../play/failure.ts";
import type { ExpectedMessage, RecordedStep } from "./recorded_steps.ts";
import { byteCharacters, byteText, literal, type Snippet, writeSnippets } from "./snippet.ts";

/** Steps that say less, and what was given up. */
export interface Loosened {
  /** The steps. */
  readonly steps: RecordedStep[];
  /** What could not be pinned, in a line. */
  readonly note: string;
}

/** What of a message may differ: a number, a word, or what is neither. */
const TOKENS = /\d+|[A-Za-z0-9_\x80-\xff-]+|[^A-Za-z0-9_\x80-\xff-]+/g;

/**
 * Loosens the step that did not come true when it was played back.
 *
 * @param made the values that were made up for that time, by their names.
 * @returns `undefined` where nothing less would be worth playing.
 */
export function loosen(
  steps: readonly RecordedStep[],
  failed: RecordedStep,
  failure: Failure,
  made: ReadonlyMap<string, string>,
): Loosened | undefined {
  if (failed.kind === "line") return beforeLeaving(steps, failed) ?? forgotten(steps, failure);
  if (failure.kind === "unexpected" && failed.kind !== "silent") return forgotten(steps, failure);
  switch (failed.kind) {
    case "fence":
      return {
        steps: steps.filter((step) => step !== failed),
        note: `the server does not answer what would prove that ${failed.connection} hears nothing: it is waited for`,
      };
    case "silent":
      return {
        steps: steps.filter((step) => step !== failed),
        note: `${failed.connection} heard nothing when it was recorded, and something when it was played back`,
      };
    case "expect":
      return inAnyOrder(steps, failed, failure, made) ?? withoutPart(steps, failed, failure, made) ??
        endedForGood(steps, failed.connection) ?? behindNextSend(steps, failed);
    case "closed":
      return endedForGood(steps, failed.connection);
    default:
      return undefined;
  }
}

/** Something has come before a client leaves, or has nothing more to say, that was recorded behind that, or not at all. */
function beforeLeaving(
  steps: readonly RecordedStep[],
  failed: Extract<RecordedStep, { kind: "line" }>,
): Loosened | undefined {
  const [, how, connection] = /^(close|reset|end) (\S+)$/.exec(failed.text) ?? [];
  if (connection === undefined) return undefined;
  const place = steps.indexOf(failed);
  if (how === "end") {
    const next = steps.findIndex((step, i) => i > place && "connection" in step && step.connection === connection);
    const answer = steps[next];
    if (answer?.kind !== "expect") return undefined;
    const others = steps.filter((step) => step !== answer);
    others.splice(place, 0, answer);
    return { steps: others, note: `whether what comes on ${connection} comes before its end, or behind it` };
  }
  const forget: RecordedStep = { kind: "line", text: `forget ${connection}` };
  return {
    steps: steps.flatMap((step, i) => i === place ? [forget, step] : [step]),
    note: `what comes on ${connection} before it is closed: more than when it was recorded`,
  };
}

/** Something has come at the end that was not recorded. */
function forgotten(steps: readonly RecordedStep[], { attempts }: Failure): Loosened | undefined {
  const connection = attempts[0]?.connection;
  const text = `forget ${connection}`;
  if (connection === undefined || steps.some((step) => step.kind === "line" && step.text === text)) return undefined;
  return {
    steps: [...steps, { kind: "line", text }],
    note: `what comes on ${connection} at the end: more than when it was recorded`,
  };
}

/** What came in the place of a message is one that was to come later: whichever comes first. */
function inAnyOrder(
  steps: readonly RecordedStep[],
  failed: ExpectedMessage,
  failure: Failure,
  made: ReadonlyMap<string, string>,
): Loosened | undefined {
  const came = cameInstead(failure);
  if (came === undefined) return undefined;
  const place = steps.findIndex((step) => step === failed || holds(step, failed));
  const { connection } = failed;
  const group = steps[place]!;
  const items = group.kind === "any-order" ? [...group.items] : [itemAt(steps, place)];
  const used = new Set<RecordedStep>([group, ...items.flat()]);
  for (let at = place + 1; at < steps.length; at++) {
    const step = steps[at]!;
    if (used.has(step) || !("connection" in step) || step.connection !== connection) continue;
    if (step.kind !== "expect") return undefined;
    const item = itemAt(steps, at);
    items.push(item);
    for (const one of item) used.add(one);
    if (!startsAlike(came, expected(step, made))) continue;
    const loosened: RecordedStep = { kind: "any-order", items };
    return {
      steps: steps.flatMap((step, i) => i === place ? [loosened] : used.has(step) ? [] : [step]),
      note: `the order in which ${items.length} messages come on ${connection}: it is not the same each time`,
    };
  }
  return undefined;
}

/** What did not come in its turn may come when another client has said what it says next. */
function behindNextSend(steps: readonly RecordedStep[], failed: ExpectedMessage): Loosened | undefined {
  const place = steps.indexOf(failed);
  const next = steps.findIndex((step, i) =>
    i > place && "connection" in step && (step.connection === failed.connection || step.kind === "send")
  );
  const said = steps[next];
  if (place < 0 || said?.kind !== "send" || said.connection === failed.connection) return undefined;
  const moved = steps.toSpliced(next + 1, 0, failed).toSpliced(place, 1);
  return {
    steps: moved,
    note: `whether ${failed.connection} hears something before ${said.connection} says something: not each time`,
  };
}

/** A message, and the acknowledgement right behind it on its connection, which is sent whenever it comes. */
function itemAt(steps: readonly RecordedStep[], at: number): [ExpectedMessage, ...RecordedStep[]] {
  const first = steps[at] as ExpectedMessage;
  const next = steps.slice(at + 1).find((step) => "connection" in step && step.connection === first.connection);
  const isAcknowledgement = next?.kind === "send" && /^RECEIVED /.test(writeSnippets(next.snippets));
  return isAcknowledgement ? [first, next] : [first];
}

function holds(step: RecordedStep, failed: ExpectedMessage): boolean {
  return step.kind === "any-order" && step.items.some(([first]) => first === failed);
}

/** What a message differs in is left open. */
function withoutPart(
  steps: readonly RecordedStep[],
  failed: ExpectedMessage,
  failure: Failure,
  made: ReadonlyMap<string, string>,
): Loosened | undefined {
  const came = cameInstead(failure);
  if (came === undefined || failure.attempts[0]!.wanted === "closed") return undefined;
  const tokens = failed.snippets.flatMap(tokensOf);
  const at = firstDifference(tokens, came, made);
  const token = tokens[at];
  if (token === undefined || isOpen(token)) return undefined;
  const was = byteCharacters(token.bytes);
  const value = /^\d+$/.test(was) ? "{_=digits}" : /^[A-Za-z0-9_\x80-\xff-]+$/.test(was) ? "{_=word}" : undefined;
  if (value === undefined) return undefined;
  const snippets = tokens.map((one, i) => i === at ? { bytes: token.bytes, value } : one);
  const looser = { ...failed, snippets };
  const said = spell(token.bytes);
  return {
    steps: steps.map((step) => replaced(step, failed, looser)),
    note: `${said} in what comes on ${failed.connection}: it is not the same each time`,
  };
}

/** Which of what was expected is the first that did not come; of several that may be, one that was taken from what came before. */
function firstDifference(tokens: readonly Snippet[], came: string, made: ReadonlyMap<string, string>): number {
  const patterns = tokens.map((token) => {
    const known = knownAs(token, made);
    return known === undefined ? "\\S+?" : known.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  });
  for (const at of tokens.keys()) {
    if (!new RegExp(`^${patterns.slice(0, at + 1).join("")}`).test(came)) return at;
  }
  return tokens.findIndex((token) => !isOpen(token) && knownAs(token, made) === undefined);
}

/** Whether it takes whatever comes. */
function isOpen({ value }: Snippet): boolean {
  return value?.includes("=") ?? false;
}

/** What was expected for it, as failures spell it; `undefined` where that is not known here. */
function knownAs(token: Snippet, made: ReadonlyMap<string, string>): string | undefined {
  if (token.value === undefined || token.isFixed) return spell(token.bytes);
  const name = made.get(token.value.slice(1, -1));
  return name && spell(literal(name).bytes);
}

function replaced(step: RecordedStep, old: ExpectedMessage, by: ExpectedMessage): RecordedStep {
  if (step === old) return by;
  if (step.kind !== "any-order") return step;
  return {
    ...step,
    items: step.items.map(([first, ...then]): [ExpectedMessage, ...RecordedStep[]] => [
      first === old ? by : first,
      ...then,
    ]),
  };
}

/** What came behind a client's end may not come each time: it is closed, and what comes is nobody's concern. */
function endedForGood(steps: readonly RecordedStep[], connection: string): Loosened | undefined {
  const end = steps.findIndex((step) => step.kind === "line" && step.text === `end ${connection}`);
  if (end < 0) return undefined;
  return {
    steps: steps.flatMap((step, i) => {
      if (i === end) return [{ kind: "line" as const, text: `close ${connection}` }];
      return i > end && "connection" in step && step.connection === connection ? [] : [step];
    }),
    note: `what comes on ${connection} behind its end: it does not come each time`,
  };
}

function tokensOf(snippet: Snippet): Snippet[] {
  if (snippet.value !== undefined) return [snippet];
  return (byteCharacters(snippet.bytes).match(TOKENS) ?? []).map((text) => byteText(text));
}

function expected({ snippets }: ExpectedMessage, made: ReadonlyMap<string, string>): string {
  return snippets.map((snippet) => knownAs(snippet, made) ?? spell(snippet.bytes)).join("");
}

function cameInstead({ attempts }: Failure): string | undefined {
  const [attempt] = attempts;
  return attempt === undefined || attempt.got === "" ? undefined : attempt.fits + attempt.got;
}

/** As far as both are known: long ones are cut in what is told of a failure. */
function startsAlike(came: string, expected: string): boolean {
  const length = Math.min(came.length, expected.length, 64);
  return came.slice(0, length) === expected.slice(0, length);
}
