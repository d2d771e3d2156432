import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { reportDataOf } from "./testing/report_data.ts";
import { markdownReport } from "./markdown.ts";
import { ANY_RUN, SOME_FAILURE, someResult, someRun } from "./testing/results.ts";

const BAD = someResult({ name: "relay/bad", verdict: "fail" });

Deno.test("a summary has the conclusion, the counts, the faults, the choices and all clauses", () => {
  const results = [
    someResult({ name: "relay/good" }),
    BAD,
    someResult({ name: "relay/held", verdict: "blocked", reason: "needs relay/bad" }),
    someResult({ name: "relay/soft", level: "should" }),
  ];
  assertEquals(
    markdownReport(reportDataOf([someRun(results)])),
    `## ❌ relay at 127.0.0.1:4000

does not conform to relay: 1 clause failed, 1 blocked (0.3 s)

**First: the server breaks relay/bad (what relay/bad says): the server says SEND (1 failure).**

| level  | clauses | pass | FAIL | blocked |
| :----- | ------: | ---: | ---: | ------: |
| must   |       3 |    1 |    1 |       1 |
| should |       1 |    1 |      |         |

### What to look at

<details><summary><b>relay/bad</b> (must): It works</summary>

\`\`\`text
fixtures/relay/send-confirmed.chat:7
    alice.out < SENT {bob}\\n\\n
something else arrived on alice.out
    expected  SENT bobk3x9f2\\n\\n
    received  SEND bobk3x9f2\\n\\n
                 ^
probably: the server says SEND
\`\`\`

</details>

### What the protocol leaves open, and this server does

| choice  | this server |
| ------- | ----------- |
| success | SENT        |

<details><summary>All clauses</summary>

| verdict | level  | clause     | what it says         | fixtures        |
| ------- | ------ | ---------- | -------------------- | --------------- |
| pass    | must   | relay/good | what relay/good says |                 |
| FAIL    | must   | relay/bad  | what relay/bad says  |                 |
| blocked | must   | relay/held | what relay/held says | needs relay/bad |
| pass    | should | relay/soft | what relay/soft says |                 |

</details>
`,
  );
});

Deno.test("the conclusion tells what is good, expected, unexpectedly good, broken, or not there", () => {
  const conclusion = (run: ReturnType<typeof someRun>, known?: string) => {
    return markdownReport(reportDataOf([run], known === undefined ? {} : { known })).split("\n").slice(0, 3);
  };
  const good = someResult({ name: "relay/good" });
  assertEquals(conclusion(someRun([good])), ["## ✅ relay at 127.0.0.1:4000", "", "conforms to relay (0.3 s)"]);
  assertMatch(
    conclusion(someRun([good, BAD]), "fail relay/bad\n")[2]!,
    /^does not conform to relay, as expected: nothing but 1 expected failure in known\.txt /,
  );
  assertMatch(
    conclusion(someRun([good, BAD]), "fail relay/good\n")[2]!,
    /^does not conform to relay: 1 clause failed, 1 unexpected pass in known\.txt /,
  );
  assertMatch(
    conclusion(someRun([someResult({ verdict: "error", reason: "what" })]))[2]!,
    /^cannot tell: 1 fixture could not be played /,
  );
  const gone = conclusion(someRun([], { unreachable: "cannot reach it: connection refused" }));
  assertEquals([gone[0], gone[2]], ["## ⚠️ relay at 127.0.0.1:4000", "cannot reach it: connection refused (0.3 s)"]);
});

Deno.test("what a server sends is never markup", () => {
  const hint = "```\n</details> <script>alert(1)</script>";
  const failure = { ...SOME_FAILURE, hint };
  const run = someRun([someResult({ name: "relay/bad", verdict: "fail", title: "a | b <i> `c`", failure })], {
    recorded: [{ choice: "taken", value: "ERROR | <b>@everyone" }],
  });
  const report = markdownReport(reportDataOf([run]));
  assertStringIncludes(report, "\n````text\n");
  assertStringIncludes(report, "probably: ```\\n</details> <script>alert(1)</script>\n````\n");
  assertStringIncludes(report, "a &#124; b &#60;i&#62; &#96;c&#96;</summary>");
  assertStringIncludes(report, "| ERROR &#124; &#60;b&#62;&#64;everyone |");
});

Deno.test("whatever a server sends, the blocks of a summary are ours", () => {
  fc.assert(fc.property(ANY_RUN, (run) => {
    let fence = "";
    let depth = 0;
    for (const line of markdownReport(reportDataOf([run])).split("\n")) {
      if (fence !== "") {
        if (line === fence) fence = "";
        continue;
      }
      fence = /^(`{3,})text$/.exec(line)?.[1] ?? "";
      if (line.startsWith("<details>")) depth++;
      if (line === "</details>") depth--;
      assert(depth >= 0 && depth <= 1);
      assertMatch(line, /^($|## |### |\||`{3,}text$|<details><summary>.*<\/summary>$|<\/details>$|[^<>`|]*$)/);
    }
    assertEquals([fence, depth], ["", 0]);
  }));
});
