/**
 * What a group server can do wrong in more than one place.
 *
 * @module
 */

import { endpointKey } from "../../../lib/core/datagrams.ts";
import { group, type GroupMember, type MakePlainGroup, type PlainGroupServer, type PlainRequest } from "./server.ts";

/** Says something else in place of what fits a pattern. */
export function replacingText(pattern: string | RegExp, by: string): MakePlainGroup {
  return group("send", (plain) => (to, text) => plain(to, text.replaceAll(pattern, by)));
}

/** Does not say what fits a pattern. */
export function withholding(pattern: RegExp): MakePlainGroup {
  return group("send", (plain) => (to, text) => pattern.test(text) || plain(to, text));
}

/** Says to everybody what fits a pattern and is for one. */
export function tellingAll(pattern: RegExp): MakePlainGroup {
  return group("send", (plain, server) => (to, text) => {
    if (!pattern.test(text)) return plain(to, text);
    for (const { at } of server.present) plain(at, text);
  });
}

/** Answers one kind of request where it comes from, instead of where it asks to be answered. */
export function answeringTheAsker(verb: string): MakePlainGroup {
  return group("answer", (plain) => (request, header, message) => {
    plain(request.verb === verb ? { ...request, at: request.from } : request, header, message);
  });
}

/** Does something else with requests of one kind. */
export function handling(
  verb: string,
  act: (server: PlainGroupServer, request: PlainRequest, handle: (request?: PlainRequest) => void) => void,
): MakePlainGroup {
  return group("handle", (plain, server) => (request) => {
    if (request.verb === verb) act(server, request, (instead = request) => plain(instead));
    else plain(request);
  });
}

/** Shows something else of clients in the table. */
export function showing(row: Readonly<Record<string, string | number>>): MakePlainGroup {
  return group("row", (plain) => (client, to) => ({ ...plain(client, to), ...row }));
}

/** Passes group messages on as something else. */
export function carrying(alter: (message: string) => string): MakePlainGroup {
  return group("pass", (plain) => (to, message) => plain(to, alter(message)));
}

/** Passes group messages on to others than those who are to get them. */
export function reaching(
  pick: (members: GroupMember[], sender: GroupMember, server: PlainGroupServer) => GroupMember[],
): MakePlainGroup {
  return group("audience", (plain, server) => (sender) => pick(plain(sender), sender, server));
}

/** Is dead once something has come that it cannot take. */
export function dyingOf(isDeadly: (text: string) => boolean): MakePlainGroup {
  return group("hear", (plain) => {
    let isDead = false;
    return (text, from) => {
      isDead ||= isDeadly(text);
      if (!isDead) plain(text, from);
    };
  });
}

/** Sends who registers the table first, and acknowledges behind it: PROTOCOLS.md leaves the order open. */
export const tableFirst: MakePlainGroup = group((plain) => {
  const welcomes: (() => void)[] = [];
  return {
    answer: (request, header, message) => {
      const answer = () => plain.answer(request, header, message);
      if (message.startsWith("[Welcome,")) welcomes.push(answer);
      else answer();
    },
    sendTables: () => {
      plain.sendTables();
      for (const welcome of welcomes.splice(0)) welcome();
    },
  };
});

/** Answers what is asked twice in the same bytes as it did before, lists too, however old that is; as right as ours. */
export const repeatingLists: MakePlainGroup = group((plain, server) => {
  const last = new Map<string, { text: string; answers: [header: string, message: string][] }>();
  return {
    hear: (text, from) => {
      const request = server.read(text, from);
      if (request === undefined || request.verb === "ack") return plain.hear(text, from);
      const key = endpointKey(request.at);
      const before = last.get(key);
      if (before?.text === text && request.verb.startsWith("list_")) {
        for (const [header, message] of before.answers) plain.answer(request, header, message);
        return;
      }
      last.set(key, { text, answers: [] });
      plain.hear(text, from);
    },
    answer: (request, header, message) => {
      last.get(endpointKey(request.at))?.answers.push([header, message]);
      plain.answer(request, header, message);
    },
  };
});
