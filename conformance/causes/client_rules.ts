/**
 * The same rules for clients under test: what fails and what passes tells what a client does wrong.
 *
 * @module
 */

import { TERMINAL } from "../play/client/program_wait.ts";
import type { Result } from "../results/verdict.ts";
import { byClauses, byHint, errorIn, oneRecvText, type Rule } from "./rule.ts";
import { RULES } from "./rules.ts";

/** So large a share of a clause's fixtures is no odd case. */
const MANY = 0.3;
/** What a client cannot show while it waits for its user. */
const RECEIVING = [
  "client-receive",
  "client-receive-meanwhile",
  "client-receive-incomplete",
  "client-body-exact",
  "client-shows",
  "client-group-receive",
  "client-server-gone",
];

const isTimeout = ({ failure }: Result) => failure?.kind === "timeout";
/** What an error that a program has shown may explain: that nothing comes, and not what comes. */
const isUnanswered = ({ failure }: Result) => failure?.kind === "timeout" || failure?.kind === "closed";
const reasonOf = ({ failure }: Result) => failure?.reason ?? "";
const hasConnected = ({ wire }: Result) => wire?.events.some(({ kind }) => kind === "connected") ?? false;

const neverConnects = (result: Result) => /does not connect/.test(reasonOf(result)) && !hasConnected(result);

/** Whether the client has neither said nor shown anything since it was last sent something. */
function isMuteSinceSent({ wire }: Result): boolean {
  const events = wire?.events ?? [];
  const sent = events.findLastIndex(({ kind, connection }) => kind === "sent" && connection !== TERMINAL);
  return sent >= 0 && events.slice(sent).every(({ kind }) => kind !== "received");
}

/** The rule of servers of this name, which holds for clients as well. */
function alsoForServers(name: string): Rule {
  return RULES.find((rule) => rule.name === name)!;
}

/** A client that has ended by an error, or lost a thread to one, with how often. */
function byError(name: string, text: (error: string) => string, holds: (result: Result) => boolean): Rule {
  return {
    name,
    find: ({ failed }) => {
      const errors = failed.filter(holds).flatMap((result) => {
        const error = errorIn(result.failure?.lastOutput ?? []);
        return error === undefined ? [] : [{ result, error }];
      });
      const alike = (error: string) => error.replace(/:.*(?=\(line )/, "");
      const groups = Map.groupBy(errors, ({ error }) => alike(error));
      const [most] = [...groups.values()].sort((a, b) => b.length - a.length);
      return most && { text: text(most[0]!.error), explains: most.map(({ result }) => result) };
    },
  };
}

/** All of them: those before others explain a failure first. */
export const CLIENT_RULES: readonly Rule[] = [
  byHint("other-protocol", /^the client speaks/, (hint) => `is another one: ${hint}`),
  {
    name: "asks",
    find: ({ failed }) => {
      const asked = failed.find(({ failure }) => /^the client asks/.test(failure?.hint ?? ""));
      if (asked === undefined || failed.some(hasConnected)) return undefined;
      const explains = failed.filter((result) => result === asked || neverConnects(result));
      return { text: asked.failure!.hint!.replace(/^the client /, ""), explains };
    },
  },
  {
    name: "never-connects",
    find: ({ failed }) => {
      const explains = failed.filter(neverConnects);
      const [first] = explains;
      if (first === undefined || failed.some(hasConnected)) return undefined;
      const shown = first.failure!.lastOutput ?? [];
      const error = errorIn(shown);
      const last = shown.findLast((line) => line.trim() !== "")?.trim();
      const ended = /has ended (.*), and/.exec(reasonOf(first))?.[1];
      const how = error !== undefined
        ? `: ${error}`
        : ended !== undefined
        ? `: it ends ${ended}${last === undefined ? "" : `, and the last that it shows is ${JSON.stringify(last)}`}`
        : last !== undefined
        ? `; the last that it shows is ${
          JSON.stringify(last)
        }. Its address is given by {host} and {port}, and what it asks for by --client-input`
        : ". Its address is given by {host} and {port} in --client-cmd or --client-input; if it has a port of its own, say which with --listen";
      return { text: `does not connect to where its server is${how}`, explains };
    },
  },
  {
    name: "says-nothing",
    find: (evidence) => {
      if (evidence.hasSpoken || evidence.passes() || evidence.failed.length === 0) return undefined;
      return { text: "connects and says nothing: does it write to the socket, and flush?", explains: evidence.failed };
    },
  },
  {
    name: "one-recv-one-message",
    find: (evidence) => {
      const isJoined = evidence.shareOf("client-stream-joined") >= MANY;
      const isSplit = evidence.shareOf("client-stream-split") >= MANY;
      // Whole messages must be understood, or it is something else.
      const understands = evidence.passes("client-receive", "client-shows-id", "client-shows") &&
        evidence.of("client-receive").length === 0;
      if (!understands || !isJoined && !isSplit) return undefined;
      const explains = [
        ...evidence.of("client-stream-split", "client-stream-joined"),
        ...evidence.of("client-body-exact").filter((result) => /large/.test(result.fixture.name)),
      ];
      return { text: oneRecvText(isJoined, isSplit), explains };
    },
  },
  byError(
    "ended-by-error",
    (error) => `is ended by an error: ${error}`,
    (result) => /has ended/.test(reasonOf(result)) && !/has ended with exit status 0/.test(reasonOf(result)),
  ),
  byError("error-shown", (error) => `loses a thread, or what it was about to do, to ${error}`, isUnanswered),
  {
    name: "waits-for-its-user",
    find: (evidence) => {
      if (!evidence.passes()) return undefined;
      const explains = evidence.of(...RECEIVING).filter((result) => isTimeout(result) && isMuteSinceSent(result));
      // Who shows some of it does listen.
      if (!isReceiving(explains) || evidence.passes("client-receive-meanwhile")) return undefined;
      return {
        text: "shows and answers nothing of what arrives while it waits for its user, as in input(): " +
          "does a thread of its own read the server, or select() wait for both, and is what it prints flushed?",
        explains,
      };
    },
  },
  alsoForServers("counts-characters"),
  byClauses(
    "not-acknowledged",
    ["client-receive", "client-receive-meanwhile", "client-group-receive"],
    "shows a message and does not acknowledge it, so that its sender is told that it did not arrive",
    (result) => isTimeout(result) && /^nothing arrived/.test(reasonOf(result)) && !isMuteSinceSent(result),
  ),
  byClauses(
    "not-shown",
    ["client-receive", "client-receive-meanwhile", "client-group-receive", "client-shows"],
    "does not show what it receives, or keeps it in a buffer: flush standard output behind each message",
    (result) => isTimeout(result) && /does not show it/.test(reasonOf(result)),
  ),
  alsoForServers("line-ends"),
  alsoForServers("letters-case"),
  alsoForServers("wrong-socket"),
  byClauses(
    "sends-what-is-no-message",
    ["client-malformed-line", "client-mode"],
    "sends something for a line that is no message, or not allowed now: look at the line first, and tell its user what to write",
    ({ failure }) => failure?.kind === "unexpected",
  ),
  byClauses(
    "reads-alike",
    ["client-confirmed"],
    "tells its user the same whether a message was delivered or refused",
    (result) => /read alike/.test(reasonOf(result)),
  ),
  byClauses(
    "asks-once",
    ["client-retry", "client-retry-pace"],
    "does not send a request again that nobody answers: five times in all, half a second apart; then it tells its user, and ends",
    (result) => isTimeout(result) && /^nothing arrived/.test(reasonOf(result)),
  ),
  byClauses(
    "does-not-see-the-end",
    ["client-server-gone", "client-quit"],
    "does not see that the server has closed: recv() returns nothing then, at once and for ever. " +
      "Tell the user, and end; a loop that does not look for it spins",
    (result) => /does not (end|show it)|spins|again and again|characters in/.test(reasonOf(result)),
  ),
];

/** Whether what fails is that messages arrive, and not only that the server's end is seen. */
function isReceiving(results: readonly Result[]): boolean {
  return results.some(({ fixture: { clause } }) => !clause.slug.endsWith("client-server-gone"));
}
