import { expect, test } from "vitest";
import { resolveConfig } from "../config/resolve-config.ts";
import { parseExtensionEndpoints, parseExtensionSecret } from "./extension-endpoints.ts";

test("each extension has an endpoint of its own", () => {
  expect(parseExtensionEndpoints("remove-bg=https://a.example/x?list=1,2, my-own = http://127.0.0.1:9/")).toEqual({
    "remove-bg": "https://a.example/x?list=1,2",
    "my-own": "http://127.0.0.1:9/",
  });
});

test.each([
  ["", "<name>=<url>"],
  ["https://a.example/", "<name>=<url>"],
  ["saved-extension=https://a.example/", "<name>=<url>"],
  ["Remove=https://a.example/", "<name>=<url>"],
  ["a=ftp://a.example/", "--extension a must be"],
  ["a=https://user:hunter2@a.example/", "--extension a must be"],
  ["a=https://a.example/,a=https://b.example/", "twice"],
])("%j is refused in one line, without what may be secret", (text, hint) => {
  expect(() => parseExtensionEndpoints(text)).toThrow(hint);
  expect(() => parseExtensionEndpoints(text)).not.toThrow("hunter2");
});

test("endpoints need a secret, one that nobody guesses", () => {
  const extensions = { a: "https://a.example/" };
  expect(() => resolveConfig({ extensions })).toThrow("--extension-secret");
  expect(() => parseExtensionSecret("whsec_short")).toThrow("--extension-secret");
  const extensionSecret = parseExtensionSecret("whsec_0123456789abcdef");
  expect(resolveConfig({ extensions, extensionSecret }).extensions.endpoints).toEqual(extensions);
});
