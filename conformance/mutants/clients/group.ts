/**
 * What the fixtures for group clients are tested with.
 *
 * @module
 */

import { GROUP } from "../../../lib/dialects/group/dialect.ts";
// Loaded at the first start otherwise, for which virtual time does not wait.
import "../../../lib/dialects/group/client.ts";
import { type MutantTable, readMutants } from "../mutant.ts";
import type { MutantSet } from "../mutant_set.ts";
import { oursAs } from "./ours.ts";
import { rightClients, USELESS_CLIENTS } from "./plain.ts";
import { groupClient } from "./plain_group.ts";
import { type MakeClientProgram, startProgram } from "./program.ts";

const MUTANTS: MutantTable<MakeClientProgram> = {
  "group/client-register": {
    "registers another name": groupClient(
      "register",
      (_plain, client) => () =>
        client.ask("register", ["username:", `${client.name}x`, "ip:", "127.0.0.1", "port:", client.own]),
    ),
    "names a port on which it does not listen": groupClient(
      "register",
      (_plain, client) => () => client.ask("register", ["username:", client.name, "ip:", "127.0.0.1", "port:", "9"]),
    ),
    "leaves out its port": groupClient(
      "register",
      (_plain, client) => () => client.ask("register", ["username:", client.name, "ip:", "127.0.0.1"]),
    ),
  },
  "group/client-requests": {
    "mixes up the fields": groupClient(
      "ask",
      (plain) => (kind, fields) =>
        plain(kind, kind === "register" ? fields : [...fields.slice(2), ...fields.slice(0, 2)]),
    ),
    "calls its requests otherwise": groupClient(
      "ask",
      (plain) => (kind, fields) => plain(kind === "register" ? kind : kind.replace("_", "-"), fields),
    ),
    "leaves out who asks": groupClient(
      "ask",
      (plain) => (kind, fields) =>
        plain(kind, kind === "register" ? fields : fields.filter((field) => field !== "current_user:")),
    ),
    "sends an answered request again": groupClient("settle", (plain, client) => () => {
      const last = client.pending;
      plain();
      if (last !== undefined && !last.startsWith("header:\nregister")) client.toServer(last);
    }),
    "knows no dereg": groupClient(
      "command",
      (plain) => (word, rest) => word === "dereg" ? undefined : plain(word, rest),
    ),
  },
  "group/client-answers": {
    "does not show a nack": groupClient("answer", (plain, client) => (kind, text) => {
      if (kind === "nack") client.settle();
      else plain(kind, text);
    }),
    "does not show an answer": groupClient("answer", (plain, client) => (kind, text) => {
      if (text.includes("Entered")) plain(kind, text);
      else client.settle();
    }),
    "does not show what it has asked for": groupClient("listed", () => () => {}),
  },
  "group/client-retry": {
    "sends a request once": groupClient(
      "again",
      (plain, client) => () => client.tries === 0 ? plain() : client.giveUp(),
    ),
    "sends a request without end": groupClient("again", (plain, client) => () => {
      client.tries = 0;
      plain();
    }),
    "does not say that nobody answers": groupClient("giveUp", (_plain, client) => () => client.io.end(1)),
    "stays when nobody answers": groupClient(
      "giveUp",
      (_plain, client) => () => client.io.show("[Server not responding]"),
    ),
  },
  "group/client-retry-pace": {
    "asks again at once": groupClient("patience", () => () => 50),
    "takes two seconds to ask again": groupClient("patience", () => () => 2_000),
  },
  "group/client-table": {
    "reads one table only": groupClient((plain) => {
      let read = 0;
      return { table: (text) => read++ === 0 ? plain.table(text) : undefined };
    }),
    "sends to who is gone": groupClient("isThere", () => () => true),
    "sends to the server as well": groupClient("send", (plain, client) => (to, text) => {
      plain(to, text);
      if (client.rows.some((row) => row.name === to && client.isThere(row))) client.toServer(client.direct(to, text));
    }),
    "sends to the server what is for somebody else": groupClient(
      "send",
      (_plain, client) => (to, text) => client.toServer(client.direct(to, text)),
    ),
  },
  "group/client-send": {
    "leaves out who speaks": groupClient(
      "direct",
      (plain, client) => (to, text) => plain(to, text).replace(client.name, ""),
    ),
    "sends the first word only": groupClient("send", (plain) => (to, text) => plain(to, text.split(" ")[0]!)),
    "takes an acknowledgement for nothing": groupClient("acknowledged", () => () => {}),
  },
  "group/client-send-unanswered": {
    "does not mind that nobody acknowledges": groupClient("unanswered", () => () => {}),
    "does not report who does not acknowledge": groupClient(
      "unanswered",
      (_plain, client) => (to) => client.io.show(`[No ACK from ${to}, message not delivered]`),
    ),
    "reports itself": groupClient("reported", (_plain, client) => () => client.own),
    "does not tell who does not acknowledge": groupClient(
      "unanswered",
      (_plain, client) => (to) => client.toServer(`header:\ndereg\nport:\n${client.reported(to)}`),
    ),
  },
  "group/client-receive": {
    "acknowledges nothing": groupClient("acknowledge", () => () => {}),
    "shows nothing": groupClient("shown", () => () => {}),
    "does not show who says it": groupClient("shown", (plain) => (_from, text) => plain("somebody", text)),
    "does not show what is said": groupClient("shown", (plain) => (from) => plain(from, "a message")),
    "acknowledges to the server": groupClient(
      "acknowledge",
      (_plain, client) => () => client.toServer(`header:\nack\nmessage:\n[Message received by ${client.name}.]`),
    ),
  },
  "group/client-group-receive": {
    "acknowledges no message to the group": groupClient(
      "groupMessage",
      (_plain, client) => (text) => client.io.show(text),
    ),
    "does not show a message to the group": groupClient(
      "groupMessage",
      (_plain, client) => (text) => client.toServer(`header:\nack\nmessage:\n${text}\nport:\n${client.own}`),
    ),
    "shows one message to the group": groupClient((plain, client) => {
      let heard = 0;
      return {
        groupMessage: (text) =>
          heard++ === 0
            ? plain.groupMessage(text)
            : client.toServer(`header:\nack\nmessage:\n${text}\nport:\n${client.own}`),
      };
    }),
  },
  "group/client-private-in-group": {
    "shows a private message in a group": groupClient(
      "kept",
      (_plain, client) => (from, text) => client.shown(from, text),
    ),
    "says nothing of a private message in a group": groupClient("kept", (_plain, client) => (from, text) => {
      client.waiting.push([from, text]);
    }),
    "forgets a private message in a group": groupClient(
      "kept",
      (_plain, client) => () => client.io.show("[A message waits.]"),
    ),
  },
  "group/client-mode": {
    "lets everything be sent in a group": groupClient(
      "isAllowed",
      (plain, client) => (word) => client.group !== undefined || plain(word),
    ),
    "lets everything be sent outside of a group": groupClient(
      "isAllowed",
      (plain, client) => (word) => client.group === undefined || plain(word),
    ),
    "does not say what is wrong": groupClient("notAllowed", () => () => {}),
  },
  "group/client-malformed": {
    "ends at what it cannot read": groupClient("unreadable", (_plain, client) => () => client.io.end(1)),
    "asks nothing any more after what it cannot read": groupClient((plain, client) => ({
      unreadable: () => client.isDeaf = true,
      command: (word, rest) => client.isDeaf ? undefined : plain.command(word, rest),
    })),
  },
};

/** The clients. */
export const CLIENT_MUTANT_SET: MutantSet = {
  right: rightClients({ "is ours": oursAs(GROUP), "does what the document says": groupClient() }),
  useless: USELESS_CLIENTS,
  mutants: readMutants(MUTANTS, startProgram),
  excuses: {},
};
