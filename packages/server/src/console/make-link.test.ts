import { expect, test } from "vitest";
import { consoleAddress, takesSessions } from "./make-link.ts";

test.each([
  ["http://127.0.0.1:3000", undefined, "http://127.0.0.1:3000/console", true],
  ["http://0.0.0.0:3000", undefined, "http://127.0.0.1:3000/console", true],
  ["http://[::]:3000", undefined, "http://127.0.0.1:3000/console", true],
  ["http://[::1]:3000", undefined, "http://[::1]:3000/console", true],
  ["http://10.0.0.1:3000", undefined, "http://10.0.0.1:3000/console", false],
  ["http://0.0.0.0.example", undefined, "http://0.0.0.0.example/console", false],
  ["https://media.example", undefined, "https://media.example/console", true],
  ["https://media.example", "https://console.example", "https://console.example/console", true],
])(
  "at %s with the origin %s the console is at %s, and takes sessions there: %s",
  (url, consoleOrigin, address, takes) => {
    expect(consoleAddress({ consoleOrigin }, url)).toBe(address);
    expect(takesSessions(address)).toBe(takes);
  },
);
