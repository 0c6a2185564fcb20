import Fastify from "fastify";
import { expect, test } from "vitest";
import { assertFromConsole } from "./console-request.ts";
import { cookieIn, cookieName, setCookie } from "./console-session.ts";
import { addErrorHandling } from "./errors.ts";

const secure = /^__Host-sluice_id=secret; Path=\/; HttpOnly; SameSite=Strict; Max-Age=60; Secure$/;
const plain = /^sluice_id=secret; Path=\/; HttpOnly; SameSite=Strict; Max-Age=60$/;

interface Server {
  readonly trustProxy?: number;
  readonly publicUrl?: string;
  readonly consoleOrigin?: string;
}

const media = "https://media.example";
const plainMedia = "http://media.example";
const door = "https://console.example";
const forwarded = { "x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.1" };
const apart = { publicUrl: media, consoleOrigin: door };

test.each<[string, Server, string, Readonly<Record<string, string>>, RegExp | string]>([
  ["plain HTTP on this machine", {}, "http://localhost:3000", {}, plain],
  ["plain HTTP on this machine, by address", {}, "http://[::1]:3000", {}, plain],
  ["plain HTTP at a machine of the network", {}, "http://192.168.0.7:3000", {}, "CONSOLE_NEEDS_HTTPS"],
  ["a trusted proxy with HTTPS", { trustProxy: 1 }, media, forwarded, secure],
  [
    "a trusted proxy with HTTPS that has another host",
    { trustProxy: 1 },
    media,
    { ...forwarded, host: "10.0.0.1", "x-forwarded-host": "media.example" },
    secure,
  ],
  ["a trusted proxy with plain HTTP", { trustProxy: 1 }, plainMedia, {}, "CONSOLE_NEEDS_HTTPS"],
  ["a proxy that isn't trusted", {}, media, forwarded, "CONSOLE_NEEDS_HTTPS"],
  ["a public URL with HTTPS, whatever the proxy says", { publicUrl: media }, media, {}, secure],
  ["a page of plain HTTP under that name", { publicUrl: media }, plainMedia, {}, "CONSOLE_REQUEST_FOREIGN"],
  ["another host than the public URL's", { publicUrl: media }, "https://other.example", {}, "CONSOLE_NEEDS_HTTPS"],
  ["a public URL with plain HTTP", { publicUrl: plainMedia }, plainMedia, {}, "CONSOLE_NEEDS_HTTPS"],
  ["HTTPS in front of this machine", { trustProxy: 1 }, "https://localhost", forwarded, secure],
  ["an origin of the console's own", apart, door, {}, secure],
  ["the place of the files beside such an origin", apart, media, {}, "CONSOLE_ELSEWHERE"],
  ["this machine beside such an origin", apart, "http://localhost:3000", {}, "CONSOLE_ELSEWHERE"],
  ["a name that begins like such an origin", apart, "https://console.example.evil.example", {}, "CONSOLE_ELSEWHERE"],
  ["such an origin at another port", apart, "https://console.example:8443", {}, "CONSOLE_ELSEWHERE"],
])("with %s, the cookie is %s", async (_, { trustProxy, publicUrl, consoleOrigin }, origin, more, expected) => {
  const app = Fastify({ ...(trustProxy && { trustProxy: (_address: string, hop: number) => hop < trustProxy }) });
  addErrorHandling(app);
  app.get("/", async (request) => {
    const place = assertFromConsole(request, { publicUrl, consoleOrigin });
    return setCookie(await cookieName({ instance: async () => "id" }, place), "secret", place, 60);
  });
  const headers = { host: new URL(origin).host, origin, "x-sluice-console": "1", ...more };
  const { body } = await app.inject({ method: "GET", url: "/", headers });
  await app.close();
  if (typeof expected === "string") expect(JSON.parse(body).reason).toBe(expected);
  else expect(body).toMatch(expected);
});

test.each([
  ["a=1", "1"],
  ["b=2; a=1; c=3", "1"],
  ["a=1;a=1", "1"],
  ["a=1; a=2", undefined],
  ["__Host-a=1", undefined],
  ["A=1", undefined],
  ["aa=1", undefined],
  ["a", undefined],
  ["", undefined],
  [undefined, undefined],
])("of the header %s the cookie is %s", (header, expected) => {
  expect(cookieIn(header, "a")).toBe(expected);
});
