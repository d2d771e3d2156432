/**
 * The tables of docs/bridging.md, from what the matrix of pairs sees. Run as a program, it writes them there:
 * `deno run --allow-read --allow-write tests/pairs/tables.ts`.
 *
 * @module
 */

import { DELIVERED, GONE, type Outcome, refused, TIMED_OUT, UNKNOWN } from "../../lib/core/outcome.ts";
import type { Audience } from "../../lib/hub/delivery.ts";
import { Meeting, type Result } from "./meeting.ts";
import { type Party, type Row, World } from "./party.ts";
import { ROWS } from "./rows.ts";

/** The page. */
export const PAGE: URL = new URL("../../docs/bridging.md", import.meta.url);

const START = "<!-- From here on, tests/pairs/tables.ts writes this page and tests/pairs_test.ts checks it. -->\n";

/** The page with tables that are up to date. */
export function updated(page: string): string {
  const end = page.indexOf(START);
  if (end < 0) throw new Error(`${PAGE.pathname} has lost the line that says where its tables begin`);
  return page.slice(0, end) + START + tables();
}

function tables(): string {
  return [
    "\n## From each to each\n",
    "What cannot be said is no message in the sender's own dialect: slash and group have no line breaks, frame no long ones.\n",
    table(["from", "to", "a line of text", "several lines", "too long for the recipient"], ROWS.flatMap(pairsFrom)),
    "## How it arrives\n",
    "`hi`, from alice, whose frame ID is 2, to bob, whose ID is 3.\n",
    table(["at", "directly", "to everyone"], ROWS.map(arrivals)),
    "## What the sender is told\n",
    table(
      [
        "in",
        "bob has it",
        "there is no bob",
        "bob left before he had it",
        "bob takes nothing for 5 s",
        "bob's dialect cannot carry it",
      ],
      ROWS.map(answers),
    ),
  ].join("\n");
}

function pairsFrom(sender: Row): string[][] {
  return ROWS.map((recipient) => {
    const hasDirect = new Meeting(sender, recipient, "direct").delivers("hi").kind === "arrived";
    const audience: Audience = hasDirect ? "direct" : "everyone";
    const meet = () => new Meeting(sender, recipient, audience);
    const { tooLong } = recipient;
    return [
      sender.dialect,
      recipient.dialect,
      shown(meet().delivers("hi"), hasDirect ? "delivered" : "delivered, as to everyone"),
      shown(
        meet().delivers("one\ntwo"),
        recipient.isOfLines ? "delivered, a message a line" : "delivered, as one message",
      ),
      tooLong === undefined ? "(nothing is)" : shown(meet().refuses(tooLong), ""),
    ];
  });
}

function shown({ kind }: Result, arrived: string): string {
  return { unsayable: "(cannot be said)", refused: "refused", arrived }[kind];
}

function arrivals(recipient: Row): string[] {
  const [alice, bob] = couple(ROWS[0]!, recipient);
  const cell = (audience: Audience) => code(bob.arrival(alice, audience, "hi").join(""));
  return [recipient.dialect, cell("direct"), cell("everyone")];
}

function answers(sender: Row): string[] {
  const [alice, bob] = couple(sender, ROWS[0]!);
  const isDirect = alice.say(bob, "hi");
  const outcomes: Outcome[] = [DELIVERED, UNKNOWN, GONE, TIMED_OUT, refused("too-long")];
  return [
    sender.dialect,
    ...outcomes.map((outcome) => code(alice.answer(isDirect ? bob : "everyone", "hi", outcome)) || "nothing"),
  ];
}

function couple(sender: Row, recipient: Row): [Party, Party] {
  const world = new World();
  return [sender.start(world)("alice"), recipient.start(world)("bob")];
}

function code(text: string): string {
  return text === "" ? "" : `\`${text.replaceAll("|", "\\n").replaceAll("\n", "\\n")}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

if (import.meta.main) Deno.writeTextFileSync(PAGE, updated(Deno.readTextFileSync(PAGE)));
