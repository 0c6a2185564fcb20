import { describe, expect, test } from "vitest";
import { type CorsOptions, compileCors } from "./cors.ts";

function answer(options: CorsOptions, request: Record<string, string>): Record<string, string> {
  const headers = new Headers();
  compileCors(options)(new Headers(request), headers);
  return Object.fromEntries(headers);
}

const app = "https://app.example";
const preflight = { "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,x-csrf" };

describe("an origin on the list may read the answer", () => {
  test("and no other", () => {
    expect(answer({ origins: [app] }, { Origin: app })).toEqual({ "access-control-allow-origin": app, vary: "Origin" });
    expect(answer({ origins: [app] }, { Origin: "https://evil.example" })).toEqual({ vary: "Origin" });
    expect(answer({ origins: [app] }, { Origin: "https://app.example.evil.example", ...preflight })).toEqual({
      vary: "Origin",
    });
    expect(answer({ origins: [app] }, { Origin: "null" })).toEqual({ vary: "Origin" });
    expect(answer({ origins: [app] }, {})).toEqual({ vary: "Origin" });
  });

  test("with cookies where that is asked for", () => {
    const allowed = answer({ origins: [app], credentials: true }, { Origin: app });
    expect(allowed).toMatchObject({ "access-control-allow-origin": app, "access-control-allow-credentials": "true" });
  });

  test("any origin, where the list is a star", () => {
    expect(answer({ origins: "*" }, { Origin: app })).toEqual({ "access-control-allow-origin": "*" });
  });
});

describe("a preflight", () => {
  test("gets the headers that it asks for", () => {
    expect(answer({ origins: "*" }, { Origin: app, ...preflight })).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "POST, OPTIONS",
      "access-control-allow-headers": "content-type,x-csrf",
      "access-control-max-age": "600",
      vary: "Access-Control-Request-Headers",
    });
  });

  test("gets the headers of the list, where there is one", () => {
    const allowed = answer({ origins: [app], headers: ["X-Csrf"] }, { Origin: app, ...preflight });
    expect(allowed["access-control-allow-headers"]).toBe("X-Csrf");
  });
});

describe("options under which no page, or every page, would get in are refused", () => {
  test.each<[string, unknown]>([
    ["no origins", {}],
    ["an empty list", { origins: [] }],
    ["an origin with a slash at its end", { origins: ["https://app.example/"] }],
    ["an origin with a path", { origins: ["https://app.example/upload"] }],
    ["an origin in upper case", { origins: ["https://APP.example"] }],
    ["a default port, which browsers leave out", { origins: ["https://app.example:443"] }],
    ["a host without scheme", { origins: ["app.example"] }],
    ["a wildcard inside", { origins: ["https://*/"] }],
    ["a star in the list", { origins: ["*"] }],
    ["null", { origins: ["null"] }],
    ["a misspelt member", { origins: "*", origin: "*" }],
    ["cookies from anywhere", { origins: "*", credentials: true }],
    ["a header that is none", { origins: "*", headers: ["X Csrf"] }],
  ])("%s", (_, options) => {
    expect(() => compileCors(options as CorsOptions)).toThrow(TypeError);
  });

  test.each(["http://localhost:3000", "https://xn--bcher-kva.example", "http://[::1]:8080", "capacitor://localhost"])(
    "%s is an origin",
    (origin) => {
      expect(() => compileCors({ origins: [origin] })).not.toThrow();
    },
  );
});
