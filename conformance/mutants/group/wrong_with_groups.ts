/**
 * Group servers that are wrong with groups: who is in them, and who gets what.
 *
 * @module
 */

import { Callers, headerOf, hearing, replacing, saying, tellingAll, valueOf, withValue } from "./notes.ts";
import { ACK_MS } from "../../../lib/dialects/group/times.ts";
import type { GroupChange, GroupWire, Note } from "./wire.ts";

/** Leaves out what the server says under the header of a request, but for the first so many. */
function onlyFirst(header: string, count: number): GroupWire {
  let said = 0;
  return {
    ...hearing(header, (note) => {
      said = 0;
      return [note];
    }),
    ...saying(header, (note) => said++ < count ? [note] : []),
  };
}

/** Has a group message sent to some more. */
function sendingTo(more: (note: Note, callers: Callers) => readonly Note["at"][]): GroupWire {
  const callers = new Callers();
  return {
    hears: (note) => {
      callers.note(note);
      return [note];
    },
    says: (note) =>
      headerOf(note) === "send_group" ? [note, ...more(note, callers).map((at) => ({ ...note, at }))] : [note],
  };
}

/** Answers a request itself, and does nothing. */
function pretending(header: string, answer: (note: Note) => string): GroupWire {
  let instead: Note | undefined;
  return {
    hears: (note) => {
      if (headerOf(note) !== header) return [note];
      instead = { text: answer(note), at: { hostname: note.at.hostname, port: Number(valueOf(note, 1)) } };
      // Any request that is answered at once, to a place where the answer can be changed.
      return [{ text: `header:\nlist_groups\nport:\n${instead.at.port}\ncurrent_user:\nnobody`, at: note.at }];
    },
    says: (note) => {
      if (instead === undefined || headerOf(note) !== "nack") return [note];
      const pretended = instead;
      instead = undefined;
      return [pretended];
    },
  };
}

/** The request that undoes a `join_group`. */
function leaving(join: Note): string {
  const [port, group, user] = [1, 2, 3].map((place) => valueOf(join, place));
  return `header:\nleave_group\nport:\n${port}\ncurrent_user:\n${user}\ngroup_name:\n${group}`;
}

/** What is wrong, by the clause that it breaks. */
export const WRONG_WITH_GROUPS: Readonly<Record<string, Readonly<Record<string, GroupChange>>>> = {
  "group/create": {
    "does not acknowledge create_group": () => ({ says: (note) => note.text.includes("created by") ? [] : [note] }),
    "has room for one group": () => {
      let created = 0;
      return hearing("create_group", (note) => created++ === 0 ? [note] : []);
    },
    "tells everybody that a group was created": () => {
      const wire = tellingAll(["ack"]);
      return { ...wire, says: (note) => note.text.includes("created by") ? wire.says!(note) : [note] };
    },
  },
  "group/create-exists": {
    "says of a group that exists that it was created": () => replacing("already exists.", "created by Server."),
    "does not answer create_group for a group that exists": () => ({
      says: (note) => note.text.includes("already exists.") ? [] : [note],
    }),
    "forgets the members of a group that is created again": () => {
      const emptied = new Set<string>();
      return {
        hears: (note) => [note],
        says: (note) => {
          const group = /\[Group (\S+) already exists\.\]/.exec(note.text)?.[1];
          if (group !== undefined) emptied.add(group);
          const isOfEmptied = [...emptied].some((name) => valueOf(note, 1).startsWith(`(${name})`));
          return headerOf(note) === "list_members" && isOfEmptied ? [] : [note];
        },
      };
    },
  },
  "group/list": {
    "lists no group": () => onlyFirst("list_groups", 1),
    "lists the first group only": () => onlyFirst("list_groups", 2),
    "sends the list of groups to everybody": () => tellingAll(["list_groups"]),
    "leaves out the full stop when a list of groups follows": () => replacing("chats received.]", "chats received]"),
    "does not say that a list of groups follows": () => ({
      says: (note) => note.text.includes("available group chats received") ? [] : [note],
    }),
  },
  "group/join": {
    "does not acknowledge join_group": () => ({ says: (note) => note.text.includes("Entered group") ? [] : [note] }),
    "lets only its creator into a group": () => {
      const creators = new Map<string, string>();
      return {
        hears: (note) => {
          if (headerOf(note) === "create_group") creators.set(valueOf(note, 2), valueOf(note, 3));
          const isForeign = headerOf(note) === "join_group" && creators.get(valueOf(note, 2)) !== valueOf(note, 3);
          return [isForeign ? withValue(note, 2, "nowhere") : note];
        },
      };
    },
    "does not show in the table who is in a group": () => replacing(/"mode":"[^"]*"/g, '"mode":"normal"'),
    "tells everybody who enters a group": () => {
      const wire = tellingAll(["ack"]);
      return { ...wire, says: (note) => note.text.includes("Entered group") ? wire.says!(note) : [note] };
    },
    "answers join_group at the port that asks instead of the one that it names": () => {
      let asker = { hostname: "", port: 0 };
      return {
        hears: (note) => {
          asker = note.at;
          return [note];
        },
        says: (note) => note.text.includes("Entered group") ? [{ ...note, at: asker }] : [note],
      };
    },
  },
  "group/join-unknown": {
    "acknowledges join_group for a group that does not exist": () =>
      saying("nack", (note) => [withValue(note, 0, "ack")]),
    "does not answer join_group for a group that does not exist": () => saying("nack", () => []),
    "makes a group that somebody wants to join": () =>
      hearing("join_group", (note) => [{ ...note, text: note.text.replace("join_group", "create_group") }, note]),
    "says that a group does not exist, and makes it": (server) => {
      let isQuiet = false;
      return {
        ...hearing("join_group", (note) => {
          server.hear(note);
          isQuiet = true;
          // In other bytes than its client's, or it would be the same request again when that makes the group.
          server.hear({ ...note, text: note.text.replace(/^.*\njoin_group/, "HEADER\ncreate_group") });
          isQuiet = false;
          return [];
        }),
        says: (note) => isQuiet ? [] : [note],
      };
    },
  },
  "group/send": {
    "does not acknowledge send_group": () => ({
      says: (note) => note.text.includes("received by Server") ? [] : [note],
    }),
    "passes a group message on to nobody": () => saying("send_group", () => []),
    "passes a group message on to one member alone": () => onlyFirst("send_group", 1),
    "passes a group message on to its sender, too": () =>
      sendingTo((note, callers) => {
        const sender = callers.at(/<(\S+)>/.exec(note.text)?.[1] ?? "");
        return sender === undefined ? [] : [sender];
      }),
    "passes a group message on to everybody, in the group or not": () =>
      sendingTo((note, callers) => callers.all.filter(({ port }) => port !== note.at.port)),
    "passes each group message on twice": () => sendingTo((note) => [note.at]),
    "leaves out who sent a group message": () => replacing(/Group_Message <[^>]*>: /g, ""),
    "takes group messages for ASCII": () => ({
      says: (note) => [headerOf(note) === "send_group" ? { ...note, text: note.text.replace(/[^ -~\n]/g, "?") } : note],
    }),
    "cuts group messages at 1024 bytes": () =>
      saying("send_group", (note) => [withValue(note, 1, valueOf(note, 1).slice(0, 1024))]),
    "strips blanks from the end of group messages": () =>
      saying("send_group", (note) => [withValue(note, 1, valueOf(note, 1).trimEnd())]),
    "answers send_group at the port that asks instead of the one that it names": () => {
      let asker = { hostname: "", port: 0 };
      return {
        hears: (note) => {
          if (headerOf(note) === "send_group") asker = note.at;
          return [note];
        },
        says: (note) => note.text.includes("received by Server") ? [{ ...note, at: asker }] : [note],
      };
    },
  },
  "group/send-unresponsive": {
    "keeps members who do not acknowledge": (server) =>
      saying("send_group", (note) => {
        const text = `Header:\nack\nMessage:\n${valueOf(note, 1)}\nPort:\n${note.at.port}`;
        queueMicrotask(() => server.hear({ text, at: note.at }));
        return [note];
      }),
    "takes out members who acknowledge, too": (server) => {
      const joined = new Map<number, Note>();
      let isQuiet = false;
      return {
        hears: (note) => {
          if (headerOf(note) === "join_group") joined.set(note.at.port, note);
          const join = headerOf(note) === "ack" ? joined.get(note.at.port) : undefined;
          if (join === undefined) return [note];
          setTimeout(() => {
            isQuiet = true;
            server.hear({ at: join.at, text: leaving(join) });
            isQuiet = false;
          }, 0.8 * ACK_MS);
          return [note];
        },
        says: (note) => isQuiet && headerOf(note) !== "update" ? [] : [note],
      };
    },
    "goes on to send to members who did not acknowledge": () => {
      const groups = new Map<number, string>();
      const waiting = new Set<number>();
      const silent = new Map<number, Note["at"]>();
      return {
        hears: (note) => {
          if (headerOf(note) === "join_group") groups.set(note.at.port, valueOf(note, 2));
          if (headerOf(note) === "ack") waiting.delete(note.at.port);
          return [note];
        },
        says: (note) => {
          if (headerOf(note) !== "send_group") return [note];
          const { at } = note;
          waiting.add(at.port);
          setTimeout(() => waiting.has(at.port) && silent.set(at.port, at), ACK_MS);
          const others = [...silent.values()].filter(({ port }) => groups.get(port) === groups.get(at.port));
          return [note, ...others.map((other) => ({ ...note, at: other }))];
        },
      };
    },
  },
  "group/members": {
    "lists the first member only": () => onlyFirst("list_members", 2),
    "adds a full stop when a list of members follows": () => replacing("group received]", "group received.]"),
    "sends the list of members to everybody": () => tellingAll(["list_members"]),
    "lists those who are not in the group, too": () => {
      const callers = new Callers();
      return {
        hears: (note) => {
          callers.note(note);
          return [note];
        },
        says: (note) =>
          valueOf(note, 1).startsWith("[Members")
            ? [note, ...callers.all.map(() => withValue(note, 1, "(x) somebody"))]
            : [note],
      };
    },
  },
  "group/leave": {
    "answers leave_group with ack": () => saying("leave", (note) => [withValue(note, 0, "ack")]),
    "does not acknowledge leave_group": () => saying("leave", () => []),
    "keeps who leaves in the group": () =>
      pretending("leave_group", (note) => `Header:\nleave\nMessage:\n[Leave group chat ${valueOf(note, 3)}.]`),
    "ends the group when its first member leaves": () => {
      const members = new Map<string, Note[]>();
      return {
        hears: (note) => {
          const group = headerOf(note) === "join_group" ? valueOf(note, 2) : valueOf(note, 3);
          if (headerOf(note) === "join_group") members.set(group, [...members.get(group) ?? [], note]);
          if (headerOf(note) !== "leave_group") return [note];
          const others = (members.get(group) ?? []).filter((other) => valueOf(other, 1) !== valueOf(note, 1));
          members.delete(group);
          return [note, ...others.map((other) => ({ at: other.at, text: leaving(other) }))];
        },
      };
    },
    "lets nobody join a group again": () => {
      const gone = new Set<string>();
      return {
        hears: (note) => {
          if (headerOf(note) === "leave_group") gone.add(valueOf(note, 2));
          return headerOf(note) === "join_group" && gone.has(valueOf(note, 3))
            ? [withValue(note, 2, "nowhere")]
            : [note];
        },
      };
    },
  },
};
