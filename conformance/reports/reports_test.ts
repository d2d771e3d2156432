import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { ChatError } from "../../lib/core/error.ts";
import { reportDataOf } from "./testing/report_data.ts";
import type { ReportRequest } from "./formats.ts";
import { Reports } from "./reports.ts";
import { paint } from "./text/paint.ts";
import { someResult, someRun } from "./testing/results.ts";
import { textReport } from "./text/text.ts";

const DATA = reportDataOf([someRun([someResult({ name: "relay/bad", verdict: "fail" })])]);

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes reports, told of a target before all is known. Gives what went to standard output. */
async function write(...requests: readonly ReportRequest[]): Promise<string> {
  let out = "";
  const io = { out: (text: string) => void (out += text), err: () => {}, isTerminal: true, color: true };
  using reports = await Reports.open(requests, io);
  for (const report of DATA.targets) await reports.writeTarget(report, DATA);
  out += "--\n";
  await reports.write(DATA);
  return out;
}

/** The text in colours, as soon as it is known. */
const TOLD = textReport(DATA, paint(true)) + "--\n";

Deno.test("without a request, and with files alone, text is told on standard output as the run goes on", async () => {
  await withFolder(async (folder) => {
    assertEquals(await write(), TOLD);
    assertEquals(await write({ format: "json", file: `${folder}/a.json` }), TOLD);
    assertEquals(JSON.parse(await Deno.readTextFile(`${folder}/a.json`)).status, 1);
  });
});

Deno.test("another report on standard output is there alone, except for annotations", async () => {
  const [tap, github] = [await write({ format: "tap" }), await write({ format: "github" })];
  assert(tap.startsWith("--\nTAP version 14\n"));
  assert(github.startsWith(`${TOLD}::error `));
  assertMatch(
    await write({ format: "github" }, { format: "tap" }),
    /^--\n::error [^\n]*\n::error [^\n]*\nTAP version 14\n/,
  );
  assert((await write({ format: "text" }, { format: "github" })).startsWith(`${TOLD}::error `));
});

Deno.test("text goes to a file without colours, and then not to standard output unless that is asked for", async () => {
  await withFolder(async (folder) => {
    const file = `${folder}/a.txt`;
    assertEquals(await write({ format: "text", file }), "--\n");
    assertEquals(await Deno.readTextFile(file), textReport(DATA, paint(false)));
    assertEquals(await write({ format: "text" }, { format: "text", file }), TOLD);
  });
});

Deno.test("each format is written to its file", async () => {
  await withFolder(async (folder) => {
    const formats = ["text", "tap", "junit", "json", "github", "markdown", "html"] as const;
    await write(...formats.map((format) => ({ format, file: `${folder}/${format}` })));
    const begins = await Promise.all(
      formats.map(async (format) => (await Deno.readTextFile(`${folder}/${format}`)).slice(0, 9)),
    );
    assertEquals(begins, ["relay at ", "TAP versi", "<?xml ver", '{\n  "sche', "::error t", "## ❌ rela", "<!DOCTYPE"]);
  });
});

Deno.test("a file is whole at any time: what was there, what is known so far, and then all, and nothing is left beside it", async () => {
  await withFolder(async (folder) => {
    const file = `${folder}/report`;
    await Deno.writeTextFile(file, "old ".repeat(10_000), { mode: 0o640 });
    await Deno.symlink(file, `${folder}/link`);
    const io = { out() {}, err() {}, isTerminal: false, color: false };
    using reports = await Reports.open([{ format: "json", file: `${folder}/link` }], io);
    assert((await Deno.readTextFile(file)).startsWith("old"));
    // Who has it open reads on in what it was.
    using reader = await Deno.open(file);
    await reports.writePartly({ ...DATA, targets: [] });
    assertEquals(JSON.parse(await Deno.readTextFile(file)).targets, []);
    await reports.write(DATA);
    assertEquals(JSON.parse(await Deno.readTextFile(file)).targets.length, 1);
    assertEquals((await reader.stat()).size, 40_000);
    assertEquals((await Deno.lstat(`${folder}/link`)).isSymlink, true);
    if (Deno.build.os !== "windows") assertEquals((await Deno.stat(file)).mode! & 0o777, 0o640);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), ["link", "report"]);
  });
});

Deno.test("a file that cannot be written is told in one line, and the files that were opened are closed", async () => {
  await withFolder(async (folder) => {
    for (
      const [file, why] of [
        [`${folder}/none/report.xml`, `there is no folder ${folder}/none`],
        [folder, "it is a folder"],
      ] as const
    ) {
      const requests = [{ format: "tap" as const, file: `${folder}/tap` }, { format: "junit" as const, file }];
      const error = await assertRejects(() => write(...requests), ChatError);
      assertEquals(error.message, `the junit report ${file} cannot be written: ${why}`);
    }
  });
});

Deno.test("two reports cannot go to one place", async () => {
  for (
    const [requests, message] of [
      [[{ format: "tap" }, { format: "json" }], "tap and json cannot both go to standard output"],
      [[{ format: "text" }, { format: "json" }], "text and json cannot both go to standard output"],
    ] as const
  ) {
    const error = await assertRejects(() => write(...requests), ChatError);
    assertEquals(error.code, "usage");
    assertStringIncludes(error.message, message);
  }
  await withFolder(async (folder) => {
    for (const file of [`${folder}/a`, `${folder}/../${folder.replace(/^.*[/\\]/, "")}/a`]) {
      const requests = [{ format: "tap" as const, file: `${folder}/a` }, { format: "json" as const, file }];
      const error = await assertRejects(() => write(...requests), ChatError);
      assertEquals([error.code, error.message], ["usage", `two reports cannot both be written to ${file}`]);
    }
  });
});
