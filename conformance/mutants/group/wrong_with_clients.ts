/**
 * Group servers that are wrong with their clients: who is there, and where.
 *
 * @module
 */

import { Callers, headerOf, hearing, replacing, saying, valueOf, withValue } from "./notes.ts";
import type { GroupChange } from "./wire.ts";

const WELCOME = "[Welcome, You are registered.]";
const TAKEN = "[Cannot register with a name already used.]";

/** What is wrong, by the clause that it breaks. */
export const WRONG_WITH_CLIENTS: Readonly<Record<string, Readonly<Record<string, GroupChange>>>> = {
  "group/register": {
    "does not acknowledge register": () => saying("ack", () => []),
    "welcomes in other words": () => replacing(WELCOME, "[Welcome.]"),
    "sends the table to nobody": () => saying("update", () => []),
    "sends the table to the newcomer alone": () => {
      let newcomer = 0;
      return {
        hears: (note) => {
          if (headerOf(note) === "register") newcomer = Number(valueOf(note, 3));
          return [note];
        },
        says: (note) => headerOf(note) === "update" && note.at.port !== newcomer ? [] : [note],
      };
    },
    "leaves the newcomer out of the table that it is sent": () => {
      const callers = new Callers();
      return {
        hears: (note) => {
          callers.note(note);
          return [note];
        },
        says: (note) => headerOf(note) === "update" && callers.all.at(-1)?.port === note.at.port ? [] : [note],
      };
    },
    "answers register at the port that asks instead of the one that it names": () => {
      let asker = { hostname: "", port: 0 };
      return {
        hears: (note) => {
          asker = note.at;
          return [note];
        },
        says: (note) => headerOf(note) === "ack" ? [{ ...note, at: asker }] : [note],
      };
    },
    "answers register at the address in its text": () => {
      let named = "";
      return {
        hears: (note) => {
          if (headerOf(note) === "register") named = valueOf(note, 2);
          return [note];
        },
        says: (note) => headerOf(note) === "ack" && named !== note.at.hostname ? [] : [note],
      };
    },
    "finds what register holds by the fields' names instead of their places": () =>
      hearing("register", (note) => /\nport:\n\d+$/.test(note.text) ? [note] : []),
    "shows newcomers in a group": () => replacing(/"mode":"normal"/g, '"mode":"yes"'),
  },
  "group/register-taken": {
    "welcomes whoever asks for a name that is taken": () => replacing(TAKEN, WELCOME),
    "does not answer who asks for a name that is taken": () => ({
      says: (note) => note.text.includes(TAKEN) ? [] : [note],
    }),
    "gives a name to whoever asks last": () => {
      const callers = new Callers();
      return hearing("register", (note) => {
        const holder = callers.at(valueOf(note, 1));
        callers.note(note);
        if (holder === undefined) return [note];
        return [{ text: `header:\ndereg\nport:\n${holder.port}`, at: note.at }, note];
      });
    },
    "refuses a name that is taken, and moves its holder to the other port": () => {
      const callers = new Callers();
      const moved = new Map<string, string>();
      return {
        hears: (note) => {
          const holder = headerOf(note) === "register" ? callers.at(valueOf(note, 1)) : undefined;
          if (holder === undefined) callers.note(note);
          else moved.set(`"port":${holder.port}`, `"port":${valueOf(note, 3)}`);
          return [note];
        },
        says: (note) => {
          const text = [...moved].reduce((text, [from, to]) => text.replaceAll(from, to), note.text);
          return [{ ...note, text }];
        },
      };
    },
  },
  "group/dereg": {
    "answers dereg with ack": () => saying("dereg", (note) => [withValue(note, 0, "ack")]),
    "does not acknowledge dereg": () => saying("dereg", () => []),
    "shows who has deregistered as there": () => replacing(/"status":"no"/g, '"status":"yes"'),
    "tells only one of the others who has deregistered": () => {
      const told = new Map<string, number>();
      return saying("update", (note) => {
        const text = note.text.replace(/("name":"([^"]*)"[^{}]*"status":)"no"/g, (row, start: string, name: string) => {
          if (!told.has(name)) told.set(name, note.at.port);
          return told.get(name) === note.at.port ? row : `${start}"yes"`;
        });
        return [{ ...note, text }];
      });
    },
    "answers dereg at the port that asks instead of the one that it names": () => {
      let asker = { hostname: "", port: 0 };
      return {
        hears: (note) => {
          asker = note.at;
          return [note];
        },
        says: (note) => headerOf(note) === "dereg" ? [{ ...note, at: asker }] : [note],
      };
    },
    "lets nobody register again": () => {
      const gone = new Set<string>();
      return {
        hears: (note) => {
          if (headerOf(note) === "register" && gone.has(valueOf(note, 3))) return [];
          if (headerOf(note) === "dereg") gone.add(valueOf(note, 1));
          return [note];
        },
      };
    },
  },
  "group/dereg-other": {
    "takes dereg from nobody but whom it is about": () =>
      hearing("dereg", (note) => Number(valueOf(note, 1)) === note.at.port ? [note] : []),
    "deregisters who reports somebody instead of whom it reports": () =>
      hearing("dereg", (note) => [withValue(note, 1, String(note.at.port))]),
    "deregisters who reports somebody, too": () =>
      hearing("dereg", (note) => [note, withValue(note, 1, String(note.at.port))]),
  },
  "group/direct": {
    "shows everybody at the same port": () => replacing(/"port":\d+/g, '"port":4000'),
    "shows everybody at the address 0.0.0.0": () => replacing(/"ip":"[^"]*"/g, '"ip":"0.0.0.0"'),
  },
  "group/malformed": {
    "dies of what it cannot read": () => {
      let isDead = false;
      return {
        hears: (note) => {
          isDead ||= note.text.split("\n").length < 4;
          return isDead ? [] : [note];
        },
      };
    },
    "dies of ports that are none": () => {
      let isDead = false;
      return {
        hears: (note) => {
          const port = Number(valueOf(note, 3));
          isDead ||= headerOf(note) === "register" && !(port > 0 && port < 65_536);
          return isDead ? [] : [note];
        },
      };
    },
    "dies of requests for groups that there are not": () => {
      let isDead = false;
      return {
        hears: (note) => isDead ? [] : [note],
        says: (note) => {
          isDead ||= headerOf(note) === "nack";
          return isDead ? [] : [note];
        },
      };
    },
  },
  "group/duplicate": {
    "takes a request that comes again for a new one": () => {
      let isMarked = false;
      return {
        hears: (note) => {
          isMarked = !isMarked;
          return [{ ...note, text: note.text.replace(/^header:/i, isMarked ? "header:" : "Header:") }];
        },
      };
    },
    "does not answer a request that comes again": () => {
      const heard = new Set<string>();
      return {
        hears: (note) => {
          const isRepeated = heard.has(note.text);
          heard.add(note.text);
          return isRepeated ? [] : [note];
        },
      };
    },
    "says bye to whoever registers twice": () => {
      const heard = new Set<string>();
      return hearing("register", (note) => {
        const isRepeated = heard.has(note.text);
        heard.add(note.text);
        return isRepeated ? [{ text: `header:\ndereg\nport:\n${valueOf(note, 3)}`, at: note.at }] : [note];
      });
    },
  },
};
