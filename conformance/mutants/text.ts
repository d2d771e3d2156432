/**
 * Changes to the servers of dialects that carry text, slash and room.
 *
 * @module
 */

import type { Link } from "../../lib/core/link.ts";
import type { TextServer } from "../../lib/dialects/text/text_server.ts";
import type { TextSession } from "../../lib/dialects/text/text_session.ts";
import type { Member } from "../../lib/hub/member.ts";
import { bytesOf, textOf } from "./altered_link.ts";
import type { Changing } from "./mutation.ts";
import { sessions, together } from "./mutations.ts";

/** A session that is told lines, or what counts as one. */
export interface LineSession extends TextSession {
  /** A line from the client. */
  line(bytes: Uint8Array): void;
}

/** One client of a server that has a name, and what it can be made to do. */
export interface Speaker {
  /** Its session. */
  readonly session: LineSession;
  /** Its connection. */
  readonly link: Link;
  /** Handles a line (a character a byte) as a right server does. */
  handle(line: string): void;
}

/** Handles each line in another way; a line is text, a character a byte. */
export function lines(alter: (line: string, speaker: Speaker) => void): Changing {
  return sessions((session: LineSession, link) => {
    const take = session.line.bind(session);
    const handle = (line: string) => take(bytesOf(line));
    session.line = (bytes) => {
      if (session.isRegistered) alter(textOf(bytes), { session, link, handle });
      else take(bytes);
    };
  });
}

/** Does something else on each line that fits a pattern. */
export function onLine(pattern: RegExp, answer: (speaker: Speaker, line: string) => void): Changing {
  return lines((line, speaker) => pattern.test(line) ? answer(speaker, line) : speaker.handle(line));
}

/** Understands lines as something else than what they say. */
export function understanding(pattern: RegExp, replacement: string): Changing {
  return lines((line, { handle }) => handle(line.replace(pattern, replacement)));
}

/** A change that knows all clients of the server. */
export function withAll(change: (all: ReadonlySet<LineSession>) => Changing): Changing {
  return () => {
    const all = new Set<LineSession>();
    return together(sessions((session: LineSession) => all.add(session)), change(all))();
  };
}

/** Says something else to everybody, or nothing, where somebody comes. */
export function joining(announce: (joined: (member: Member) => void, member: Member) => void): Changing {
  return () => ({
    server: (server) => {
      const text = server as TextServer;
      const entered = text.entered.bind(text);
      text.entered = (member) => announce(entered, member);
    },
  });
}

/** Says something else to everybody, or nothing, where somebody leaves, who has said so (`quit`) or not. */
export function leaving(
  quit: RegExp,
  announce: (left: (member: Member) => void, member: Member, hasQuit: boolean) => void,
): Changing {
  return () => {
    const quitters = new Set<Member>();
    return together(
      lines((line, { session, handle }) => {
        if (quit.test(line)) quitters.add(session.presence!);
        handle(line);
      }),
      () => ({
        server: (server) => {
          const text = server as TextServer;
          const left = text.left.bind(text);
          text.left = (member) => announce(left, member, quitters.has(member));
        },
      }),
    )();
  };
}

/** Closes everybody when somebody leaves, who has said so or not. */
export function takingAllAlong(quit: RegExp, isSo: (hasQuit: boolean) => boolean): Changing {
  return withAll((all) =>
    leaving(quit, (left, member, hasQuit) => {
      left(member);
      if (isSo(hasQuit)) { for (const session of all) queueMicrotask(() => session.link.abort("done")); }
    })
  );
}
