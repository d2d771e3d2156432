import { assert, assertEquals } from "@std/assert";
import { startServer } from "./testing/server_world.ts";
import * as texts from "./texts.ts";

Deno.test("a group is created once; the texts differ, and the same request again gets the same answer", () => {
  const { register } = startServer();
  const aysha = register("aysha", 2000);
  const sana = register("sana", 3000);
  const ask = "header:|create_group|port:|2000|group_name:|skii|current_user:|aysha";
  aysha.ask(ask);
  aysha.ask(ask);
  assertEquals(aysha.answers(), ["ack [Group skii created by Server.]", "ack [Group skii created by Server.]"]);
  sana.ask("header:|create_group|port:|3000|group_name:|skii|current_user:|sana");
  assertEquals(sana.answers(), ["ack [Group skii already exists.]"]);
});

Deno.test("a group cannot be called nothing, normal, or what nobody can read", () => {
  const { register } = startServer();
  const aysha = register("aysha", 2000);
  for (const group of ["", "normal", " skii", "sk\x1b[2Jii", "\u202eskii", "x".repeat(10_000)]) {
    aysha.ask(`header:|create_group|port:|2000|group_name:|${group}|current_user:|aysha`);
    const [answer = ""] = aysha.take();
    assert(answer.startsWith("Header:|nack|Message:|[A group cannot be called "), answer);
    assert(answer.length < 400 && !answer.includes("\x1b"), answer);
  }
});

Deno.test("a group cannot be called what passes for a text of the server's, for the server, or for another group", () => {
  const { register } = startServer();
  const aysha = register("aysha", 2000);
  const create = (group: string) => {
    aysha.ask(`header:|create_group|port:|2000|group_name:|${group}|current_user:|aysha`);
    return aysha.answers()[0]!;
  };
  for (const group of ["skii", "Skii", "ski1", "Лыжи", "滑雪", "C# & {*}"]) {
    assertEquals(create(group), `ack [Group ${group} created by Server.]`);
  }
  const misleading = [
    "[Client sana not responsive, removed from group skii]",
    "x] [You are Offline. Bye.",
    "(skii) sana",
    "Group_Message <sana>: hi",
    "server",
    "s\u0395rver",
    "Normal",
    "n\u00f6rmal",
    "sk\u00efi",
    "\u0455kii",
    "sk\u200dii",
    "\u3164",
    "*",
  ];
  for (const group of misleading) {
    const answer = create(group);
    assert(answer.startsWith("nack [A group cannot be called "), answer);
  }
});

Deno.test("a name of a group that gave way to another is free again", () => {
  const { register } = startServer();
  const aysha = register("aysha", 2000);
  const create = (group: string) => {
    aysha.ask(`header:|create_group|port:|2000|group_name:|${group}|current_user:|aysha`);
    return aysha.answers()[0];
  };
  create("skïi");
  assert(create("skii")!.startsWith("nack"));
  for (let i = 0; i < 128; i++) create(`g${i}`);
  assertEquals(create("skii"), "ack [Group skii created by Server.]");
});

Deno.test("all groups are listed, to the asker only", () => {
  const { register } = startServer();
  const aysha = register("aysha", 2000);
  const sana = register("sana", 3000);
  for (const group of ["skii", "golf"]) {
    aysha.ask(`header:|create_group|port:|2000|group_name:|${group}|current_user:|aysha`);
  }
  aysha.answers();
  sana.answers();
  aysha.ask("header:|list_groups|port:|2000|current_user:|aysha");
  assertEquals(aysha.take().filter((text) => !text.includes("|update|")), [
    "Header:|ack|Message:|[Request for available group chats received.]",
    "Header:|list_groups|Message:|[Available group chats:]",
    "Header:|list_groups|Message:|skii",
    "Header:|list_groups|Message:|golf",
  ]);
  assertEquals(sana.answers(), []);
});

Deno.test("a list that is asked for again is made anew", () => {
  const { create, join } = startServer();
  create("skii");
  const sana = join("sana", 3000, "skii");
  const members = () => {
    sana.ask("header:|list_members|port:|3000|current_user:|sana|group_name:|skii");
    return sana.answers().slice(2);
  };
  assertEquals(members(), ["list_members (skii) sana"]);
  join("sarah", 5000, "skii");
  assertEquals(members(), ["list_members (skii) sana", "list_members (skii) sarah"]);
});

Deno.test("joining is acknowledged and shows in the table; a group that does not exist is a nack", () => {
  const { create, join, register, pass } = startServer();
  const creator = create("skii");
  join("sana", 3000, "skii");
  pass(200);
  assertEquals(creator.table(), ["creator yes normal", "sana yes skii"]);
  const sarah = register("sarah", 5000);
  sarah.ask("header:|join_group|port:|5000|group_name:|golf|current_user:|sarah");
  assertEquals(sarah.answers(), ["nack [Group golf does not exist.]"]);
});

Deno.test("a client is in one group at most: joining another leaves the first", () => {
  const { create, join, pass } = startServer();
  const creator = create("skii");
  creator.ask("header:|create_group|port:|1999|group_name:|golf|current_user:|creator");
  const sana = join("sana", 3000, "skii");
  sana.ask("header:|join_group|port:|3000|group_name:|golf|current_user:|sana");
  sana.ask("header:|list_members|port:|3000|current_user:|sana|group_name:|skii");
  assertEquals(sana.answers(), ["ack [Entered group golf successfully.]", "nack [You are not in group skii.]"]);
  pass(200);
  assertEquals(creator.table(), ["creator yes normal", "sana yes golf"]);
});

Deno.test("a group message reaches every other member, and nobody outside", () => {
  const { create, join } = startServer();
  const creator = create("skii");
  const [sana, sarah, haider] = [3000, 5000, 7000].map((port, i) =>
    join(["sana", "sarah", "haider"][i]!, port, "skii")
  );
  creator.take();
  sana!.ask(
    "header:|send_group|sender:|sana|port:|3000|message:|hi all |server_ip|10.9.9.9|server_port|1|group_name|skii",
  );
  assertEquals(sana!.answers(), ["ack [Message received by Server.]"]);
  for (const member of [sarah!, haider!]) {
    assertEquals(member.take().filter((text) => text.includes("|send_group|")), [
      "Header:|send_group|Message:|Group_Message <sana>: hi all |Server_ip:|192.0.2.9|Server_port:|4000",
    ]);
  }
  assertEquals(creator.answers(), []);
});

Deno.test("a member that does not acknowledge within 500 ms is taken out of the group; one that does stays", () => {
  const { create, join, log, pass } = startServer();
  const creator = create("skii");
  const [sana, sarah, haider] = [3000, 5000, 7000].map((port, i) =>
    join(["sana", "sarah", "haider"][i]!, port, "skii")
  );
  sana!.ask("header:|send_group|sender:|sana|port:|3000|message:|hi|server_ip|x|server_port|1|group_name|skii");
  pass(400);
  sarah!.ask("Header:|ack|Message:|Group_Message <sana>: hi|Port:|5000");
  pass(90);
  assertEquals(log.filter((text) => text.startsWith("[")), []);
  pass(30);
  assertEquals(log.filter((text) => text.startsWith("[")), ["[Client haider not responsive, removed from group skii]"]);
  haider!.ask("Header:|ack|Message:|Group_Message <sana>: hi|Port:|7000");
  sana!.take();
  sana!.ask("header:|list_members|port:|3000|current_user:|sana|group_name:|skii");
  assertEquals(sana!.answers(), [
    "ack [Request for members in the group received]",
    "list_members [Members in the group skii:]",
    "list_members (skii) sana",
    "list_members (skii) sarah",
  ]);
  pass(100);
  assertEquals(creator.table(), ["creator yes normal", "sana yes skii", "sarah yes skii", "haider yes normal"]);
});

Deno.test("an acknowledgement without a port counts for who listens where it comes from", () => {
  const { create, join, log, pass, port } = startServer();
  create("skii");
  const sana = join("sana", 3000, "skii");
  const sarah = join("sarah", 5000, "skii");
  sana.ask("header:|send_group|sender:|sana|port:|3000|message:|hi|server_ip|x|server_port|1|group_name|skii");
  port.feed("Header:|ack|Message:|Group_Message <sana>: hi", sarah.endpoint);
  pass(600);
  assertEquals(log.filter((text) => text.startsWith("[")), []);
});

Deno.test("an acknowledgement of something else, or from elsewhere, is none", () => {
  const { create, join, log, pass, client } = startServer();
  create("skii");
  const sana = join("sana", 3000, "skii");
  const sarah = join("sarah", 5000, "skii");
  sana.ask("header:|send_group|sender:|sana|port:|3000|message:|hi|server_ip|x|server_port|1|group_name|skii");
  sarah.ask("Header:|ack|Message:|Group_Message <sana>: ho|Port:|5000");
  client("sarah", 5000, "192.0.2.66").ask("Header:|ack|Message:|Group_Message <sana>: hi|Port:|5000");
  pass(600);
  assertEquals(log.filter((text) => text.startsWith("[")), ["[Client sarah not responsive, removed from group skii]"]);
});

Deno.test("a group message that was not acknowledged does not take its member out of a group joined since", () => {
  const { create, join, log, pass } = startServer();
  const creator = create("skii");
  creator.ask("header:|create_group|port:|1999|group_name:|golf|current_user:|creator");
  const sana = join("sana", 3000, "skii");
  const sarah = join("sarah", 5000, "skii");
  sana.ask("header:|send_group|sender:|sana|port:|3000|message:|hi|server_ip|x|server_port|1|group_name|skii");
  sarah.ask("header:|join_group|port:|5000|group_name:|golf|current_user:|sarah");
  pass(1000);
  assertEquals(log.filter((text) => text.startsWith("[")), []);
});

Deno.test("the same group message again is shown once; a marked one is another", () => {
  const { create, join } = startServer();
  create("skii");
  const sana = join("sana", 3000, "skii");
  const sarah = join("sarah", 5000, "skii");
  const say = (header: string) =>
    sana.ask(`${header}|send_group|sender:|sana|port:|3000|message:|hi|server_ip|x|server_port|1|group_name|skii`);
  const acknowledge = () => sarah.ask("Header:|ack|Message:|Group_Message <sana>: hi|Port:|5000");
  say("header:");
  say("header:");
  assertEquals(sana.answers(), ["ack [Message received by Server.]", "ack [Message received by Server.]"]);
  acknowledge();
  assertEquals(sarah.answers(), ["send_group Group_Message <sana>: hi"]);
  say("Header:");
  assertEquals(sarah.answers(), [], "its acknowledgement could be a copy of the first one's");
});

Deno.test("the same group message counts as new when its sender cannot be asking again any more", () => {
  const { create, join, pass } = startServer();
  create("skii");
  const sana = join("sana", 3000, "skii");
  const sarah = join("sarah", 5000, "skii");
  const say = () => {
    sana.ask("header:|send_group|sender:|sana|port:|3000|message:|hi|server_ip|x|server_port|1|group_name|skii");
    sarah.ask("Header:|ack|Message:|Group_Message <sana>: hi|Port:|5000");
  };
  say();
  for (let ms = 0; ms < 2000; ms += 500, say()) pass(500);
  assertEquals(sarah.answers().length, 1);
  pass(1100);
  say();
  assertEquals(sarah.answers().length, 1);
});

Deno.test("a late copy of join does not bring back a client that has left", () => {
  const { create, join, pass } = startServer();
  create("skii");
  const sana = join("sana", 3000, "skii");
  pass(50);
  sana.ask("header:|leave_group|port:|3000|current_user:|sana|group_name:|skii");
  pass(50);
  sana.answers();
  sana.ask("header:|join_group|port:|3000|group_name:|skii|current_user:|sana");
  assertEquals(sana.answers(), ["ack [Entered group skii successfully.]"], "the same answer");
  sana.ask("header:|list_members|port:|3000|current_user:|sana|group_name:|skii");
  assertEquals(sana.answers(), ["nack [You are not in group skii.]"]);
  pass(600);
  sana.ask("header:|join_group|port:|3000|group_name:|skii|current_user:|sana");
  sana.ask("header:|list_members|port:|3000|current_user:|sana|group_name:|skii");
  assertEquals(sana.answers().at(-1), "list_members (skii) sana");
});

Deno.test("leaving is acknowledged with leave, and no group message comes after it", () => {
  const { create, join, pass } = startServer();
  const creator = create("skii");
  const sana = join("sana", 3000, "skii");
  const sarah = join("sarah", 5000, "skii");
  for (const text of ["one", "two"]) {
    sana.ask(`header:|send_group|sender:|sana|port:|3000|message:|${text}|server_ip|x|server_port|1|group_name|skii`);
  }
  assertEquals(sarah.answers(), ["send_group Group_Message <sana>: one"]);
  sarah.ask("header:|leave_group|port:|5000|current_user:|sarah|group_name:|skii");
  assertEquals(sarah.take().filter((text) => !text.includes("|update|")), [
    "Header:|leave|Message:|[Leave group chat skii.]",
  ]);
  sarah.ask("Header:|ack|Message:|Group_Message <sana>: one|Port:|5000");
  sana.ask("header:|send_group|sender:|sana|port:|3000|message:|three|server_ip|x|server_port|1|group_name|skii");
  pass(1000);
  assertEquals(sarah.answers(), []);
  assertEquals(creator.table(), ["creator yes normal", "sana yes skii", "sarah yes normal"]);
});

Deno.test("what one is not in cannot be left, listed or written to", () => {
  const { create, register } = startServer();
  create("skii");
  const sana = register("sana", 3000);
  for (
    const [group, answer] of [["skii", "nack [You are not in group skii.]"], [
      "golf",
      "nack [Group golf does not exist.]",
    ]]
  ) {
    sana.ask(`header:|leave_group|port:|3000|current_user:|sana|group_name:|${group}`);
    sana.ask(`header:|list_members|port:|3000|current_user:|sana|group_name:|${group}`);
    sana.ask(`header:|send_group|sender:|sana|port:|3000|message:|hi|server_ip|x|server_port|1|group_name|${group}`);
    assertEquals(sana.answers(), [answer!, answer!, answer!]);
  }
});

Deno.test("every text is the one of PROTOCOLS.md, byte for byte", () => {
  const written = {
    WELCOME: texts.WELCOME,
    NAME_TAKEN: texts.NAME_TAKEN,
    NOT_REGISTERED: texts.NOT_REGISTERED,
    OFFLINE: texts.OFFLINE,
    MESSAGE_RECEIVED: texts.MESSAGE_RECEIVED,
    GROUPS_FOLLOW: texts.GROUPS_FOLLOW,
    GROUPS_TITLE: texts.GROUPS_TITLE,
    MEMBERS_FOLLOW: texts.MEMBERS_FOLLOW,
    created: texts.created("G"),
    exists: texts.exists("G"),
    doesNotExist: texts.doesNotExist("G"),
    entered: texts.entered("G"),
    left: texts.left("G"),
    membersTitle: texts.membersTitle("G"),
    memberLine: texts.memberLine("G", "U"),
    receivedBy: texts.receivedBy("V"),
    groupMessage: texts.groupMessage("U", "M"),
    removed: texts.removed("U", "G"),
  };
  assertEquals(written, {
    WELCOME: "[Welcome, You are registered.]",
    NAME_TAKEN: "[Cannot register with a name already used.]",
    NOT_REGISTERED: "[You are not registered.]",
    OFFLINE: "[You are Offline. Bye.]",
    MESSAGE_RECEIVED: "[Message received by Server.]",
    GROUPS_FOLLOW: "[Request for available group chats received.]",
    GROUPS_TITLE: "[Available group chats:]",
    MEMBERS_FOLLOW: "[Request for members in the group received]",
    created: "[Group G created by Server.]",
    exists: "[Group G already exists.]",
    doesNotExist: "[Group G does not exist.]",
    entered: "[Entered group G successfully.]",
    left: "[Leave group chat G.]",
    membersTitle: "[Members in the group G:]",
    memberLine: "(G) U",
    receivedBy: "[Message received by V.]",
    groupMessage: "Group_Message <U>: M",
    removed: "[Client U not responsive, removed from group G]",
  });
});

Deno.test("the server says each text where PROTOCOLS.md has it, under its header", () => {
  const { register, client, pass, log } = startServer();
  const aysha = register("aysha", 2000);
  const sana = register("sana", 3000);
  const ask = (text: string) => aysha.ask(text.replaceAll("P", "2000"));
  client("aysha", 4000).ask("header:|register|username:|aysha|ip:|x|port:|4000");
  ask("header:|create_group|port:|P|group_name:|G|current_user:|aysha");
  ask("Header:|create_group|port:|P|group_name:|G|current_user:|aysha");
  ask("header:|list_groups|port:|P|current_user:|aysha");
  ask("header:|join_group|port:|P|group_name:|H|current_user:|aysha");
  ask("header:|join_group|port:|P|group_name:|G|current_user:|aysha");
  ask("header:|list_members|port:|P|current_user:|aysha|group_name:|G");
  sana.ask("header:|join_group|port:|3000|group_name:|G|current_user:|sana");
  ask("header:|send_group|sender:|aysha|port:|P|message:|M|server_ip|x|server_port|1|group_name|G");
  ask("header:|list_groups|port:|P|current_user:|sana");
  ask("header:|leave_group|port:|P|current_user:|aysha|group_name:|G");
  ask("header:|dereg|port:|P");
  assertEquals(client("aysha", 4000).answers(), ["ack [Cannot register with a name already used.]"]);
  assertEquals(aysha.take().filter((text) => !text.includes("|update|")), [
    "Header:|ack|Message:|[Group G created by Server.]",
    "Header:|ack|Message:|[Group G already exists.]",
    "Header:|ack|Message:|[Request for available group chats received.]",
    "Header:|list_groups|Message:|[Available group chats:]",
    "Header:|list_groups|Message:|G",
    "Header:|nack|Message:|[Group H does not exist.]",
    "Header:|ack|Message:|[Entered group G successfully.]",
    "Header:|ack|Message:|[Request for members in the group received]",
    "Header:|list_members|Message:|[Members in the group G:]",
    "Header:|list_members|Message:|(G) aysha",
    "Header:|ack|Message:|[Message received by Server.]",
    "Header:|nack|Message:|[You are not registered.]",
    "Header:|leave|Message:|[Leave group chat G.]",
    "Header:|dereg|Message:|[You are Offline. Bye.]",
  ]);
  assertEquals(sana.take().filter((text) => !text.includes("|update|")), [
    "Header:|ack|Message:|[Entered group G successfully.]",
    "Header:|send_group|Message:|Group_Message <aysha>: M|Server_ip:|192.0.2.9|Server_port:|4000",
  ]);
  pass(520);
  assert(log.includes("[Client sana not responsive, removed from group G]"));
});
