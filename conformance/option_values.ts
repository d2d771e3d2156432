/**
 * The values that only options of `chat conform` take.
 *
 * @module
 */

import { address, dialectName, file, type Kind, oneOf } from "../lib/cli/values.ts";
import { ChatError } from "../lib/core/error.ts";
import { VERSION } from "../lib/core/version.ts";
import { DIALECTS } from "../lib/dialects/registry.ts";
import { isWithin, readVersion } from "./fixtures/suite_version.ts";
import { DETAILS } from "./reports/detail/detail_levels.ts";
import { formerFormat, REPORT_FORMATS, type ReportRequest } from "./reports/formats.ts";
import type { TargetSpec } from "./target_spec.ts";
import { FAULT_KINDS, type FaultKind } from "./stress/faults.ts";

const AUTO = "auto";
const NO_FAULTS = "none";

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

/**
 * What is done to connections: a list with commas, or `none`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(faultList().read("reset,stall"), ["reset", "stall"]);
 * assertEquals(faultList().read("none"), []);
 * ```
 */
export function faultList(): Kind<readonly FaultKind[]> {
  return {
    name: "LIST",
    example: FAULT_KINDS,
    read(input) {
      if (input === NO_FAULTS) return [];
      return input.split(",").map((word) => {
        const kind = FAULT_KINDS.find((kind) => kind === word);
        if (kind !== undefined) return kind;
        const known = FAULT_KINDS.join(", ");
        throw new ChatError(
          "bad-value",
          `"${word}" is no fault: name some of ${known}, with commas between, or ${NO_FAULTS}`,
        );
      });
    },
    show: (kinds) => kinds.length === 0 ? NO_FAULTS : kinds.join(","),
    offers: [NO_FAULTS, ...FAULT_KINDS],
  };
}

/**
 * A version of the suite, which is none that is still to come.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(suiteVersion().read("0.1"), "0.1");
 * ```
 */
export function suiteVersion(): Kind<string> {
  return {
    name: "VERSION",
    example: VERSION,
    read(input) {
      const version = readVersion(input);
      if (version !== undefined && isWithin(version, VERSION)) return version;
      throw new ChatError("bad-value", `"${input}" is no version of this suite: write one up to ${VERSION}`);
    },
    show: (version) => version,
  };
}

/** What ends a report that tells more, or less, than the others. */
const WITH_DETAIL = /,detail=([^,=]*)$/;

/**
 * A report, where it goes, and how much it tells if not as much as others.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(report().read("junit=out/report.xml"), { format: "junit", file: "out/report.xml" });
 * assertEquals(report().read("tap"), { format: "tap" });
 * assertEquals(report().read("html=a.html,detail=none"), { format: "html", file: "a.html", detail: "none" });
 * ```
 */
export function report(): Kind<ReportRequest> {
  const format = oneOf("FORMAT", "report", REPORT_FORMATS);
  const detail = oneOf("DETAIL", "detail", DETAILS);
  return {
    name: "FORMAT[=FILE]",
    example: { format: REPORT_FORMATS[0] },
    read(input) {
      const [end = "", told] = WITH_DETAIL.exec(input) ?? [];
      const rest = input.slice(0, input.length - end.length);
      const sign = rest.indexOf("=");
      const word = sign < 0 ? rest : rest.slice(0, sign);
      const renamed = formerFormat(word);
      return {
        ...renamed === undefined ? { format: format.read(word) } : { format: renamed, formerly: word },
        ...sign >= 0 && { file: file().read(rest.slice(sign + 1)) },
        ...told !== undefined && { detail: detail.read(told) },
      };
    },
    show: ({ format, file, detail }) =>
      `${file === undefined ? format : `${format}=${file}`}${detail === undefined ? "" : `,detail=${detail}`}`,
    offers: REPORT_FORMATS,
  };
}
