import { expect, test } from "vitest";
import { isLoopbackHost } from "./loopback-host.ts";

test.each([
  ["localhost", true],
  ["localhost:3000", true],
  ["LOCALHOST:3000", true],
  ["127.0.0.1:3000", true],
  ["127.8.9.10", true],
  ["[::1]:3000", true],
  ["[::1]", true],
  ["", false],
  [undefined, false],
  [null, false],
  ["localhost.evil.example", false],
  ["evil.example:3000", false],
  ["127.0.0.1.evil.example", false],
  ["evil-localhost", false],
  ["localhost@evil.example", false],
  ["127.0.0.1:3000, evil.example", false],
  ["localhost:3000/x", false],
  ["10.0.0.1", false],
  ["0.0.0.0:3000", false],
  ["[::2]", false],
])("the host %s is this machine: %s", (host, expected) => {
  expect(isLoopbackHost(host)).toBe(expected);
});
