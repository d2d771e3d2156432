/**
 * What a command may do: whatever it does not need is given back before it begins, so that a fault in it cannot be used for
 * more. One program has the permissions of all of its commands, above all as a compiled binary.
 *
 * @module
 */

import type { CliCommand } from "./cli.ts";
import { DIALECTS, findDialect, serverPorts } from "./dialects/registry.ts";
import { hasPage, hasSocket, readsAgain } from "./server/reading.ts";

/** A permission that can be given back. The network is needed by every command. */
export type Permission = "env" | "ffi" | "read" | "run" | "sys" | "write";

const ALL: readonly Permission[] = ["env", "ffi", "read", "run", "sys", "write"];

/** What a command needs besides the network. `isTerminal` says whether a person is asked, whose lines are then kept. */
export function neededBy(command: CliCommand, isTerminal: boolean): ReadonlySet<Permission> {
  const needs: Readonly<Partial<Record<Permission, boolean>>> = needsOf(command, isTerminal);
  return new Set(ALL.filter((permission) => needs[permission]));
}

function needsOf(command: CliCommand, isTerminal: boolean): Partial<Record<Permission, boolean>> {
  switch (command.kind) {
    case "serve": {
      const { ports } = command.options;
      const takesDatagrams = DIALECTS.some((dialect) =>
        dialect.transport === "udp" && serverPorts(dialect).some(({ option }) => (ports[option] ?? "off") !== "off")
      );
      return {
        read: hasPage(command.options) || readsAgain(command.options),
        sys: takesDatagrams,
        write: hasSocket(command.options),
      };
    }
    case "connect": {
      const { history = true, tls } = command.options;
      const dialect = findDialect(command.options.dialect);
      const keepsLines = history && isTerminal;
      return {
        env: true,
        read: keepsLines || tls?.caFile !== undefined,
        // Ctrl-Z: to stop a program, this one too, is to run one, as the runtime sees it.
        run: isTerminal,
        sys: dialect?.transport === "udp",
        write: keepsLines || dialect?.messageLog !== undefined,
      };
    }
    case "ping": {
      const { dialect, tls } = command.options;
      return { read: tls?.caFile !== undefined, sys: findDialect(dialect)?.transport === "udp" };
    }
    case "conform": {
      const { serverCommand, client, reports = [], writeExpect, reproduce, stress } = command.options;
      const writes = reports.some(({ file }) => file !== undefined) ||
        (writeExpect ?? reproduce ?? stress?.writeFixture) !== undefined;
      // A client gets a working folder of its own.
      const hasClient = client !== undefined;
      // Classroom 50 says in the environment what is marked.
      const readsEnvironment = reports.some(({ format }) => format === "classroom50");
      return {
        env: readsEnvironment,
        read: true,
        // How many clients at once the system has descriptors for is asked of a shell.
        run: serverCommand !== undefined || hasClient || stress !== undefined,
        sys: true,
        write: writes || hasClient,
      };
    }
    case "submissions":
      // It starts itself for each of them, and that gives back what it does not need.
      return { read: true, run: true, sys: true, write: true };
    // A target that speaks datagrams is asked from an address of ours.
    case "record":
      return { read: true, sys: true };
    case "explain":
    case "self-test":
      return { read: true };
  }
}

/** Gives back, for good, all permissions but these. */
export function keepOnly(needed: ReadonlySet<Permission>): void {
  for (const name of ALL) if (!needed.has(name)) Deno.permissions.revokeSync({ name });
}
