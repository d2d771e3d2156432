/**
 * group servers that deviate in what every fixture needs, and are right in all else: one for each accommodation.
 *
 * @module
 */

import type { Start } from "../mutant.ts";
import { replacingText } from "./changes.ts";
import { group, type MakePlainGroup } from "./server.ts";
import { groupServer } from "./serving.ts";

const DEVIATIONS: Readonly<Record<string, MakePlainGroup>> = {
  "one-line-fields": replacingText(/(^|\n)([A-Za-z_]+:)\n/g, "$1$2 "),
  "other-welcome": replacingText("[Welcome, You are registered.]", "You are in."),
  "single-quotes": group(
    "send",
    (plain) => (to, text) => plain(to, /^.*\nupdate\n/.test(text) ? text.replaceAll('"', "'") : text),
  ),
  "named-rows": group("send", (plain) => (to, text) => plain(to, withNamedRows(text))),
  "other-status": group("row", (plain) => (client, to) => {
    const row = plain(client, to);
    return { ...row, status: row.status === "yes" ? "online" : "offline" };
  }),
  "other-created": replacingText(/\[Group .* created by Server\.\]/g, "Your group is there."),
  "other-entered": replacingText(/\[Entered group .* successfully\.\]/g, "You are in it."),
  "creator-refused": group((plain, server) => ({
    create: (request) => {
      const isNew = !server.groups.has(request.group);
      plain.create(request);
      const creator = server.find(request.at);
      if (isNew && creator !== undefined) creator.group = request.group;
    },
    join: (request) => {
      if (server.find(request.at)?.group !== request.group) return plain.join(request);
      server.answer(request, "nack", "[You are in it already.]");
    },
  })),
  "bare-members": replacingText(/(\nlist_members\nMessage:\n)\(.*\) /g, "$1"),
  "whole-list": group("listMembers", (_plain, server) => (request) => {
    server.answer(request, "ack", "[Request for members in the group received]");
    const lines = server.listed(request.group).map(({ name }) => `(${request.group}) ${name}`);
    server.answer(request, "list_members", [`[Members in the group ${request.group}:]`, ...lines].join("\n"));
  }),
  "sender-too": group("audience", (_plain, server) => (sender) => server.membersOf(sender.group)),
  "other-received": replacingText("[Message received by Server.]", "Sent."),
};

/** A table whose keys are the names that its rows have as fields otherwise. */
function withNamedRows(text: string): string {
  const [header, table] = text.split("\nPayload:\n");
  if (table === undefined) return text;
  const rows: Record<string, { name: string }> = JSON.parse(table);
  const named = Object.values(rows).map(({ name, ...row }) => [name, row]);
  return `${header}\nPayload:\n${JSON.stringify(Object.fromEntries(named))}`;
}

/** By the accommodation. */
export const GROUP_DEVIATIONS: Readonly<Record<string, Start>> = Object.fromEntries(
  Object.entries(DEVIATIONS).map(([name, make]) => [name, groupServer(make)]),
);
