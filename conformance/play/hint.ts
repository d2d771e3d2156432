/**
 * What probably went wrong: short sentences, each only where the bytes leave little doubt.
 *
 * @module
 */

import { protocolOfClient, protocolOfServer } from "../../lib/dialects/first_bytes.ts";
import { findDialect } from "../../lib/dialects/registry.ts";
import { likenessOf } from "../../lib/dialects/wrong_server.ts";
import type { Connection } from "./connection/connection.ts";
import type { Expectation } from "./expectation.ts";

const latin1 = new TextDecoder("latin1");

/** Says what probably went wrong where an expectation of a dialect's fixture was not met, or nothing. */
export function hintFor(expectation: Expectation, all: Iterable<Connection>, dialect: string): string | undefined {
  const { connection } = expectation;
  const got = latin1.decode(connection.unread.subarray(0, 4096));
  return protocolHint(connection, got) ?? otherDialect(connection, dialect) ?? echo(connection, got) ??
    lineEnds(expectation, got) ?? otherCase(expectation, got) ??
    elsewhere(expectation, all, got);
}

const OTHER_PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ["HTTP", "this is a web server: it answers in HTTP"],
  ["TLS", "this port speaks TLS"],
  ["SSH", "this is an SSH server"],
]);

/** Says which protocol that is no dialect these bytes (as Latin-1) belong to, if they do without doubt. */
export function otherProtocol(got: string): string | undefined {
  const found = protocolOfServer(got);
  return found && OTHER_PROTOCOLS.get(found.name);
}

/** The same of what one side of a connection has said; of a client, also that it speaks another dialect. */
export function protocolHint({ peer, hasTaken, hasDatagrams }: Connection, got: string): string | undefined {
  if (peer === "server") return otherProtocol(got);
  const found = hasTaken || hasDatagrams ? undefined : protocolOfClient(got);
  return found && !found.isDialect ? `the client speaks ${found.name}` : undefined;
}

/** The first that a server says may be what only servers of another dialect do. */
function otherDialect({ peer, hasTaken, hasDatagrams, unread }: Connection, dialect: string): string | undefined {
  // A dialect of somebody's own may begin in any way.
  const isKnown = findDialect(dialect) !== undefined;
  const likeness = isKnown && peer === "server" && !hasTaken && !hasDatagrams ? likenessOf(dialect, unread) : undefined;
  if (!likeness?.isDialect || !likeness.isCertain) return undefined;
  return `the server speaks ${likeness.protocol}, and not ${dialect}: --dialect ${likeness.protocol}`;
}

function echo(connection: Connection, got: string): string | undefined {
  const sent = latin1.decode(connection.lastStep.subarray(0, 4096));
  // What is said may well begin like what was told, an ID or a name. A whole line or header is another thing.
  const isWhole = connection.peer === "server" && sent.endsWith("\n");
  const isEcho = isWhole ? got.startsWith(sent) : got === sent;
  return sent !== "" && isEcho ? `the ${connection.peer} sends back what it is sent` : undefined;
}

function lineEnds(expectation: Expectation, got: string): string | undefined {
  const rest = got.slice(expectation.position);
  const wanted = expectation.wanted;
  const wants = (text: string) => wanted.some((one) => one.startsWith(text));
  if (wants("\\n") && rest.startsWith("\r\n")) return "lines end in \\r\\n instead of \\n";
  if (wants("\\n") && rest.startsWith(" \n")) return "there is a blank before the line end";
  if (rest === "" && got.endsWith("\n") && wanted.includes("\\n")) {
    return "the message ends in one \\n: the empty line behind it is missing";
  }
  if (rest === "" && got !== "" && wanted.includes("\\n\\n")) return "the message ends without \\n\\n";
  if (got === "\n" || got === "\n\n") return "there are line ends too many behind the message before";
  return undefined;
}

function otherCase(expectation: Expectation, got: string): string | undefined {
  const rest = got.slice(expectation.position).toLowerCase();
  const word = /^[a-z]+/.exec(rest)?.[0] ?? "";
  const isOnlyCase = word.length > 1 && expectation.wanted.some((one) => one.toLowerCase().startsWith(word));
  return isOnlyCase ? "the letters are right, but not their case" : undefined;
}

function elsewhere(expectation: Expectation, all: Iterable<Connection>, got: string): string | undefined {
  if (got !== "") return undefined;
  for (const connection of all) {
    if (connection === expectation.connection || connection.state === "parted" || connection.unread.length === 0) {
      continue;
    }
    if (expectation.wouldMatch(connection.unread)) return `it arrived on ${connection.name} instead`;
  }
  return undefined;
}
