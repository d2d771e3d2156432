/**
 * A slash server that shares no code with ours, and speaks lines.
 *
 * @module
 */

import { PlainTextServer, type TextClient } from "../text/server.ts";
import type { PlainSettings } from "../mutant.ts";
import { type PutIn, puttingInto } from "../put_in.ts";

/** What a command does: `rest` is what stands behind it. */
export type PlainCommand = (client: TextClient, rest: string) => void;

/** Does what the document says. */
export class PlainSlashServer extends PlainTextServer {
  /** What stands behind all that it says. */
  readonly ending: string = "\n";
  /** Its commands. */
  readonly commands: Readonly<Record<string, PlainCommand>> = {
    users: (client) => this.list(client),
    dm: (client, rest) => this.direct(client, rest),
    bm: (client, rest) => this.broadcast(client, rest),
    help: (client) => this.help(client),
    quit: (client) => this.quit(client),
  };

  override greet(client: TextClient): void {
    this.say(client, "* Choose an alias:");
  }

  override hear(client: TextClient, text: string): void {
    client.unread += text;
    while (this.clients.has(client)) {
      const [line, ...rest] = client.unread.split("\n");
      if (rest.length === 0) return;
      client.unread = rest.join("\n");
      super.hear(client, line!);
    }
  }

  override enter(client: TextClient, name: string): void {
    const holder = this.find(name);
    if (holder !== undefined) this.taken(client, holder);
    else if (/^[A-Za-z0-9]+$/.test(name)) super.enter(client, name);
    else this.say(client, "* An alias is made of letters and digits. Choose another:");
  }

  /** The holder of an alias. */
  find(alias: string): TextClient | undefined {
    return this.users.find(({ name }) => name === alias);
  }

  /** A client asks for an alias that somebody holds. */
  taken(client: TextClient, _holder: TextClient): void {
    this.say(client, "* That alias is taken. Choose another:");
  }

  override welcome(client: TextClient): void {
    this.say(client, `* Hello ${client.name}!`);
  }

  override joined(client: TextClient): void {
    this.announce(client, `* ${client.name} has joined.`);
  }

  override line(client: TextClient, line: string): void {
    const [, name, rest] = /^\/(\S+) ?(.*)$/.exec(line) ?? [];
    const command = Object.hasOwn(this.commands, name ?? "") ? this.commands[name!] : undefined;
    if (command === undefined) this.say(client, "* There is no such command. /help lists those that there are.");
    else command(client, rest!);
  }

  /** Answers `/users`. */
  list(client: TextClient): void {
    this.say(client, `* Here are: ${this.listed(client).map(({ name }) => name).join(", ")}`);
  }

  /** Who is listed. */
  listed(_asker: TextClient): readonly TextClient[] {
    return this.users;
  }

  /** `/dm`. */
  direct(client: TextClient, rest: string): void {
    const [, alias, message] = /^(\S+) (.+)$/.exec(rest) ?? [];
    if (alias === undefined) return this.say(client, "* Usage: /dm <alias> <message>");
    const recipients = this.recipients(alias, client);
    if (recipients.length === 0) this.unknown(client, message!);
    for (const to of recipients) this.passDirect(to, client, unquoted(message!));
  }

  /** Who gets what is for an alias. */
  recipients(alias: string, _sender: TextClient): readonly TextClient[] {
    return this.users.filter(({ name }) => name === alias);
  }

  /** Nobody has the alias that a message is for. */
  unknown(sender: TextClient, _message: string): void {
    this.say(sender, "* Nobody here has that alias.");
  }

  /** `/bm`. */
  broadcast(client: TextClient, rest: string): void {
    if (rest === "") this.say(client, "* Usage: /bm <message>");
    else super.line(client, unquoted(rest));
  }

  /** Passes a broadcast on. */
  override pass(to: TextClient, { name }: TextClient, text: string): void {
    this.say(to, `${name} to all: ${text}`);
  }

  /** Passes a direct message on. */
  passDirect(to: TextClient, { name }: TextClient, text: string): void {
    this.say(to, `${name} to you: ${text}`);
  }

  /** Answers `/help`. */
  help(client: TextClient): void {
    const commands = ["/users", "/dm <alias> <message>", "/bm <message>", "/help", "/quit"];
    for (const command of commands) this.say(client, `* ${command}`);
  }

  override left(client: TextClient): void {
    this.announce(client, `* ${client.name} has left.`);
  }

  override say(client: TextClient, text: string): void {
    if (text !== "") this.write(client, text + this.ending);
  }

  /** Says something that ends as it does. */
  write(client: TextClient, text: string): void {
    super.say(client, text);
  }
}

/** Quotes around a message are not part of it. */
function unquoted(message: string): string {
  return message.replace(/^"(.*)"$/, "$1");
}

/** Makes such servers with other functions in the place of some methods. */
export const slash: PutIn<[PlainSettings], PlainSlashServer> = puttingInto(PlainSlashServer);
