/**
 * Group servers that are wrong with groups: who is in them, and who gets what.
 *
 * @module
 */

import type { MutantTable } from "../mutant.ts";
import {
  answeringTheAsker,
  carrying,
  handling,
  reaching,
  replacingText,
  showing,
  tellingAll,
  withholding,
} from "./changes.ts";
import {
  ACK_WITHIN,
  group,
  type GroupMember,
  type MakePlainGroup,
  type PlainGroupServer,
  type PlainRequest,
} from "./server.ts";

/** Lists other groups than there are. */
function listing(pick: (groups: string[]) => string[]): MakePlainGroup {
  return handling("list_groups", (server, _request, handle) => {
    const all = [...server.groups];
    server.groups.clear();
    pick(all).forEach((group) => server.groups.add(group));
    handle();
    all.forEach((group) => server.groups.add(group));
  });
}

/** Lists others than the members of a group. */
function listingMembers(pick: (members: readonly GroupMember[], server: PlainGroupServer) => readonly GroupMember[]) {
  return group("listed", (plain, server) => (group) => pick(plain(group), server));
}

/** Does something with the group that a client asks to leave. */
function leaving(act: (server: PlainGroupServer, request: PlainRequest) => void): MakePlainGroup {
  return handling("leave_group", (server, request, handle) => {
    act(server, request);
    handle();
  });
}

/** What is wrong, by the clause that it breaks. */
export const WRONG_WITH_GROUPS: MutantTable<MakePlainGroup> = {
  "group/create": {
    "does not acknowledge create_group": withholding(/created by/),
    "has room for one group": handling("create_group", ({ groups }, _request, handle) => groups.size === 0 && handle()),
    "tells everybody that a group was created": tellingAll(/created by/),
  },
  "group/create-exists": {
    "says of a group that exists that it was created": replacingText("already exists.", "created by Server."),
    "does not answer create_group for a group that exists": withholding(/already exists\./),
    "forgets the members of a group that is created again": handling("create_group", (server, request, handle) => {
      for (const member of server.membersOf(request.group)) member.group = "";
      handle();
    }),
  },
  "group/list": {
    "lists no group": listing(() => []),
    "lists the first group only": listing((groups) => groups.slice(0, 1)),
    "sends the list of groups to everybody": tellingAll(/\nlist_groups\n/),
    "leaves out the full stop when a list of groups follows": replacingText("chats received.]", "chats received]"),
    "does not say that a list of groups follows": withholding(/available group chats received/),
  },
  "group/join": {
    "does not acknowledge join_group": withholding(/Entered group/),
    "lets only its creator into a group": group((plain) => {
      const creators = new Map<string, string>();
      return {
        create: (request) => {
          creators.set(request.group, request.user);
          plain.create(request);
        },
        join: (request) => {
          const isOwn = creators.get(request.group) === request.user;
          plain.join(isOwn ? request : { ...request, group: "nowhere" });
        },
      };
    }),
    "does not show in the table who is in a group": showing({ mode: "normal" }),
    "tells everybody who enters a group": tellingAll(/Entered group/),
    "answers join_group at the port that asks instead of the one that it names": answeringTheAsker("join_group"),
  },
  "group/join-unknown": {
    "acknowledges join_group for a group that does not exist": replacingText("\nnack\n", "\nack\n"),
    "does not answer join_group for a group that does not exist": withholding(/\nnack\n/),
    "makes a group that somebody wants to join": handling("join_group", (server, request, handle) => {
      if (!server.groups.has(request.group)) server.create(request);
      handle();
    }),
    "says that a group does not exist, and makes it": handling("join_group", ({ groups }, { group }, handle) => {
      handle();
      groups.add(group);
    }),
  },
  "group/send": {
    "does not acknowledge send_group": withholding(/received by Server/),
    "passes a group message on to nobody": reaching(() => []),
    "passes a group message on to one member alone": reaching((members) => members.slice(0, 1)),
    "passes a group message on to its sender, too": reaching((members, sender) => [...members, sender]),
    "passes a group message on to everybody, in the group or not": reaching((_members, _sender, { present }) =>
      present
    ),
    "passes a group message on to groups whose names begin like its own": reaching((members, sender, { present }) => [
      ...members,
      ...present.filter(({ group }) => group !== sender.group && group.startsWith(sender.group)),
    ]),
    "passes each group message on twice": reaching((members) => [...members, ...members]),
    "leaves out who sent a group message": carrying((message) => message.replace(/^Group_Message <[^>]*>: /, "")),
    "takes group messages for ASCII": carrying((message) => message.replace(/[^ -~]/g, "?")),
    "cuts group messages at 1024 bytes": carrying((message) => message.slice(0, 1024)),
    "strips blanks from the end of group messages": carrying((message) => message.trimEnd()),
    "answers send_group at the port that asks instead of the one that it names": answeringTheAsker("send_group"),
  },
  "group/send-unresponsive": {
    "keeps members who do not acknowledge": group("unresponsive", () => () => {}),
    "takes out members who acknowledge, too": group("acknowledged", (plain, server) => (at, message) => {
      plain(at, message);
      const member = server.find(at);
      if (member !== undefined) server.later(0.8 * ACK_WITHIN, () => server.unresponsive(member));
    }),
    "goes on to send to members who did not acknowledge": group((plain) => {
      const silent = new Map<GroupMember, string>();
      return {
        unresponsive: (member) => {
          silent.set(member, member.group);
          plain.unresponsive(member);
        },
        audience: (sender) => {
          const others = [...silent].filter(([, group]) => group === sender.group).map(([member]) => member);
          return [...plain.audience(sender), ...others];
        },
      };
    }),
  },
  "group/members": {
    "lists the first member only": listingMembers((members) => members.slice(0, 1)),
    "adds a full stop when a list of members follows": replacingText("group received]", "group received.]"),
    "sends the list of members to everybody": tellingAll(/\nlist_members\n/),
    "lists those who are not in the group, too": listingMembers((_members, { present }) => present),
  },
  "group/leave": {
    "answers leave_group with ack": replacingText("\nleave\n", "\nack\n"),
    "does not acknowledge leave_group": withholding(/\nleave\n/),
    "keeps who leaves in the group": group("leave", (_plain, server) => (request) => {
      server.answer(request, "leave", `[Leave group chat ${request.group}.]`);
    }),
    "ends the group when its first member leaves": leaving((server, { group }) => {
      for (const member of server.membersOf(group)) member.group = "";
    }),
    "lets nobody join a group again": group((plain) => {
      const gone = new Set<string>();
      return {
        leave: (request) => {
          gone.add(request.user);
          plain.leave(request);
        },
        join: (request) => plain.join(gone.has(request.user) ? { ...request, group: "nowhere" } : request),
      };
    }),
  },
};
