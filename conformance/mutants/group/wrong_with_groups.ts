/**
 * Group servers that are wrong with groups: who is in them, and who gets what.
 *
 * @module
 */

import { Callers, headerOf, hearing, replacing, saying, tellingAll, valueOf, withValue } from "./notes.ts";
import { ACK_MS } from "../../../lib/dialects/group/times.ts";
import type { GroupChange, GroupWire, Note } from "./wire.ts";

/** Leaves out what the server says under a header, but for the first so many. */
function onlyFirst(header: string, count: number): GroupWire {
  let said = 0;
  return saying(header, (note) => said++ < count ? [note] : []);
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
    "does not acknowledge": () => ({ says: (note) => note.text.includes("created by") ? [] : [note] }),
    "has room for one group": () => {
      let created = 0;
      return hearing("create_group", (note) => created++ === 0 ? [note] : []);
    },
    "tells everybody": () => {
      const wire = tellingAll(["ack"]);
      return { ...wire, says: (note) => note.text.includes("created by") ? wire.says!(note) : [note] };
    },
  },
  "group/create-exists": {
    "says the same as for a new group": () => replacing("already exists.", "created by Server."),
    "says nothing": () => ({ says: (note) => note.text.includes("already exists.") ? [] : [note] }),
    "forgets the members": () => {
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
    "lists them for everybody": () => tellingAll(["list_groups"]),
    "does not say that a list follows": () => ({
      says: (note) => note.text.includes("available group chats received") ? [] : [note],
    }),
  },
  "group/join": {
    "does not acknowledge": () => ({ says: (note) => note.text.includes("Entered group") ? [] : [note] }),
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
    "does not show it in the table": () => replacing(/"mode":"[^"]*"/g, '"mode":"normal"'),
    "tells everybody": () => {
      const wire = tellingAll(["ack"]);
      return { ...wire, says: (note) => note.text.includes("Entered group") ? wire.says!(note) : [note] };
    },
    "answers the port that asks": () => {
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
    "acknowledges": () => saying("nack", (note) => [withValue(note, 0, "ack")]),
    "says nothing": () => saying("nack", () => []),
    "makes the group": () =>
      hearing("join_group", (note) => [{ ...note, text: note.text.replace("join_group", "create_group") }, note]),
    "makes the group, and denies it": (server) => {
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
    "does not acknowledge": () => ({ says: (note) => note.text.includes("received by Server") ? [] : [note] }),
    "reaches nobody": () => saying("send_group", () => []),
    "reaches the first of them only": () => onlyFirst("send_group", 1),
    "reaches the sender, too": () =>
      sendingTo((note, callers) => {
        const sender = callers.at(/<(\S+)>/.exec(note.text)?.[1] ?? "");
        return sender === undefined ? [] : [sender];
      }),
    "reaches everybody": () => sendingTo((note, callers) => callers.all.filter(({ port }) => port !== note.at.port)),
    "reaches each of them twice": () => sendingTo((note) => [note.at]),
    "does not say who spoke": () => replacing(/Group_Message <[^>]*>: /g, ""),
    "knows ASCII only": () => ({
      says: (note) => [headerOf(note) === "send_group" ? { ...note, text: note.text.replace(/[^ -~\n]/g, "?") } : note],
    }),
    "cuts what is long": () => saying("send_group", (note) => [withValue(note, 1, valueOf(note, 1).slice(0, 1024))]),
    "trims what is said": () => saying("send_group", (note) => [withValue(note, 1, valueOf(note, 1).trimEnd())]),
    "answers the port that asks": () => {
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
    "takes everything for acknowledged": (server) =>
      saying("send_group", (note) => {
        const text = `Header:\nack\nMessage:\n${valueOf(note, 1)}\nPort:\n${note.at.port}`;
        queueMicrotask(() => server.hear({ text, at: note.at }));
        return [note];
      }),
    "takes out whoever acknowledges, too": (server) => {
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
    "goes on to send to whoever was silent": () => {
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
    "lists the first of them only": () => onlyFirst("list_members", 2),
    "lists them for everybody": () => tellingAll(["list_members"]),
    "lists everybody who is there": () => {
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
    "acknowledges with ack": () => saying("leave", (note) => [withValue(note, 0, "ack")]),
    "does not acknowledge": () => saying("leave", () => []),
    "keeps whoever leaves": () =>
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
    "lets nobody come back": () => {
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
