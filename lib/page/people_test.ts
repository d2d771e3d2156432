import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { People } from "./people.ts";

function peopleOf(...names: string[]): People {
  const people = new People();
  people.reset(names.map((name) => ({ name, dialect: "relay" })));
  return people;
}

Deno.test("names are in the order of people, numbers in that of numbers, and two that differ in a capital are two", () => {
  assertEquals(peopleOf("id10", "Bob", "id9", "bob", "alice", "bob").names, ["alice", "bob", "Bob", "id9", "id10"]);
});

Deno.test("whoever comes and goes, the names are those who are here, in order", () => {
  const name = fc.string({ unit: fc.constantFrom("a", "A", "1", "0"), minLength: 1, maxLength: 2 });
  fc.assert(fc.property(fc.array(fc.tuple(fc.boolean(), name)), (steps) => {
    const people = peopleOf();
    const here = new Set<string>();
    for (const [comes, name] of steps) {
      if (comes) people.add({ name, dialect: "web" });
      else people.remove(name);
      here[comes ? "add" : "delete"](name);
    }
    assertEquals(people.names, peopleOf(...here).names);
    assertEquals(people.count, here.size);
  }));
});

Deno.test("those are found whose names contain what is typed, and of many the first", () => {
  const people = peopleOf(...Array.from({ length: 10_000 }, (_, i) => `Person${i}`));
  assertEquals(people.find("", 2), { names: ["Person0", "Person1"], count: 10_000 });
  assertEquals(people.find(" person999 ", 2), { names: ["Person999", "Person9990"], count: 11 });
  assertEquals(people.find("x", 2), { names: [], count: 0 });
});
