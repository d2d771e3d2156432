import { assertEquals } from "@std/assert";
import { Screen } from "./screen.ts";

/** What is read of a text that is shown in two pieces, cut at every place, which must make no difference. */
function read(text: string): string {
  const whole = new Screen();
  whole.show(text);
  for (let at = 0; at <= text.length; at++) {
    const screen = new Screen();
    screen.show(text.slice(0, at));
    screen.show(text.slice(at));
    assertEquals(screen.since(0), whole.since(0), `cut at ${at}`);
  }
  return whole.since(0);
}

Deno.test("escapes, titles and control characters are not read, in whatever pieces they are shown", () => {
  assertEquals(read("\x1b[1;31mred\x1b[0m \x1b]0;a title\x07and\x1b]8;;x\x1b\\ more\x1b7\x07"), "red and more");
  assertEquals(read("a\r\nb\r\n"), "a\nb\n");
});

Deno.test("a backspace takes a character back, and a carriage return begins a line", () => {
  assertEquals(read("helo\blo"), "hello");
  assertEquals(read("10%\r20%\n"), "10%\n20%\n");
});

Deno.test("what the terminal echoes is not what the program shows, but what comes before it, or once more, is", () => {
  const screen = new Screen();
  screen.show("hello ");
  screen.expectEcho("hello\n");
  screen.show("hel");
  screen.show("lo\r\nyou said hello\r\n");
  assertEquals(screen.since(0), "hello \nyou said hello\n");
});

Deno.test("what is gone does not move what comes behind it", () => {
  const screen = new Screen();
  screen.expectEcho("hello\n");
  screen.show("hel");
  const position = screen.length + "lo\nx".length;
  screen.show("lo\nx\by");
  assertEquals([screen.since(0), screen.since(position)], ["\ny", "y"]);
});

Deno.test("of a program that prints without end only the last is kept, and positions go on", () => {
  const screen = new Screen();
  for (let i = 0; i < 1000; i++) screen.show("x".repeat(1000));
  screen.show("the end");
  assertEquals(screen.length, 1_000_007);
  assertEquals(screen.since(1_000_000), "the end");
  assertEquals(screen.since(0).length, 256 * 1024);
});
