/**
 * The values that options take, read strictly: what is wrong with one is told in a line that says what would be right.
 *
 * @module
 */

import { type Address, addressText, parseAddress } from "../core/address.ts";
import { ChatError } from "../core/error.ts";
import type { ReportFormat, ReportRequest } from "../../conformance/reports/formats.ts";
import type { TargetSpec } from "../../conformance/run/targets.ts";
import { DIALECTS } from "../dialects/registry.ts";
import type { PortChoice } from "../server/ports.ts";

/** A kind of value. */
export interface Kind<T> {
  /** What help calls it: `PORT`. */
  readonly name: string;
  /** Any value of the type. */
  readonly example: T;
  /** Reads a value; throws a {@linkcode ChatError} `bad-value` that says what would be right. */
  read(input: string): T;
  /** Writes a value as it is read. */
  show(value: T): string;
  /** What completion offers: some words, or the folders or files there are. */
  readonly offers?: readonly string[] | "folders" | "files";
}

/**
 * A port to listen on, or `off`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(portOrOff().read("4100"), { port: 4100, asked: true });
 * ```
 */
export function portOrOff(): Kind<PortChoice> {
  return {
    name: "PORT",
    example: "off",
    read(input) {
      if (input === "off") return "off";
      const port = wholeNumber(input);
      if (port <= 65_535) return { port, asked: true };
      throw wrong(input, "no port: write 1 to 65535, 0 for any free one, or off");
    },
    show: (choice) => choice === "off" ? "off" : String(choice.port),
    offers: ["off"],
  };
}

/** A port of one's own; 0 for any that is free. */
export function ownPort(): Kind<number> {
  return {
    name: "PORT",
    example: 0,
    read(input) {
      const port = wholeNumber(input);
      if (port <= 65_535) return port;
      throw wrong(input, "no port: write 1 to 65535, or 0 for any free one");
    },
    show: String,
  };
}

const AUTO = "auto";

const UNITS: { readonly [unit: string]: number } = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const LONGEST_MS = 24 * 3_600_000;

/**
 * A length of time with its unit (`500ms`, `5s`, `1.5m`, `1h`), in milliseconds: at least 1 ms and at most 24 h.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(duration().read("1.5s"), 1500);
 * assertEquals(duration().show(1500), "1500ms");
 * ```
 */
export function duration(): Kind<number> {
  return {
    name: "TIME",
    example: 1,
    read(input) {
      const match = /^([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)$/.exec(input);
      const value = match === null ? NaN : Math.round(Number(match[1]) * UNITS[match[2]!]!);
      if (value >= 1 && value <= LONGEST_MS) return value;
      throw wrong(input, "no length of time: write a number with ms, s, m or h, from 1ms to 24h");
    },
    show(value) {
      const unit = ["h", "m", "s"].find((unit) => value % UNITS[unit]! === 0) ?? "ms";
      return `${value / UNITS[unit]!}${unit}`;
    },
  };
}

/** A whole number from `min` to `max`. `name` is what help calls it. */
export function count(name: string, min: number, max: number): Kind<number> {
  return {
    name,
    example: min,
    read(input) {
      const value = wholeNumber(input);
      if (value >= min && value <= max) return value;
      throw wrong(input, `not possible: write a whole number from ${min} to ${max}`);
    },
    show: String,
  };
}

/**
 * One of a few words. `name` is what help calls it, and `what` what an error does.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 *
 * const shade = oneOf("SHADE", "shade", ["light", "dark"]);
 * assertThrows(() => shade.read("red"), Error, 'unknown shade "red": choose light or dark');
 * ```
 */
export function oneOf<const T extends string>(
  name: string,
  what: string,
  words: readonly [T, ...T[]],
): Kind<T> {
  return {
    name,
    example: words[0],
    read(input) {
      const word = words.find((word) => word === input);
      if (word !== undefined) return word;
      throw new ChatError("bad-value", `unknown ${what} ${JSON.stringify(input)}: choose ${words.join(" or ")}`);
    },
    show: String,
    offers: words,
  };
}

/** The name of a dialect in the catalogue. */
export function dialectName(): Kind<string> {
  const [first, ...others] = DIALECTS.map((dialect) => dialect.name);
  return oneOf("DIALECT", "dialect", [first!, ...others]);
}

/** The address of a server, with or without its port. */
export function address(): Kind<Address> {
  return {
    name: "HOST[:PORT]",
    example: { hostname: "localhost", port: undefined },
    read: parseAddress,
    show: ({ hostname, port }) => port === undefined ? hostname : addressText({ hostname, port }),
  };
}

/** The name of a dialect, or `auto`, which stands for the one that the server turns out to speak. */
export function dialectOrAuto(): Kind<string | undefined> {
  const named = dialectName();
  return {
    ...named,
    read: (input) => input === AUTO ? undefined : named.read(input),
    show: (name) => name ?? AUTO,
    offers: [AUTO, ...DIALECTS.map(({ name }) => name)],
  };
}

/**
 * A server to be tested, with its dialect before it or not.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(target().read("frame=localhost:4255"), { dialect: "frame", hostname: "localhost", port: 4255 });
 * assertEquals(target().read("localhost:4255").dialect, undefined);
 * ```
 */
export function target(): Kind<TargetSpec> {
  const host = address();
  return {
    name: "[DIALECT=]HOST[:PORT]",
    example: { hostname: "localhost" },
    read(input) {
      const sign = input.indexOf("=");
      const dialect = sign < 0 ? undefined : dialectOrAuto().read(input.slice(0, sign));
      return { dialect, ...host.read(input.slice(sign + 1)) };
    },
    show: ({ dialect, hostname, port }) =>
      `${dialect === undefined ? "" : `${dialect}=`}${host.show({ hostname, port })}`,
  };
}

/** A word of any kind, but not an empty one. `name` is what help calls it. */
export function word(name: string): Kind<string> {
  return {
    name,
    example: "word",
    read(input) {
      if (input !== "") return input;
      throw wrong(input, `no ${name}: write at least one character`);
    },
    show: String,
  };
}

/** How the time is written, or `off`; whether it can be is for the command to find out. */
export function clockFormat(): Kind<string> {
  return { ...word("FORMAT"), example: "%H:%M", offers: ["off", "%H:%M", "%T"] };
}

/** The path of a folder; whether it exists is for the command to find out. */
export function folder(): Kind<string> {
  return { ...word("DIR"), offers: "folders" };
}

/** The path of a file; whether it can be read is for the command to find out. */
export function file(): Kind<string> {
  return { ...word("FILE"), offers: "files" };
}

/** Checked by the compiler: all formats there are, and no other. */
const REPORT_FORMATS: Readonly<Record<ReportFormat, true>> = {
  text: true,
  tap: true,
  junit: true,
  json: true,
  github: true,
  markdown: true,
  html: true,
};

/** What formats were called before; read for this version. */
const FORMER_FORMATS: ReadonlyMap<string, ReportFormat> = new Map([["people", "text"]]);

/**
 * A report and where it goes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(report().read("junit=out/report.xml"), { format: "junit", file: "out/report.xml" });
 * assertEquals(report().read("tap"), { format: "tap" });
 * ```
 */
export function report(): Kind<ReportRequest> {
  const [first, ...others] = Object.keys(REPORT_FORMATS) as [ReportFormat, ...ReportFormat[]];
  const format = oneOf("FORMAT", "report", [first, ...others]);
  return {
    name: "FORMAT[=FILE]",
    example: { format: first },
    read(input) {
      const sign = input.indexOf("=");
      const word = sign < 0 ? input : input.slice(0, sign);
      const renamed = FORMER_FORMATS.get(word);
      return {
        ...renamed === undefined ? { format: format.read(word) } : { format: renamed, formerly: word },
        ...sign >= 0 && { file: file().read(input.slice(sign + 1)) },
      };
    },
    show: ({ format, file }) => file === undefined ? format : `${format}=${file}`,
    offers: [first, ...others],
  };
}

/** The number that some digits spell, or `NaN`. */
function wholeNumber(input: string): number {
  return /^[0-9]{1,15}$/.test(input) ? Number(input) : NaN;
}

function wrong(input: string, why: string): ChatError {
  return new ChatError("bad-value", `${JSON.stringify(input)} is ${why}`);
}
