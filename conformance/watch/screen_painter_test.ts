import { assertEquals } from "@std/assert";
import { ScreenPainter } from "./screen_painter.ts";

Deno.test("only the rows that have changed are written, and all of them when nothing is known of the screen", () => {
  const painter = new ScreenPainter();
  assertEquals(painter.paint(["a", "b"]), "\x1b[0m\x1b[2J\x1b[1;1H\x1b[2Ka\x1b[2;1H\x1b[2Kb");
  assertEquals(painter.paint(["a", "b"]), "");
  assertEquals(painter.paint(["a", "c"]), "\x1b[2;1H\x1b[2Kc");
  assertEquals(painter.paint(["a"]), "\x1b[2;1H\x1b[2K");
  painter.forget();
  assertEquals(painter.paint(["a", ""]), "\x1b[0m\x1b[2J\x1b[1;1H\x1b[2Ka");
});
