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

/** By the accommodation. */
export const GROUP_DEVIATIONS: Readonly<Record<string, Start>> = Object.fromEntries(
  Object.entries(DEVIATIONS).map(([name, make]) => [name, groupServer(make)]),
);
