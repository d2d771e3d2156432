import { assertEquals } from "@std/assert";
import { Names } from "./names.ts";

const named = (...names: string[]) => {
  const all = new Names();
  for (const name of names) all.take({ name, title: name });
  return all;
};

Deno.test("names of letters and digits that differ are different", () => {
  const names = named("bob");
  for (const name of ["Bob", "BOB", "b0b", "bob1", "bOb"]) assertEquals(names.fault(name), undefined, name);
  assertEquals(names.fault("bob"), "taken");
  assertEquals(names.fault("Server"), "reserved");
});

Deno.test("a title looks like nobody who is there, whatever they speak, until they leave", () => {
  const names = named("alice");
  for (const title of ["alice", "ALICE", "álice", "a1ice", "\u0430\u04cf\u0456\u0441\u0435"]) {
    assertEquals(names.fault("guest", title), "look-alike", title);
  }
  assertEquals(names.fault("guest", "\u0430lice"), "mixed-scripts");
  names.free({ name: "alice", title: "alice" });
  assertEquals(names.fault("alice", "ALICE"), undefined);
});

Deno.test("who comes later does not look like a title in other letters either", () => {
  const names = new Names();
  names.take({ name: "guest", title: "\u0430\u04cf\u0456\u0441\u0435" });
  names.take({ name: "Bob", title: "Bob!" });
  assertEquals([names.fault("alice"), names.fault("Alice")], ["look-alike", "look-alike"]);
  assertEquals([names.fault("bob"), names.fault("Bob2", "Bob?")], [undefined, undefined]);
  names.free({ name: "guest", title: "\u0430\u04cf\u0456\u0441\u0435" });
  assertEquals(names.fault("alice"), undefined);
});

Deno.test("of two with the same look, the one who stays is still in the way", () => {
  const names = named("BOB", "bob");
  names.free({ name: "bob", title: "bob" });
  assertEquals(names.fault("bob", "bob"), "look-alike");
  names.free({ name: "BOB", title: "BOB" });
  assertEquals(names.fault("bob", "bob"), undefined);
});
