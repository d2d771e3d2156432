import { assertEquals } from "@std/assert";
import { FakeFrontend } from "../testing/fake_frontend.ts";
import { STILL } from "../testing/fake_timer.ts";
import { chooseFormatter, type FormatterOptions } from "./formatter_choice.ts";

/** How a notice looks to somebody who chose this. */
function seen(options: FormatterOptions, { interactive = true, hasColors = true } = {}): string {
  const frontend = new FakeFrontend(interactive);
  return chooseFormatter(options, { ...STILL, frontend, hasColors }).text({ kind: "notice", text: "a" });
}

const DIM = (text: string) => `\x1b[2m${text}\x1b[0m`;

Deno.test("a person gets the time and colours, a script neither", () => {
  assertEquals(seen({}), `${DIM("12:00")} ${DIM("-- a")}`);
  assertEquals(seen({}, { interactive: false }), "-- a");
});

Deno.test("a person who has set NO_COLOR gets none, unless they ask for them here", () => {
  assertEquals(seen({}, { hasColors: false }), "12:00 -- a");
  assertEquals(seen({ color: "auto" }, { hasColors: false }), "12:00 -- a");
  assertEquals(seen({ color: "always", time: "off" }, { hasColors: false }), DIM("-- a"));
  assertEquals(seen({ color: "never", time: "off" }), "-- a");
});

Deno.test("a script gets the time and colours if it asks for them", () => {
  assertEquals(seen({ time: "%H" }, { interactive: false }), "12 -- a");
  assertEquals(seen({ color: "always" }, { interactive: false }), DIM("-- a"));
});

Deno.test("JSON is the same for everybody", () => {
  for (const interactive of [true, false]) {
    assertEquals(JSON.parse(seen({ json: true }, { interactive })).event, "notice");
  }
});
