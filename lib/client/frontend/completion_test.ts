import { assertEquals } from "@std/assert";
import { GROUP } from "../../dialects/group/dialect.ts";
import { RELAY } from "../../dialects/relay/dialect.ts";
import { ROOM } from "../../dialects/room/dialect.ts";
import { SLASH } from "../../dialects/slash/dialect.ts";
import { RecentNames } from "../session/recent_names.ts";
import { complete } from "./completion.ts";
import { LOCAL_FORMS } from "./local_commands.ts";

const names = ["bob", "Bill", "alice", "two words", "evil\x1b"];

/** What could be written in a dialect. */
const candidates = (forms: typeof RELAY.forms, before: string, groups: string[] = []) =>
  complete(before, { forms: [...forms, ...LOCAL_FORMS], names, groups }).candidates;

Deno.test("in relay, names are completed behind the mark, the latest first, in any case", () => {
  assertEquals(candidates(RELAY.forms, "@"), ["@bob ", "@Bill ", "@alice ", "@ALL "]);
  assertEquals(candidates(RELAY.forms, "@bi"), ["@Bill "]);
  assertEquals(candidates(RELAY.forms, "@a"), ["@alice ", "@ALL "]);
  assertEquals(candidates(RELAY.forms, "@bob hi, al"), ["alice "]);
  assertEquals(candidates(RELAY.forms, "/"), ["/help ", "/names ", "/quit "]);
});

Deno.test("in slash and group, commands are completed, and then what they take", () => {
  assertEquals(candidates(SLASH.forms, "/d"), ["/dm "]);
  assertEquals(candidates(SLASH.forms, "/dm b"), ["/dm bob ", "/dm Bill "]);
  assertEquals(candidates(SLASH.forms, "/h"), ["/help "]);
  assertEquals(candidates(GROUP.forms, "j"), ["join_group "]);
  assertEquals(candidates(GROUP.forms, "join_group r", ["room", "red"]), ["join_group room ", "join_group red "]);
  assertEquals(candidates(GROUP.forms, "send b"), ["send bob ", "send Bill "]);
});

Deno.test("in a room, names are completed anywhere, but none that could not be written or seen", () => {
  assertEquals(candidates(ROOM.forms, "bo"), ["bob "]);
  assertEquals(candidates(ROOM.forms, "hi a"), ["alice "]);
  assertEquals(candidates(ROOM.forms, "two"), []);
  assertEquals(candidates(ROOM.forms, "evil"), []);
  assertEquals(candidates(ROOM.forms, "#"), ["#quit "]);
  assertEquals(candidates(ROOM.forms, "hi "), []);
});

Deno.test("who was met long ago is forgotten, so that nobody can fill our memory", () => {
  const people = new RecentNames(2);
  for (const name of ["a", "b", "a", "c"]) people.met(name);
  assertEquals(people.latestFirst, ["c", "a"]);
});
