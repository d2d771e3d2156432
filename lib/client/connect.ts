/**
 * `chat connect`: from the options to the exit status.
 *
 * @module
 */

import { ChatError } from "../core/error.ts";
import type { Endpoint, HalfClosingLink } from "../core/link.ts";
import { DIALECTS, findDialect } from "../dialects/registry.ts";
import type { AnyDialect, DatagramDialect, Dialect } from "../dialects/dialect.ts";
import { type Address, addressText } from "../core/address.ts";
import type { TrustFiles } from "../transport/tls/tls.ts";
import { openWebSocket } from "../transport/web/web_socket_client.ts";
import { LinkConnection } from "./session/connection.ts";
import type { Conversation, Ending } from "./session/conversation.ts";
import { ClientState } from "./session/client_state.ts";
import type { Assistance, Frontend } from "./frontend/frontend.ts";
import { History } from "./frontend/history.ts";
import { chooseFormatter, type FormatterOptions } from "./output/formatter_choice.ts";
import { PLAIN } from "./output/formatter.ts";
import { Linger } from "./session/linger.ts";
import { Reconnect } from "./session/reconnect.ts";
import { PortConnection } from "./session/port_connection.ts";
import { askName, askServer, checkedName, withPort } from "./frontend/questions.ts";
import { nameText } from "./output/texts.ts";
import { type ExitStatus, FAILED, LEFT, MISUSED, UNREACHABLE } from "./exit_status.ts";
import type { Environment } from "./environment.ts";
import { systemEnvironment } from "./system_environment.ts";
import { MessageLog } from "./session/message_log.ts";
import { Printer } from "./output/printer.ts";

/** What `chat connect` was told. */
export interface ConnectOptions {
  /** The name to go by; asked for where it is missing. */
  readonly name?: string | undefined;
  /** The server, on the dialect's own port unless it says another; asked for where it is missing. */
  readonly server?: Address | undefined;
  /** The dialect's name, as the registry spells it. */
  readonly dialect: string;
  /** Where files are written in which the dialect's document has its client keep the conversation; here by default. */
  readonly messageLogDir?: string | undefined;
  /** The port that we listen on where the dialect speaks datagrams; any free one by default, or if it is 0. */
  readonly clientPort?: number | undefined;
  /** Whether lines are kept for the next time, where a person enters them; they are by default. */
  readonly history?: boolean | undefined;
  /** Whether a lost connection is made again; it is by default. */
  readonly reconnect?: boolean | undefined;
  /** How long a script goes on listening when all that it sent has an outcome, in milliseconds; not at all by default. */
  readonly wait?: number | undefined;
  /** Whom to trust, if TLS is to be spoken. */
  readonly tls?: TrustFiles | undefined;
  /** How events look. */
  readonly look?: FormatterOptions | undefined;
}

/** The server that is meant where none is given. */
const LOCALHOST = "127.0.0.1";

/**
 * Talks to a server: with a person where there is a terminal, otherwise with a script, which has each line of its input sent
 * as a message. Everything that goes wrong is told on the way; what is left is the exit status:
 *
 * - 0: a person left, or everything that a script sent was delivered.
 * - 1: the name was refused, the server left us, or something was not delivered.
 * - 2: the options cannot be followed.
 * - 3: the server cannot be reached, does not answer, or does not speak this dialect.
 */
export async function connect(
  options: ConnectOptions,
  surroundings: Environment = systemEnvironment(),
): Promise<ExitStatus> {
  const { frontend } = surroundings;
  let view = new Printer(frontend, PLAIN);
  try {
    view = new Printer(frontend, chooseFormatter(options.look ?? {}, surroundings));
    return await connectVia(options, surroundings, view);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    view.problem(error.message);
    return error.code === "unreachable" || error.code === "shortage" ? UNREACHABLE : MISUSED;
  } finally {
    await frontend.close();
  }
}

async function connectVia(options: ConnectOptions, surroundings: Environment, view: Printer): Promise<ExitStatus> {
  const { frontend, timer, patience } = surroundings;
  const dialect = dialectOf(options.dialect);
  if (dialect.transport === "udp" && options.tls !== undefined) {
    throw new ChatError("usage", `${dialect.name} speaks datagrams, and TLS needs a stream: leave out --tls`);
  }
  const server = await serverOf(options, dialect, frontend, view);
  const name = server && await nameOf(options, dialect, frontend, view);
  // Whoever does not answer our questions has left.
  if (server === undefined || name === undefined) return LEFT;
  using transcripts = new MessageLog(options.messageLogDir ?? ".");
  using overtime = new Linger(timer, options.wait ?? 0);
  const desk = new ClientState({ dialect, frontend, view, readsJson: options.look?.json });
  if (frontend.interactive) frontend.assist(desk.assistance(openHistory(options, surroundings, view)));
  const persistence = new Reconnect({
    ...{ desk, name, server: addressText(server), transcripts, overtime, timer, patience, surroundings },
    reconnects: (options.reconnect ?? true) && !dialect.exitsWhenLost,
    attempt: async (conversation) => {
      const call: Call = { server, conversation, surroundings, tls: options.tls };
      if (dialect.transport === "tcp") return await holdOverLinks(call, dialect);
      return await holdOverPort(call, dialect, options.clientPort ?? 0);
    },
  });
  try {
    return await persistence.run();
  } catch (error) {
    if (error !== frontend.interrupted.reason) throw error;
    return frontend.interactive ? LEFT : FAILED;
  }
}

/** A conversation that is about to begin. */
interface Call {
  readonly server: Endpoint;
  readonly conversation: Conversation;
  readonly surroundings: Environment;
  readonly tls: TrustFiles | undefined;
}

async function holdOverLinks(
  { server, conversation, surroundings, tls }: Call,
  dialect: Dialect,
): Promise<Ending> {
  const { frontend, timer } = surroundings;
  const session = await dialect.client(conversation.name, conversation, frontend.interactive, timer);
  const { webSocket } = dialect;
  const links = await open(session.links, async () => {
    const link = await surroundings.dial(server, frontend.interrupted, tls);
    if (webSocket === undefined) return link;
    const { random } = surroundings;
    return await openWebSocket(link, webSocket, { server, random, after: timer, signal: frontend.interrupted });
  });
  return await conversation.hold(session, new LinkConnection(links, session, (bytes) => conversation.overhears(bytes)));
}

async function holdOverPort(
  { server, conversation, surroundings }: Call,
  dialect: DatagramDialect,
  clientPort: number,
): Promise<Ending> {
  using opened = await surroundings.openPort(server, clientPort, surroundings.frontend.interrupted);
  const session = await dialect.client(conversation.name, conversation, opened);
  return await conversation.hold(session, new PortConnection(opened.port, session));
}

function dialectOf(name: string): AnyDialect {
  const dialect = findDialect(name);
  if (dialect !== undefined) return dialect;
  const known = DIALECTS.map((dialect) => dialect.name).join(", ");
  throw new ChatError("unknown-dialect", `there is no dialect ${JSON.stringify(name)}: --dialect takes ${known}`);
}

async function serverOf(
  { server }: ConnectOptions,
  dialect: AnyDialect,
  frontend: Frontend,
  view: Printer,
): Promise<Endpoint | undefined> {
  if (server !== undefined) return withPort(server, dialect.defaultPort);
  const local = { hostname: LOCALHOST, port: dialect.defaultPort };
  return frontend.interactive ? await askServer(frontend, view, local) : local;
}

async function nameOf(
  { name }: ConnectOptions,
  dialect: AnyDialect,
  frontend: Frontend,
  view: Printer,
): Promise<string | undefined> {
  if (dialect.assignsNames) {
    if (name === undefined) return "";
    throw new ChatError(
      "bad-name",
      `a ${dialect.name} server says what its clients are called: leave out ${nameText(name)}`,
    );
  }
  if (name !== undefined) return checkedName(name);
  if (frontend.interactive) return await askName(frontend, view);
  throw new ChatError("no-name", "a name is needed: chat connect NAME");
}

/** What was entered before. Without a file for it, lines can be brought back for as long as the program runs. */
function openHistory(
  { history = true }: ConnectOptions,
  { historyPath }: Environment,
  view: Printer,
): Pick<Assistance, "history" | "remember"> {
  const none = { history: [], remember: () => {} };
  if (!history || historyPath === undefined) return none;
  try {
    const opened = History.open(historyPath);
    let isBroken = false;
    const remember = (line: string) => {
      if (isBroken) return;
      try {
        opened.remember(line);
      } catch (error) {
        if (!(error instanceof ChatError)) throw error;
        isBroken = true;
        view.problem(error.message);
      }
    };
    return { history: opened.latestFirst, remember };
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    view.problem(error.message);
    return none;
  }
}

/** Opens all links that a session takes, or none. */
async function open(count: number, dial: () => Promise<HalfClosingLink>): Promise<HalfClosingLink[]> {
  const results = await Promise.allSettled(Array.from({ length: count }, dial));
  const links = results.filter((result) => result.status === "fulfilled").map((result) => result.value);
  const failed = results.find((result) => result.status === "rejected");
  if (failed === undefined) return links;
  for (const link of links) link.abort("done");
  throw failed.reason;
}
