import type { Operation } from "@sluice/protocol/schemas";
import type { FastifyInstance, HTTPMethods } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAccount } from "../accounts/account-transactions.ts";
import type { Settings } from "../config/settings.ts";
import { everyOperation } from "./openapi/document.ts";
import { openWholeApp, type WholeApp } from "./testing/whole-app.ts";

const origin = "http://localhost:3000";
const own = { host: "localhost:3000", origin, "sec-fetch-site": "same-origin", "x-sluice-console": "1" };
const keys = { publicKey: "public_demo", privateKey: "private_demo" };

type Headers = Readonly<Record<string, string>>;

async function openWith(settings: Partial<Settings> = {}): Promise<WholeApp> {
  const whole = await openWholeApp(settings);
  await whole.parts.database.run(createAccount, { imagekitId: "demo", pair: keys, now: 1 });
  return whole;
}

async function ask(app: FastifyInstance, method: string, url: string, headers: Headers, payload?: string) {
  const answer = await app.inject({ method: method as HTTPMethods, url, headers, ...(payload && { payload }) });
  const reason = answer.body.startsWith("{") ? (JSON.parse(answer.body) as { reason?: string }).reason : undefined;
  return { status: answer.statusCode, reason, cookie: answer.headers["set-cookie"]?.toString(), answer };
}

const signIn = (app: FastifyInstance, headers: Headers = own) =>
  ask(app, "POST", "/_sluice/console/session", headers, JSON.stringify(keys));

async function cookieFrom(app: FastifyInstance, headers: Headers = own): Promise<string> {
  const { cookie, status } = await signIn(app, headers);
  expect(status).toBe(201);
  return cookie?.split(";")[0] ?? "";
}

describe("a session", () => {
  let whole: WholeApp;
  let app: FastifyInstance;
  let cookie: string;
  beforeAll(async () => {
    whole = await openWith({ metricsToken: "0123456789abcdef", extensionSecret: "whsec_0123456789abcdefghijkl" });
    app = whole.app;
    cookie = await cookieFrom(app);
  });
  afterAll(() => whole?.close());

  test("opens the operations whose description says so, and changes nothing about any other", async () => {
    const all: readonly Operation[] = Object.values(everyOperation);
    const opened = all.filter(({ access }) => access.credentials.includes("consoleSession"));
    expect(opened.length).toBeGreaterThan(50);
    for (const { id, method, path, access } of all.filter((one) => one.id !== "sign-out-of-console")) {
      const url = path.replaceAll(/:\w+|\*/g, "0123456789abcdef01234567");
      const without = await ask(app, method, url, own);
      const withCookie = await ask(app, method, url, { ...own, cookie });
      if (access.credentials.includes("consoleSession")) {
        expect([id, without.status, without.reason]).toEqual([id, 401, "CONSOLE_SESSION_MISSING"]);
        expect([id, [401, 403].includes(withCookie.status)], withCookie.answer.body).toEqual([id, false]);
      } else {
        expect([id, withCookie.status, withCookie.reason]).toEqual([id, without.status, without.reason]);
      }
    }
  });

  test("is no credential of an upload, of its outcome, or of a private file", async () => {
    const form = "--b\r\ncontent-disposition: form-data; name=fileName\r\n\r\na.txt\r\n--b--\r\n";
    const headers = { ...own, cookie, "content-type": "multipart/form-data; boundary=b" };
    for (const [path, reason] of [
      ["/api/v2/files/upload", "TOKEN_MISSING"],
      ["/api/v1/files/upload", "SIGNATURE_MISSING"],
    ] as const) {
      expect((await ask(app, "POST", path, headers, form)).reason).toBe(reason);
    }
    const delivered = ["/demo/a.jpg", "/demo/tr:w-1/a.jpg"].map(async (path) => {
      const [plain, signedIn] = await Promise.all([
        ask(app, "GET", path, own),
        ask(app, "GET", path, { ...own, cookie }),
      ]);
      expect(signedIn.status).toBe(plain.status);
    });
    await Promise.all(delivered);
  });

  test("mints no token for what is no request of one", async () => {
    const { status, reason } = await ask(app, "POST", "/_sluice/console/upload-tokens", { ...own, cookie }, "{}");
    expect([status, reason]).toEqual([400, "UPLOAD_PAYLOAD_INVALID"]);
  });

  // Browsers send these with requests that other pages have them send.
  const foreign: readonly [string, Headers, Headers?][] = [
    ["a page elsewhere", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
    ["a page elsewhere in an old browser", { origin: "https://evil.example" }],
    ["a page elsewhere whose browser leaves Origin out", { "sec-fetch-site": "cross-site" }],
    ["another port of this machine", { origin: "http://localhost:4000", "sec-fetch-site": "same-site" }],
    ["another scheme", { origin: "https://localhost:3000", "sec-fetch-site": "same-site" }],
    ["another name of this machine", { origin: "http://127.0.0.1:3000", "sec-fetch-site": "cross-site" }],
    ["a sandboxed file of a user", { origin: "null", "sec-fetch-site": "cross-site" }],
    ["an opaque origin that calls itself the same", { origin: "null", "sec-fetch-site": "same-origin" }],
    ["an address typed in", { "sec-fetch-site": "none" }],
    ["a browser that says nothing", {}],
    ["two origins", { origin: `${origin}, https://evil.example`, "sec-fetch-site": "same-origin" }],
  ];

  test.each(foreign)("is refused to %s", async (_, said) => {
    const headers = { host: "localhost:3000", "x-sluice-console": "1", cookie, ...said };
    const payload = JSON.stringify({ folderName: "forged", parentFolderPath: "/" });
    for (const [method, path] of [
      ["GET", "/v1/files"],
      ["POST", "/v1/folder"],
      ["GET", "/_sluice/console/session"],
      ["DELETE", "/_sluice/console/session"],
    ] as const) {
      const { status, reason } = await ask(app, method, path, headers, method === "POST" ? payload : undefined);
      expect([method, path, status, reason]).toEqual([method, path, 403, "CONSOLE_REQUEST_FOREIGN"]);
    }
    const forced = await signIn(app, headers);
    expect([forced.status, forced.reason, forced.cookie]).toEqual([403, "CONSOLE_REQUEST_FOREIGN", undefined]);
  });

  test("is refused to a form of its own origin, which has no header of the console", async () => {
    const { "x-sluice-console": _, ...form } = { ...own, cookie };
    const answers = [
      await ask(app, "POST", "/v1/folder", form),
      await ask(app, "POST", "/v1/folder", { ...form, "x-sluice-console": "0" }),
    ];
    for (const { status, reason } of answers) expect([status, reason]).toEqual([401, "PRIVATE_KEY_MISSING"]);
    expect((await ask(app, "DELETE", "/_sluice/console/session", form)).reason).toBe("CONSOLE_REQUEST_FOREIGN");
    expect((await signIn(app, form)).reason).toBe("CONSOLE_REQUEST_FOREIGN");
  });

  test("of one spelling is used: one header that says where the page is from is enough", async () => {
    const base = { host: "localhost:3000", "x-sluice-console": "1", cookie };
    expect((await ask(app, "GET", "/v1/files", { ...base, origin })).status).toBe(200);
    expect((await ask(app, "GET", "/v1/files", { ...base, "sec-fetch-site": "same-origin" })).status).toBe(200);
  });

  test("is refused at a name that is rebound to this machine, and at an address beyond it over plain HTTP", async () => {
    for (const host of ["evil.example:3000", "192.168.0.7:3000", "localhost.evil.example", "0.0.0.0:3000"]) {
      const headers = { ...own, host, origin: `http://${host}`, cookie };
      expect((await ask(app, "GET", "/v1/files", headers)).reason).toBe("CONSOLE_NEEDS_HTTPS");
      expect((await signIn(app, headers)).reason).toBe("CONSOLE_NEEDS_HTTPS");
    }
  });

  test("gives way to a private key that is sent as well", async () => {
    const authorization = `Basic ${btoa("private_wrong:")}`;
    const { reason } = await ask(app, "GET", "/v1/files", { ...own, cookie, authorization });
    expect(reason).toBe("ACCOUNT_NOT_AUTHENTICATED");
  });

  test("is no preflight's affair: no page of another origin may send its header", async () => {
    const preflight = {
      origin: "https://evil.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "x-sluice-console",
    };
    for (const path of ["/v1/folder", "/_sluice/console/session", "/_sluice/keys"]) {
      const { status, answer } = await ask(app, "OPTIONS", path, preflight);
      expect([status, answer.headers["access-control-allow-origin"]]).toEqual([404, undefined]);
    }
  });
});

test("another installation's cookie has another name", async () => {
  const [one, other] = await Promise.all([openWith(), openWith()]);
  const names = await Promise.all([one, other].map(async ({ app }) => (await cookieFrom(app)).split("=")[0]));
  expect(new Set(names).size).toBe(2);
  await Promise.all([one.close(), other.close()]);
});

test("without a console there are no sessions, and no routes for them", async () => {
  const whole = await openWith({ console: false });
  try {
    expect((await signIn(whole.app)).reason).toBe("ROUTE_NOT_FOUND");
    expect((await ask(whole.app, "GET", "/v1/files", own)).reason).toBe("PRIVATE_KEY_MISSING");
    expect((await ask(whole.app, "GET", "/_sluice/console/session", own)).reason).toBe("ROUTE_NOT_FOUND");
  } finally {
    await whole.close();
  }
});

/** The beginnings of what is on the console's own origin: the console, the API, and what tells of the server. */
const onOwnOrigin = [
  ...["/console", "/_sluice/console/", "/_sluice/client"],
  ...["/v1/", "/api/", "/_sluice/keys", "/_sluice/trash", "/_sluice/sweep"],
  ...["/_sluice/resumable", "/_sluice/upload-outcome"],
  ...["/_sluice/delivery-switches", "/_sluice/refusals", "/_sluice/token-check", "/_sluice/signed-urls"],
  ...["/_sluice/webhooks", "/_sluice/webhook-attempts", "/_sluice/jobs", "/_sluice/health", "/_sluice/zip-downloads"],
  ...["/health", "/metrics", "/openapi.json", "/robots.txt"],
];

test("every route is on the console's own origin, or says that it is not", async () => {
  const whole = await openWith({ demo: true, extensionSecret: "whsec_0123456789abcdefghijkl" });
  try {
    const pathsOf = (lacking: boolean) => [
      ...new Set(
        whole.routes.filter(({ config }) => (config?.notOnConsoleHost ?? false) === lacking).map(({ url }) => url),
      ),
    ];
    expect(pathsOf(true).sort()).toEqual([
      "/_sluice/delivery",
      "/_sluice/demo",
      "/_sluice/demo/client/:module",
      "/_sluice/demo/icon.svg",
      "/_sluice/demo/token",
      "/_sluice/extensions/:runId/file",
      "/_sluice/previews/:imagekitId/:versionId",
      "/docs",
      "/docs/*",
      "/docs/api",
      "/docs/api/renderer.js",
      "/docs/api/start.js",
    ]);
    const isExpected = (path: string) => onOwnOrigin.some((beginning) => path.startsWith(beginning));
    // The landing page leads to the console. Links of previews are asked for here, and open elsewhere.
    expect(pathsOf(false).filter((path) => !isExpected(path))).toEqual(["/_sluice/previews", "/"]);
  } finally {
    await whole.close();
  }
});

test("on an origin of its own there are the console, its sessions and the API, and nothing that users have uploaded", async () => {
  const settings = { publicUrl: "https://media.example", consoleOrigin: "https://console.example", demo: true };
  const whole = await openWith(settings);
  const { app } = whole;
  try {
    const apart = { ...own, host: "console.example", origin: "https://console.example" };
    const beside = { ...own, host: "media.example", origin: "https://media.example" };
    const cookie = await cookieFrom(app, apart);
    expect(cookie).toMatch(/^__Host-sluice_/);
    const there: readonly [string, number][] = [
      ["/v1/files", 200],
      ["/_sluice/console/session", 200],
      ["/health", 200],
      ["/openapi.json", 200],
      ["/robots.txt", 200],
      ["/_sluice/client.js", 200],
      ["/", 302],
      ["/demo/a.jpg", 404],
      ["/demo/tr:w-1/a.jpg", 404],
      ["/%64emo/a.jpg", 404],
      ["/_sluice/delivery", 404],
      ["/_sluice/demo", 404],
      ["/_sluice/demo/icon.svg", 404],
      ["/docs/", 404],
      ["/docs/errors", 404],
      ["/docs/api", 404],
      ["/_sluice/extensions/0123456789abcdef01234567/file", 404],
      ["/_sluice/nothing", 404],
    ];
    for (const [path, status] of there) {
      const answer = await ask(app, "GET", path, { ...apart, cookie });
      expect([path, answer.status], answer.answer.body).toEqual([path, status]);
      if (status === 404) expect(answer.reason).toBe("ROUTE_NOT_FOUND");
    }
    // The button that frees the room of deleted files is the console's.
    expect((await ask(app, "POST", "/_sluice/sweep", { ...apart, cookie }, "{}")).status).toBe(200);
    expect((await ask(app, "POST", "/_sluice/sweep", { ...beside, cookie }, "{}")).reason).toBe("CONSOLE_ELSEWHERE");
    // Elsewhere there is all but the console.
    expect((await ask(app, "GET", "/v1/files", { ...beside, cookie })).reason).toBe("CONSOLE_ELSEWHERE");
    expect((await signIn(app, beside)).reason).toBe("CONSOLE_ELSEWHERE");
    expect((await ask(app, "GET", "/console/files", beside)).answer.headers.location).toBe(
      "https://console.example/console/files",
    );
    for (const path of ["/", "/_sluice/demo", "/docs/api"])
      expect((await ask(app, "GET", path, beside)).status).toBe(200);
    expect((await ask(app, "GET", "/demo/a.jpg", beside)).reason).not.toBe("ROUTE_NOT_FOUND");
  } finally {
    await whole.close();
  }
});
