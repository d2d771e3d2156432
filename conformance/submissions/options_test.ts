import { assertEquals, assertThrows } from "@std/assert";
import { ChatError } from "../../lib/core/error.ts";
import type { ConformOptions } from "../conform_options.ts";
import { type GivenSubmissions, readSubmissions } from "./options.ts";

const NONE: GivenSubmissions = {
  submissions: undefined,
  output: undefined,
  startOver: false,
  parallel: undefined,
  buildCommand: undefined,
  buildTimeout: undefined,
  maxMemory: undefined,
  maxProcesses: undefined,
  maxDisk: undefined,
};
const CONFORM: ConformOptions = {
  targets: [{ dialect: "relay", hostname: "127.0.0.1" }],
  dialect: "relay",
  serverCommand: "python3 server.py {port}",
  filters: [],
  fixtures: [],
  embedded: true,
  list: false,
  strict: false,
  timeout: 5_000,
  jobs: 8,
};

Deno.test("a course is marked with the limits that are said, and with usual ones", () => {
  const usual = readSubmissions({ ...NONE, submissions: "course" }, CONFORM)!;
  assertEquals([usual.output, usual.parallel, usual.limits.time], ["marks", 1, 120_000]);
  const said = readSubmissions(
    { ...NONE, submissions: "course", output: "out", parallel: 4, maxMemory: 2 ** 28 },
    { ...CONFORM, maxTime: 5_000 },
  )!;
  assertEquals([said.output, said.parallel, said.limits.time, said.limits.memory], ["out", 4, 5_000, 2 ** 28]);
});

Deno.test("nothing is a course where none was named", () => {
  assertEquals(readSubmissions(NONE, CONFORM), undefined);
});

Deno.test("what does not go together is told, with what to do", () => {
  const { serverCommand: _none, ...running } = CONFORM;
  const cases: readonly [Partial<GivenSubmissions>, ConformOptions, string][] = [
    [{ output: "out" }, CONFORM, "--output is for a course: say where its programs are with --submissions DIR"],
    [{ startOver: true }, CONFORM, "--start-over is for a course"],
    [{ submissions: "course" }, running, "say what starts each submission: --server-cmd"],
    [{ submissions: "course" }, { ...CONFORM, list: true }, "--list is for one program"],
    [{ submissions: "course" }, { ...CONFORM, reports: [{ format: "tap" }] }, "--report is for one program"],
    [{ submissions: "course" }, { ...CONFORM, reproduce: "folder" }, "--reproduce is for one program"],
    [
      { submissions: "course" },
      { ...CONFORM, dialect: undefined, targets: [{ dialect: undefined, hostname: "127.0.0.1" }] },
      "say what they speak with --dialect NAME",
    ],
    [{ submissions: "course", buildTimeout: 5 }, CONFORM, "--build-timeout is for a build"],
    [{ submissions: "course" }, { ...CONFORM, targets: [...CONFORM.targets, ...CONFORM.targets] }, "name one --target"],
  ];
  for (const [given, conform, message] of cases) {
    const error = assertThrows(() => readSubmissions({ ...NONE, ...given }, conform), ChatError, message);
    assertEquals(error.code, "usage");
  }
});
