import { assert, assertEquals, assertMatch } from "@std/assert";
import { joinAll, TestConnection } from "../testing/users.ts";
import { AdminWorld } from "../testing/admin_world.ts";

Deno.test("kick closes whoever has a name, in every dialect, and tells them why", async () => {
  await AdminWorld.run(async (there) => {
    const users = await joinAll(there);
    for (const [name, user] of users) {
      const { status, text } = await there.ask("POST", "/kick", { name });
      assertEquals([status, JSON.parse(text).kicked], [200, name], text);
      await there.pass(1_000);
      if (user instanceof TestConnection) assert(user.isClosed, `${name} is closed`);
      assertEquals(there.server.hub.find(name), undefined, `${name} has left`);
    }
    // relay has no words for it, and those of group are the same for all.
    for (const [name, user] of users) {
      if (name !== "rob") assertMatch(user.said, name === "gus" ? /dereg/ : /an operator of the server closed/, name);
    }
    const by = there.log.filter((line) => line.includes("closed a connection"));
    assertEquals(by.length, users.size);
    assertMatch(by[0]!, /"operator":"192\.0\.2\.1:\d+","token":"[^"]+"/);
    assertEquals((await there.ask("POST", "/kick", { name: "nobody" })).status, 404);
  });
});

Deno.test("what the server says comes to everybody, or to one, as server's, and the answer is what became of it", async () => {
  await AdminWorld.run(async (there) => {
    assertEquals((await there.ask("POST", "/say", { text: "hello" })).status, 404);
    const users = await joinAll(there);
    const all = await there.ask("POST", "/say", { text: "we restart at noon" });
    assertEquals([all.status, JSON.parse(all.text)], [200, { to: null, outcome: "delivered" }]);
    for (const [name, user] of users) assertMatch(user.said, /server[^]*we restart at noon/i, name);
    const one = await there.ask("POST", "/say", { text: "a word with you", to: "sam" });
    assertEquals(JSON.parse(one.text), { to: "sam", outcome: "delivered" });
    assertMatch(users.get("sam")!.said, /server[^]*a word with you/);
    assert(!users.get("rae")!.said.includes("a word with you"));
    assertEquals((await there.ask("POST", "/say", { text: "hello", to: "nobody" })).status, 404);
    assertEquals(JSON.parse((await there.ask("POST", "/say", { text: "\ud800" })).text).error.code, "not-text");
    // Whoever does not acknowledge does not have it.
    const mute = new TestConnection(await there.connect("relay"));
    const other = new TestConnection(await there.connect("relay"));
    mute.say("REGISTER TORECV mute\n\n");
    other.say("REGISTER TOSEND mute\n\n");
    await there.pass(100);
    const late = await there.ask("POST", "/say", { text: "hello?", to: "mute" });
    assertEquals([late.status, JSON.parse(late.text).error.code], [409, "timed-out"]);
    const { accounts } = there.server.hub.counters;
    assertEquals([accounts.get("server")?.accepted, accounts.get("server")?.delivered], [5, 2]);
    assertEquals(there.log.filter((line) => line.includes("noon")), [], "nothing that was said is logged");
  });
});

Deno.test("deny and allow hold for those who come from now on, and say who is there from what was denied", async () => {
  await AdminWorld.run(async (there) => {
    const [near, far] = ["192.0.2.77", "198.51.100.7"];
    const join = async (name: string, from: string) => {
      const talk = new TestConnection(await there.connect("slash", from));
      await there.pass(100);
      talk.say(`${name}\n`);
      await there.pass(1_000);
      return talk;
    };
    await join("ann", near);
    await join("bob", far);
    const denied = await there.ask("POST", "/deny", { network: "198.51.100.0/24" });
    assertEquals(JSON.parse(denied.text), { denied: "198.51.100.0/24", present: ["bob"] });
    assert((await join("cat", far)).isClosed);
    assert(!(await join("dan", near)).isClosed);
    // Denied by the network that it is in.
    const still = JSON.parse((await there.ask("POST", "/allow", { address: far })).text);
    assertEquals([still.allowed, still.permitted], [far, false]);
    const allowed = await there.ask("POST", "/allow", { network: "198.51.100.0/24" });
    assertEquals(JSON.parse(allowed.text), { allowed: "198.51.100.0/24", permitted: true });
    assert(!(await join("eve", far)).isClosed);
    for (const body of [{}, { address: "x" }, { address: "192.0.2.0/24" }, { network: "@/etc/passwd" }]) {
      assertEquals((await there.ask("POST", "/deny", body)).status, 422, JSON.stringify(body));
    }
  });
  await AdminWorld.run(async (there) => {
    const { admission } = there.server;
    assertEquals((await there.ask("POST", "/allow", { address: "2001:DB8::0:1" })).status, 200);
    assertEquals([admission.permits("2001:db8::1"), admission.permits("2001:db8::2")], [true, false]);
    assertEquals((await there.ask("POST", "/deny", { address: "2001:db8:0::1" })).status, 200);
    assertEquals(admission.permits("2001:db8::1"), false);
  }, { allow: ["192.0.2.0/24"] });
});

Deno.test("drain finishes what is in flight and closes all, and the program goes on", async () => {
  await AdminWorld.run(async (there) => {
    const [from, to] = [
      new TestConnection(await there.connect("relay")),
      new TestConnection(await there.connect("relay")),
    ];
    const others = [new TestConnection(await there.connect("relay")), new TestConnection(await there.connect("relay"))];
    from.say("REGISTER TOSEND ann\n\n");
    to.say("REGISTER TORECV bob\n\n");
    others[0]!.say("REGISTER TORECV ann\n\n");
    others[1]!.say("REGISTER TOSEND bob\n\n");
    await there.pass(100);
    from.say("SEND bob\nContent-length: 2\n\nhi");
    await there.pass(100);
    const { status, text } = await there.ask("POST", "/drain");
    assertEquals([status, JSON.parse(text)], [202, { state: "draining", inFlight: 1 }]);
    to.say("RECEIVED ann\n\n");
    await there.pass(5_000);
    assertMatch(from.said, /SENT bob\n/);
    assert([from, to, ...others].every(({ isClosed }) => isClosed));
    assertEquals(JSON.parse((await there.ask("POST", "/drain", {})).text).state, "drained");
    assertEquals(JSON.parse((await there.ask("GET", "/status")).text).ready, false);
  });
});

Deno.test("reload answers with what the log says of it", async () => {
  await AdminWorld.run(async (there) => {
    const { status, text } = await there.ask("POST", "/reload");
    const lines = [{ level: "info", text: "the tokens of the operators were read again" }];
    assertEquals([status, JSON.parse(text)], [200, { changed: [], kept: [], faults: [], lines }]);
    Deno.removeSync(there.tokenFile);
    const broken = await there.ask("POST", "/reload");
    assertEquals([broken.status, JSON.parse(broken.text).error.code], [409, "not-reloaded"]);
    assertMatch(broken.text, /cannot read the token in/);
    // What there was holds on.
    assertEquals((await there.ask("GET", "/status")).status, 200);
    Deno.writeTextFileSync(there.tokenFile, "another-token-0123456789\n");
    assertEquals((await there.ask("POST", "/reload")).status, 200);
    assertEquals((await there.ask("GET", "/status")).status, 401);
  });
});

Deno.test("what is no JSON, no object, or has other fields is told so, and changes nothing", async () => {
  await AdminWorld.run(async (there) => {
    const send = (body: string) =>
      there.ask("POST", "/kick", undefined, { "Content-Length": String(body.length), "X": "" }, body);
    const cases: readonly [body: string, status: number, code: string][] = [
      ["{", 400, "bad-json"],
      ["[]", 422, "bad-value"],
      ["null", 422, "bad-value"],
      ['"bob"', 422, "bad-value"],
      ["", 422, "bad-value"],
      ['{"name":7}', 422, "bad-value"],
      ['{"nmae":"bob"}', 422, "unknown-field"],
      ['{"__proto__":"bob"}', 422, "unknown-field"],
    ];
    for (const [body, status, code] of cases) {
      const answer = await send(body);
      assertEquals([answer.status, JSON.parse(answer.text).error.code], [status, code], body);
    }
  });
});
