/**
 * Rules that tell from what fails and what passes what a server does wrong: those before others explain a failure first.
 *
 * @module
 */

import type { Result } from "../results/verdict.ts";
import { type Evidence, firstSentIn, gotIn, sentIn } from "./evidence.ts";
import { deregShownAs, GROUP_RULES } from "./group_rules.ts";
import { byClauses, byHint, errorIn, oneRecvText, type Rule } from "./rule.ts";

const isTimeout = ({ failure }: Result) => failure?.kind === "timeout";
const isClosed = ({ failure }: Result) => failure?.kind === "closed";
const hasOtherThanAscii = (result: Result) => /[^\x00-\x7f]/.test(sentIn(result));

/** The file of a fixture, whatever its case. */
const fileOf = ({ fixture: { name } }: Result) => name.replace(/\..*/, "");
/** Whether all that was waited for came out empty. */
const gotNothing = ({ failure }: Result) => failure!.attempts.every(({ fits, got }) => fits + got === "");
/** What came where something was waited for, whether it fits or not. */
const heardIn = ({ failure }: Result) => failure!.attempts.map(({ fits, got }) => fits + got).join("\n");
/** Whether a connection was to close, and stayed open without a word. */
const staysOpen = (result: Result) =>
  isTimeout(result) && gotNothing(result) && result.failure!.attempts.some(({ wanted }) => wanted === "closed");
/** Whether all who say anything in a dialect say it on one connection to all others, and the server tells who leaves. */
const isText = ({ dialect }: Evidence) => dialect === "slash" || dialect === "room";
/** Whether what was said came, and reads otherwise than it should. */
const isAltered = (result: Result) => /-(exact|quotes)(\.|$)/.test(result.fixture.name) && !gotNothing(result);
/** Whether a sender was told that its message has arrived. */
const isConfirmed = (result: Result) => /\b(SENT|SEND)\b/.test(gotIn(result));

/** Whether the beginning of a frame was delivered whose sender left amid it: that is the first thing that such a fixture sends. */
function deliversPart(result: Result): boolean {
  const from = /^\d+\]\[\d+\]\[/.exec(firstSentIn(result))?.[0];
  return from !== undefined && fileOf(result).includes("/leave-amid") &&
    result.failure!.attempts.some(({ fits, got }) => (fits + got).startsWith(from));
}

/** Whether somebody who has left is still there for others, as far as what came instead of the right thing says. */
function showsWhoHasLeft(result: Result, dialect: string): boolean {
  if (dialect === "relay") return /SENT|ERROR 100/.test(gotIn(result));
  // What arrives of a frame server is always somebody's frame; only an ID that is refused, or another one, tells.
  return dialect !== "frame" || result.fixture.clause.slug === "frame/assign-reuse";
}

/** Whether a relay user was forwarded its own message. */
function hearsItself({ failure, wire }: Result): boolean {
  return failure!.attempts.some(({ connection, fits, got }) => {
    const name = wire?.names.get(connection.replace(/\.in$/, ""));
    return name !== undefined && (fits + got).startsWith(`FORWARD ${name}\\n`);
  });
}

const isOfSendGone = ({ fixture: { clause } }: Result) => clause.slug === "relay/send-gone";

/** So large a share of a clause's fixtures is no odd case. */
const MANY = 0.3;

const WRONG_SOCKET = byHint(
  "wrong-socket",
  /^it arrived on /,
  (hint) => `sends something on the wrong connection: ${hint}`,
);

/** All of them. */
export const RULES: readonly Rule[] = [
  byHint("other-protocol", /^(this is a|this port speaks|the server speaks)/, (hint) => `is another one: ${hint}`),
  {
    name: "echo",
    find: (evidence) => {
      const explains = evidence.where(({ failure }) => /sends back what it is sent/.test(failure?.hint ?? ""));
      // A word of a message may be that of its answer.
      if (explains.length === 0 || evidence.passes()) return undefined;
      return { text: "sends back what it is sent: it answers nothing", explains };
    },
  },
  {
    name: "says-nothing",
    find: (evidence) =>
      evidence.hasSpoken || evidence.passes() || evidence.failed.length === 0 ? undefined : {
        text: evidence.failed.every(isClosed)
          ? "closes every connection without a word: does an exception end what serves it?"
          : "says nothing at all, whatever it is sent: does it read, and write to the socket, and flush?",
        explains: evidence.failed,
      },
  },
  {
    name: "crashes",
    find: ({ failed }) => {
      const explains = failed.filter(({ failure }) => /the server has (crashed|ended)/.test(failure?.reason ?? ""));
      const [first] = explains;
      if (first === undefined) return undefined;
      const error = errorIn(first.failure!.lastOutput ?? []);
      return { text: `crashes in ${first.fixture.name}${error === undefined ? "" : `: ${error}`}`, explains };
    },
  },
  byClauses(
    "one-connection-at-a-time",
    ["silent-neighbour"],
    "handles one connection at a time: one that says nothing keeps all others waiting. Give each its own thread or task",
  ),
  byHint(
    "one-newline",
    /the empty line behind it is missing|ends without \\n\\n/,
    () => "ends its messages without the empty line: each ends in \\n\\n",
  ),
  byHint(
    "line-ends",
    /^(lines end in|there is a blank before|there are line ends too many)/,
    (hint) => `ends lines in another way than the protocol: ${hint}`,
  ),
  byHint(
    "letters-case",
    /letters are right, but not their case/,
    () => "writes words in another case than the protocol has them: they are compared byte by byte",
  ),
  ...GROUP_RULES,
  {
    name: "wrong-socket",
    // Who hears what is for others has no wrong connection where each has one.
    find: (evidence) => isText(evidence) ? undefined : WRONG_SOCKET.find(evidence),
  },
  {
    name: "answers-out-of-order",
    find: (evidence) => {
      const explains = evidence.of("stream-joined");
      // Had it lost what came behind the first message, nothing would have come.
      const isEarly = (result: Result) => result.failure?.kind === "mismatch" && /ERROR 10[23]/.test(gotIn(result));
      if (evidence.dialect !== "relay" || explains.length === 0 || !explains.every(isEarly)) return undefined;
      return {
        text:
          "answers out of order: an answer that is ready at once has to wait until the messages before it are answered",
        explains,
      };
    },
  },
  {
    name: "one-recv-one-message",
    find: (evidence) => {
      const explains = [
        ...evidence.of("stream-split", "stream-joined"),
        ...evidence.of("body-large").filter(isTimeout),
      ];
      // Here and there a piece ends where a message does.
      const isJoined = evidence.shareOf("stream-joined") >= MANY;
      const isSplit = evidence.shareOf("stream-split") >= MANY;
      // Whole messages must be understood, or it is something else.
      const understands = evidence.passes("send-unicast", "forward", "dm", "users", "register-tosend", "assign");
      if (!understands || !isJoined && !isSplit) return undefined;
      return { text: oneRecvText(isJoined, isSplit), explains };
    },
  },
  {
    name: "thread-died",
    find: ({ failed }) => {
      // What is wrong with an answer that came is not that nobody was left to give it.
      const unanswered = failed.filter((result) => isTimeout(result) || isClosed(result));
      const errors = unanswered.map((result) => [result, errorIn(result.failure?.lastOutput ?? [])] as const);
      // What the error says of the bytes differs from time to time.
      const alike = (error: string) => error.replace(/:.*(?=\(line )/, "");
      const groups = Map.groupBy(errors.filter(([, error]) => error !== undefined), ([, error]) => alike(error!));
      const [most] = [...groups].sort(([, a], [, b]) => b.length - a.length);
      if (most === undefined) return undefined;
      const seen = most[1].map(([result]) => result);
      // What a program says of an error may come later than its failure: then it is the one that others of its clause show.
      const silent = unanswered.filter((result) => errorIn(result.failure?.lastOutput ?? []) === undefined);
      const explains = [
        ...seen,
        ...silent.filter(({ fixture: { clause } }) => seen.some((one) => one.fixture.clause === clause)),
      ];
      return { text: `loses a thread, or what serves one connection, to ${most[1][0]![1]}`, explains };
    },
  },
  {
    name: "counts-characters",
    find: (evidence) => {
      const explains = evidence.where((result) =>
        hasOtherThanAscii(result) &&
        /body|limit|forward-bytes|length|split-character|byte-characters/.test(result.fixture.name)
      );
      const ascii = evidence.where((result) =>
        !hasOtherThanAscii(result) && result.fixture.clause === explains[0]?.fixture.clause
      );
      // What is left of the limit, or holds bytes alone, may pass all the same.
      const files = new Set(explains.map(fileOf));
      const isUnderstood = evidence.hasPassed((one) => hasOtherThanAscii(one) && files.has(fileOf(one)));
      if (explains.length === 0 || ascii.length > 0 || isUnderstood) return undefined;
      return {
        text:
          "counts characters where bytes count, or decodes bytes that are no UTF-8: é is two bytes. Measure and cut before decoding",
        explains,
      };
    },
  },
  byClauses(
    "waits-for-ever",
    ["send-silent", "send-unresponsive"],
    "waits for ever for a recipient that does not acknowledge: give up after a few seconds, and tell the sender",
    isTimeout,
  ),
  {
    name: "confirms-too-early",
    find: (evidence) => {
      const early = evidence.of("send-confirmed", "broadcast-confirmed").filter((result) =>
        result.failure?.kind === "unexpected" && isConfirmed(result)
      );
      if (early.length === 0) return undefined;
      // Who does not wait for an acknowledgement does not learn that it never comes.
      const never = evidence.of("send-gone", "send-silent", "send-recipient-error", "broadcast-confirmed").filter(
        isConfirmed,
      );
      const text =
        "confirms a message before its recipient has acknowledged it: tell the sender when RECEIVED has come";
      return { text, explains: [...new Set([...early, ...never])] };
    },
  },
  byClauses(
    "late-answer-counts",
    ["send-silent"],
    "takes an answer that comes too late, for a message that it has given up, for that of the next one: count what is still to be answered",
    (result) => result.failure?.kind === "unexpected" && isConfirmed(result),
  ),
  byClauses(
    "stays-open-behind-quit",
    ["quit"],
    "does not close the connection of whoever quits: close it behind the last word",
    staysOpen,
  ),
  {
    name: "tells-nobody-who-left",
    find: (evidence) => {
      const untold = evidence.of("quit", "vanish").filter((result) => isTimeout(result) && gotNothing(result));
      // Who is listed still has not left for the server, and one who fails at telling it is another fault.
      const isKept = untold.some(({ fixture, failure }) =>
        /-users/.test(fixture.name) || errorIn(failure?.lastOutput ?? []) !== undefined
      );
      if (!isText(evidence) || untold.length === 0 || isKept) return undefined;
      return {
        text:
          "tells nobody who has left: when a connection ends, in good order or not, take its user out of every table, and tell all others",
        explains: untold,
      };
    },
  },
  {
    name: "tells-of-leaving-otherwise",
    find: (evidence) => {
      // Something is said of it, and not what: who is listed still has not left for the server.
      const unnamed = evidence.of("quit", "vanish").filter((result) =>
        /\b(left|leaves|quits?|gone|goes|disconnect\w*|exit\w*|bye)\b/i.test(heardIn(result))
      );
      if (!isText(evidence) || unnamed.length === 0) return undefined;
      const text = evidence.dialect === "room"
        ? "tells in other words who has left: `<name> has left the chat.`, byte for byte"
        : "tells that somebody has left, and not who: name them as the others know them";
      return { text, explains: unnamed };
    },
  },
  byClauses(
    "delivers-part-of-a-message",
    ["leave"],
    "delivers part of a message whose sender has left: pass a message on when all of it has come, and drop the rest when its connection ends",
    deliversPart,
  ),
  {
    name: "confirms-what-was-left",
    find: (evidence) => {
      const explains = evidence.of("send-gone", "broadcast-confirmed").filter(isConfirmed);
      // Who has left is no user any more: it is the answer that is wrong.
      if (!explains.some(isOfSendGone) || evidence.of("register-release").length > 0) return undefined;
      return {
        text:
          "confirms a message whose recipient has left without acknowledging it: only RECEIVED confirms, all else is ERROR 102",
        explains,
      };
    },
  },
  byClauses(
    "keeps-users-that-have-left",
    ["register-release", "send-gone", "assign-reuse", "leave", "vanish", "quit", "dereg", "dereg-other"],
    "keeps users that have left: when a connection ends, in good order or not, take its user out of every table, and go on",
    (result, evidence) =>
      // Without a connection, it is a table that says so.
      evidence.dialect === "group"
        ? deregShownAs("yes", evidence).includes(result)
        : isTimeout(result) || isClosed(result) || showsWhoHasLeft(result, evidence.dialect),
  ),
  byClauses(
    "two-of-a-name",
    ["register-taken", "alias", "assign-unique", "name-taken"],
    "gives one name to two: whether it is taken has to be looked up, and the name taken, in one step",
    (result, { dialect }) => {
      if (dialect === "relay" && !/REGISTERED/.test(gotIn(result))) return false;
      // That others are told who has left fails there as well.
      if (dialect === "frame" && !/are both/.test(result.failure!.reason)) return false;
      // Who has left, and who is told of it, is another clause's in slash, too.
      return /(taken|unique)(?!-left)/.test(result.fixture.name);
    },
  ),
  byClauses(
    "numbers-of-its-language",
    ["header-bad-length"],
    "takes for a length what its language takes for a number, such as `1_0` or digits of other scripts: the digits 0 to 9 alone are one",
    ({ fixture: { name } }) => /\.(underscore|arabic-digit|fullwidth-digit)$/.test(name),
  ),
  byClauses(
    "ends-at-zero-byte",
    ["register-malformed", "header-bad-length"],
    "reads text up to its first zero byte, as C's functions for strings do: what stands behind that counts as well",
    ({ fixture: { name } }) => name.endsWith(".zero-byte"),
  ),
  byClauses(
    "malformed-ends-it",
    [
      "unregistered-garbage",
      "register-malformed",
      "header-no-length",
      "header-bad-length",
      "header-no-recipient",
      "stream-junk",
      "size-mismatch",
      "destination-range",
      "limit-256",
      "unknown",
      "usage",
      "malformed",
    ],
    "does not survive a malformed message: it closes the connection, or says nothing more, where the protocol has an answer",
    (result, { dialect }) =>
      // Behind a size that is none, a frame server is to close.
      isClosed(result) && dialect !== "frame" ||
      // What no answer comes to in slash may have been taken for something else.
      dialect !== "slash" && isTimeout(result) && gotNothing(result) &&
        result.failure!.attempts.every(({ wanted }) => wanted !== "closed"),
  ),
  byClauses(
    "stays-open",
    ["header-no-length", "header-bad-length", "header-no-recipient", "size-mismatch"],
    "leaves a connection open that it has to close: behind a header without a length it cannot know where the next message begins",
    staysOpen,
  ),
  {
    name: "letters-of-any-script",
    find: (evidence) => {
      const admitted = evidence.of("register-malformed").filter((result) => /REGISTERED/.test(gotIn(result)));
      if (admitted.length === 0 || !admitted.every(hasOtherThanAscii)) return undefined;
      return {
        text:
          "takes letters and digits of all scripts in a name, as isalnum() and \\w do: well formed is A-Z, a-z and 0-9 alone",
        explains: admitted,
      };
    },
  },
  byClauses(
    "closes-behind-errors",
    ["register-retry", "unregistered-open"],
    "closes the connection behind an ERROR after which its client may try again: only ERROR 103 closes",
    (result) => isClosed(result) || /has closed/.test(result.failure?.reason ?? ""),
  ),
  {
    name: "alters-messages",
    find: (evidence) => {
      const explains = evidence.of("dm", "bm", "message").filter(isAltered);
      const [first] = explains;
      // Where plain words do not arrive either, it is another fault.
      if (first === undefined || !evidence.hasPassed(({ fixture }) => fixture.name === first.fixture.clause.slug)) {
        return undefined;
      }
      const text =
        "changes what is said on its way: pass it on as it is, all words of it, blanks, quotes within it, and case";
      return { text, explains };
    },
  },
  byClauses(
    "to-its-sender-too",
    ["broadcast"],
    "sends a message for everybody to its own sender, too: leave the sender out",
    hearsItself,
  ),
  byClauses(
    "tells-the-nameless",
    ["joined", "message", "quit"],
    "tells those who have not given a name yet what is for those in the room: count a connection in when it has its name",
    (result) => /-nameless(\.|$)/.test(result.fixture.name) && result.failure?.kind === "unexpected",
  ),
  byClauses(
    "not-to-all",
    ["broadcast", "broadcast-confirmed", "bm", "message"],
    "does not bring a message for everybody to everybody else, once: does one recipient's error end the loop?",
    (result) => isTimeout(result) || result.failure?.kind === "unexpected",
  ),
  byClauses(
    "reserved-name",
    ["register-all"],
    "does not refuse the name ALL as the protocol has it: ERROR 100, on either kind of socket",
  ),
  byClauses("long-names", ["register-long"], "does not take long names: a protocol without a limit on names has none"),
];
