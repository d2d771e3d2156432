/**
 * From where a server has its options: the command line, then the environment, then a file.
 *
 * @module
 */

import { ChatError } from "../../core/error.ts";
import { commandWords, CONFIG_OPTION, findSetting, type Setting, SETTINGS } from "./settings.ts";

/** The world around the command line. */
export interface ConfigurationSources {
  /** An environment variable. */
  env(variable: string): string | undefined;
  /** Reads a file; throws a `ChatError` if that cannot be done. */
  readFile(path: string): string;
}

/** The words of a command line that say what each option is, by its name. */
export type Words = ReadonlyMap<string, readonly string[]>;

/** The options of a server from all that says something of them; the file can be read again. */
export class Configuration {
  /** The file, if there is one. */
  readonly file: string | undefined;
  readonly #given: readonly string[];
  readonly #named: ReadonlyMap<string, string>;
  /** What the environment says and the command line does not. */
  readonly #environment: Words;
  readonly #sources: Pick<ConfigurationSources, "readFile">;

  /**
   * @param args The command line, `serve` first.
   * @throws {ChatError} `usage` for an environment variable that cannot be followed.
   */
  constructor(args: readonly string[], sources: ConfigurationSources) {
    this.#given = args;
    this.#sources = sources;
    this.#named = namedIn(args);
    this.#environment = new Map([...readEnvironment(sources.env)].filter(([name]) => !this.#named.has(name)));
    const [word] = this.#environment.get(CONFIG_OPTION) ?? [];
    this.file = this.#named.get(CONFIG_OPTION) ?? word?.slice(`--${CONFIG_OPTION}=`.length);
  }

  /**
   * Reads the file. Its options count where neither the command line nor the environment has them.
   *
   * @returns the command line that says all of it, and what of it is from the file, by the options' names.
   * @throws {ChatError} `usage` for a file that cannot be read or followed, with the line.
   */
  async read(): Promise<{ readonly args: string[]; readonly said: Words }> {
    const ofFile = await this.#readFile();
    const said = new Map([...ofFile].filter(([name]) => !this.#named.has(name) && !this.#environment.has(name)));
    const [command = "serve", ...given] = this.#given;
    const args = [command, ...[...said.values()].flat(), ...[...this.#environment.values()].flat(), ...given];
    return { args, said };
  }

  /** YAML is loaded only where it is asked for. */
  async #readFile(): Promise<Words> {
    if (this.file === undefined) return new Map();
    const { readConfiguration } = await import("./configuration_file.ts");
    return readConfiguration(this.#sources.readFile(this.file), this.file);
  }
}

/** The options that a command line has, with the last value of each that has one. */
function namedIn(args: readonly string[]): Map<string, string> {
  const named = new Map<string, string>();
  for (let i = 1; i < args.length; i++) {
    const [, name, value] = /^--([^=]+)(?:=([^]*))?$/.exec(args[i]!) ?? [];
    const setting = name === undefined ? undefined : findSetting(name);
    if (setting === undefined) continue;
    named.set(setting.name, value ?? (setting.isFlag ? "" : args[++i] ?? ""));
  }
  return named;
}

/** What the environment says. An empty variable says nothing; of an option that may be repeated, blanks or commas divide the values. */
function readEnvironment(env: ConfigurationSources["env"]): Map<string, readonly string[]> {
  const words = new Map<string, readonly string[]>();
  for (const setting of SETTINGS) {
    const text = env(setting.variable)?.trim();
    if (text !== undefined && text !== "") words.set(setting.name, wordsIn(setting, text));
  }
  return words;
}

function wordsIn(setting: Setting, text: string): string[] {
  const values = setting.repeats ? text.split(/[\s,]+/).filter((value) => value !== "") : [text];
  return values.flatMap((value) => {
    const read = commandWords(setting, value);
    if ("fault" in read) throw new ChatError("usage", `${setting.variable}: ${read.fault}`);
    return read.words;
  });
}
