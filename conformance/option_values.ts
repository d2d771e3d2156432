/**
 * The values that only options of `chat conform` take.
 *
 * @module
 */

import { address, dialectName, file, type Kind, oneOf } from "../lib/cli/values.ts";
import { DIALECTS } from "../lib/dialects/registry.ts";
import type { ReportFormat, ReportRequest } from "./reports/formats.ts";
import type { TargetSpec } from "./run/targets.ts";

const AUTO = "auto";

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
