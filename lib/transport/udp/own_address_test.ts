import { assertEquals } from "@std/assert";
import { type InterfaceAddress, ownAddressFor } from "./own_address.ts";

const OWN: readonly InterfaceAddress[] = [
  { family: "IPv4", address: "127.0.0.1", cidr: "127.0.0.1/8" },
  { family: "IPv6", address: "::1", cidr: "::1/128" },
  { family: "IPv4", address: "169.254.3.4", cidr: "169.254.3.4/16" },
  { family: "IPv4", address: "192.0.2.7", cidr: "192.0.2.7/24" },
  { family: "IPv4", address: "198.51.100.130", cidr: "198.51.100.130/25" },
  { family: "IPv6", address: "fe80::1", cidr: "fe80::1/64" },
  { family: "IPv6", address: "2001:db8::7", cidr: "2001:db8::7/64" },
  { family: "IPv6", address: "2001:db8:0:1::7", cidr: "2001:db8:0:1::7/64" },
];

Deno.test("a peer on one of our networks reaches us under our address there", () => {
  assertEquals(ownAddressFor("192.0.2.200", OWN), "192.0.2.7");
  assertEquals(ownAddressFor("198.51.100.200", OWN), "198.51.100.130");
  assertEquals(ownAddressFor("2001:db8:0:1::99", OWN), "2001:db8:0:1::7");
  assertEquals(ownAddressFor("2001:db8:0:1:2:3:4:5", OWN), "2001:db8:0:1::7");
});

Deno.test("a peer elsewhere reaches us under the first address that leads out", () => {
  assertEquals(ownAddressFor("198.51.100.1", OWN), "192.0.2.7");
  assertEquals(ownAddressFor("2001:db8:ffff::1", OWN), "2001:db8::7");
});

Deno.test("a peer on this machine reaches us under its loopback", () => {
  assertEquals(ownAddressFor("127.0.0.1", OWN), "127.0.0.1");
  assertEquals(ownAddressFor("127.8.9.1", OWN), "127.0.0.1");
  assertEquals(ownAddressFor("::1", OWN), "::1");
});

Deno.test("without an address of the peer's family there is none", () => {
  assertEquals(ownAddressFor("::1", OWN.filter((one) => one.family === "IPv4")), undefined);
});
