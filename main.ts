/**
 * The program: from the command line to one of three commands, and its exit status.
 *
 * @module
 */

import type { ConformIo } from "./conformance/conform.ts";
import type { CliCommand, Page } from "./lib/cli.ts";
import { failureOf } from "./lib/cli/failure.ts";
import { writeError, writeOutput } from "./lib/cli/standard_streams.ts";
import { ChatError } from "./lib/core/error.ts";
import { asksForVersion, VERSION } from "./lib/core/version.ts";
import type { Configuration } from "./lib/server/configuration/configuration.ts";
import type { ConfigurationFile } from "./lib/server/reload.ts";

/** Read at once: whether it may be read later is another matter. */
const IS_DEBUGGING = Deno.env.get("CHAT_DEBUG") === "1";

/** With one of these, nothing is run. */
const ASKS_FOR_PRINT: ReadonlySet<string> = new Set(["-h", "--help", "-V", "--version"]);

/** Each command is loaded only when it is asked for: help starts fast. */
async function run(command: CliCommand, page: Page, configuration?: ConfigurationFile): Promise<number> {
  const { keepOnly, neededBy } = await import("./lib/permissions.ts");
  keepOnly(neededBy(command, page.isTerminal && Deno.stdin.isTerminal()));
  switch (command.kind) {
    case "serve": {
      const { serve } = await import("./lib/server/serve.ts");
      return await serve(command.options, configuration);
    }
    case "connect": {
      const { connect } = await import("./lib/client/connect.ts");
      return await connect(command.options);
    }
    case "ping": {
      const { ping } = await import("./lib/client/ping_command.ts");
      return await ping(command.options, conformIo(page));
    }
    case "conform": {
      const { conform } = await import("./conformance/conform.ts");
      const { interruption } = await import("./lib/cli/signals.ts");
      return await conform(command.options, { ...conformIo(page), interrupted: interruption() });
    }
    case "submissions": {
      const { markSubmissions } = await import("./conformance/submissions/submissions.ts");
      const { interruption } = await import("./lib/cli/signals.ts");
      return await markSubmissions(command.options, { ...conformIo(page), interrupted: interruption() });
    }
    case "explain": {
      const { explainClauses } = await import("./conformance/explain/explain.ts");
      return await explainClauses(command.clause, conformIo(page));
    }
    case "record": {
      const { recordTranscript } = await import("./conformance/record/record.ts");
      const { interruption } = await import("./lib/cli/signals.ts");
      return await recordTranscript(command.options, { ...conformIo(page), interrupted: interruption() });
    }
    case "self-test": {
      const { selfTest } = await import("./conformance/self_test/command.ts");
      return await selfTest(command.options, conformIo(page));
    }
  }
}

async function main(): Promise<void> {
  // The options of all commands take three times as long to read as the rest of the program's start.
  if (asksForVersion(Deno.args)) {
    writeOutput(Deno.stdout, `${VERSION}\n`);
    Deno.exit();
  }
  const isTerminal = Deno.stdout.isTerminal();
  const columns = isTerminal ? Deno.consoleSize().columns : undefined;
  const page = { isTerminal, columns, colors: isTerminal && !Deno.noColor };
  const configuration = await configurationFor(Deno.args);
  const { parseCommandLine } = await import("./lib/cli.ts");
  const read = async () => {
    const { args, said } = await configuration?.read() ?? { args: Deno.args, said: new Map() };
    return { said, asked: parseCommandLine(args, page) };
  };
  const { asked, said } = await read();
  if (asked.kind === "print") return writeOutput(Deno.stdout, `${asked.text}\n`);
  const readAgain = async () => {
    const again = await read();
    if (again.asked.kind !== "serve") throw new ChatError("usage", "the configuration asks for no server");
    return { said: again.said, options: again.asked.options };
  };
  const file = configuration?.file;
  Deno.exit(await run(asked, page, file === undefined ? undefined : { file, said, read: readAgain }));
}

/** What a file and the environment say of a server's options, where they say anything. */
async function configurationFor(args: readonly string[]): Promise<Configuration | undefined> {
  if (args[0] !== "serve" || args.some((word) => ASKS_FOR_PRINT.has(word))) return undefined;
  const { isConfigured } = await import("./lib/server/configuration/settings.ts");
  if (!isConfigured(args, variable)) return undefined;
  const { Configuration } = await import("./lib/server/configuration/configuration.ts");
  return new Configuration(args, {
    env: variable,
    readFile(path) {
      try {
        return Deno.readTextFileSync(path);
      } catch (cause) {
        const why = (cause as Error).message.replace(/ \(os error \d+\).*$/s, "");
        throw new ChatError("usage", `cannot read the configuration in ${JSON.stringify(path)}: ${why}`, { cause });
      }
    },
  });
}

/** An environment variable that we may read. Nobody is asked for the permission. */
function variable(name: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) : undefined;
}

function conformIo({ isTerminal, colors }: Page): ConformIo {
  const out = (text: string) => writeOutput(Deno.stdout, text);
  const err = (text: string) => writeError(Deno.stderr, text);
  return { out, err, isTerminal, color: colors };
}

function fail(error: unknown): never {
  const { text, status } = failureOf(error, IS_DEBUGGING);
  writeError(Deno.stderr, text);
  Deno.exit(status);
}

if (import.meta.main) {
  addEventListener("error", (event) => fail(event.error));
  addEventListener("unhandledrejection", (event) => fail(event.reason));
  await main().catch(fail);
}
