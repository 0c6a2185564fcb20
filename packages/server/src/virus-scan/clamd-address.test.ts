import { expect, test } from "vitest";
import { parseClamdAddress } from "./clamd-address.ts";

test.each([
  ["tcp://127.0.0.1:3310", { host: "127.0.0.1", port: 3310 }],
  ["tcp://clamd", { host: "clamd", port: 3310 }],
  ["tcp://[::1]:99", { host: "::1", port: 99 }],
  ["unix:/run/clamav/clamd.ctl", { path: "/run/clamav/clamd.ctl" }],
  ["unix:///run/clamav/clamd.ctl", { path: "/run/clamav/clamd.ctl" }],
])("%s is where clamd listens", (text, address) => {
  expect(parseClamdAddress(text)).toEqual(address);
});

test.each(["", "127.0.0.1:3310", "unix:clamd.ctl", "tcp://", "tcp://a:0", "tcp://a:70000", "tcp://a/b", "http://a:1"])(
  "%j is refused, naming the setting",
  (text) => {
    expect(() => parseClamdAddress(text)).toThrow("--clamd");
  },
);
