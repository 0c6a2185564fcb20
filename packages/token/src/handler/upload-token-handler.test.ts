import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { appendParameters } from "../canonical.ts";
import { matchPayload } from "../match.ts";
import { verifyUploadToken } from "../verify.ts";
import { type UploadTokenHandlerOptions, uploadTokenHandler } from "./upload-token-handler.ts";

const keys = { publicKey: "public_test", privateKey: "private_test" };
const open: UploadTokenHandlerOptions<true> = { keys, authorize: () => true, policy: { refuse: [] } };
const good = { uploadPayload: { fileName: "a.jpg", tags: "x,y" }, expire: 60, publicKey: "public_test" };

const post = (body: unknown, init: RequestInit = {}) =>
  new Request("https://app.example/upload-token", {
    method: "POST",
    body: typeof body === "string" || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body),
    ...init,
  });

interface Answer {
  status: number;
  headers: Headers;
  token: string;
  parameters?: Record<string, string>;
  message: string;
  reason: string;
}

async function ask(overrides: Partial<UploadTokenHandlerOptions<never>>, request: Request): Promise<Answer> {
  const response = await uploadTokenHandler({ ...open, ...overrides } as UploadTokenHandlerOptions<unknown>)(request);
  const text = await response.text();
  return { status: response.status, headers: response.headers, ...(text === "" ? {} : JSON.parse(text)) };
}

// A token of one second, minted late in a second, is valid for a few milliseconds.
beforeAll(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterAll(() => void vi.useRealTimers());

const claimsOf = async ({ token }: Answer) => {
  const verified = await verifyUploadToken(token, { findPrivateKey: () => keys.privateKey, now: Date.now() / 1000 });
  return { ...verified, claims: Object.fromEntries(verified.claims) };
};

describe("the guide's request", () => {
  test("is answered with a token and nothing else", async () => {
    const response = await uploadTokenHandler(open)(post(good));
    expect(response.status).toBe(200);
    expect(response.headers.get("Content-Type")).toContain("application/json");
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expect(await response.json()).toEqual({ token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) });
  });

  test("the token holds exactly the parameters asked for, for exactly that long", async () => {
    const { claims, issuedAt, expiresAt, publicKey } = await claimsOf(await ask({}, post(good)));
    expect(claims).toEqual(good.uploadPayload);
    expect(expiresAt - issuedAt).toBe(60);
    expect(publicKey).toBe("public_test");
  });

  test.each(["application/x-www-form-urlencoded; charset=UTF-8", "text/plain", "multipart/form-data", "image/png"])(
    "is JSON even when it says %s",
    async (contentType) => {
      expect((await ask({}, post(good, { headers: { "Content-Type": contentType } }))).status).toBe(200);
    },
  );

  test.each([1, 3600])("may ask for %i seconds", async (expire) => {
    const { issuedAt, expiresAt } = await claimsOf(await ask({}, post({ ...good, expire })));
    expect(expiresAt - issuedAt).toBe(expire);
  });

  test("two requests of one second get two tokens", async () => {
    const handler = uploadTokenHandler(open);
    const [one, two] = await Promise.all([handler(post(good)), handler(post(good))]);
    expect(await one?.text()).not.toBe(await two?.text());
  });

  test("members that are not part of it are passed over", async () => {
    expect((await ask({}, post({ ...good, callback: "x" }))).status).toBe(200);
  });

  test("the publicKey picks the key pair", async () => {
    const other = { publicKey: "public_other", privateKey: "private_other" };
    const { token } = await ask({ keys: [keys, other] }, post({ ...good, publicKey: "public_other" }));
    const now = Date.now() / 1000;
    await expect(verifyUploadToken(token, { findPrivateKey: () => "private_other", now })).resolves.toBeTruthy();
  });
});

describe("a request that names its parameters alone", () => {
  const { uploadPayload } = good;

  test("is for the first key pair and for a minute", async () => {
    const other = { publicKey: "public_other", privateKey: "private_other" };
    const { publicKey, issuedAt, expiresAt } = await claimsOf(
      await ask({ keys: [keys, other] }, post({ uploadPayload })),
    );
    expect(publicKey).toBe("public_test");
    expect(expiresAt - issuedAt).toBe(60);
  });

  test("is cut down to the policy's lifetime all the same", async () => {
    const policy = { refuse: [], maxLifetime: 20 };
    const { issuedAt, expiresAt } = await claimsOf(await ask({ policy }, post({ uploadPayload })));
    expect(expiresAt - issuedAt).toBe(20);
  });
});

describe("a request that is wrong is refused with what is wrong", () => {
  const payload = (uploadPayload: unknown) => ({ ...good, uploadPayload });
  test.each<[string, unknown, string, string]>([
    ["nothing", "", "BODY_INVALID", "JSON"],
    ["no JSON", "fileName=a", "BODY_INVALID", "JSON"],
    ["an array", [], "BODY_INVALID", "object"],
    ["null", "null", "BODY_INVALID", "object"],
    ["invalid UTF-8", new Uint8Array([0xff]), "BODY_INVALID", "UTF-8"],
    ["no uploadPayload", { expire: 60, publicKey: "public_test" }, "UPLOAD_PAYLOAD_INVALID", "uploadPayload"],
    ["an uploadPayload that is an array", payload([]), "UPLOAD_PAYLOAD_INVALID", "uploadPayload"],
    ["an uploadPayload that is a string", payload("{}"), "UPLOAD_PAYLOAD_INVALID", "uploadPayload"],
    ["a boolean", payload({ fileName: "a", isPrivateFile: true }), "PARAMETER_INVALID", "isPrivateFile"],
    ["a number", payload({ fileName: 5 }), "PARAMETER_INVALID", "fileName"],
    ["null as a value", payload({ fileName: "a", tags: null }), "PARAMETER_INVALID", "tags"],
    [
      "a value that the server refuses",
      payload({ fileName: "a", isPrivateFile: "yes" }),
      "PARAMETER_INVALID",
      "isPrivateFile",
    ],
    ["an array as a value", payload({ fileName: "a", tags: ["x"] }), "PARAMETER_INVALID", "tags"],
    ["file", payload({ fileName: "a", file: "x" }), "PARAMETER_INVALID", "file"],
    ["token", payload({ fileName: "a", token: "x" }), "PARAMETER_INVALID", "token"],
    ["iat", payload({ fileName: "a", iat: "1" }), "PARAMETER_INVALID", "iat"],
    ["exp", payload({ fileName: "a", exp: "1" }), "PARAMETER_INVALID", "exp"],
    ["half of a surrogate pair", payload({ fileName: "a\uD800" }), "PARAMETER_INVALID", "fileName"],
    ["no fileName", payload({ tags: "a" }), "FILE_NAME_MISSING", "fileName"],
    ["an empty fileName", payload({ fileName: "" }), "FILE_NAME_MISSING", "fileName"],
    ["expire 0", { ...good, expire: 0 }, "EXPIRE_INVALID", "1 to 3600"],
    ["expire 3601", { ...good, expire: 3601 }, "EXPIRE_INVALID", "1 to 3600"],
    ["expire as a string", { ...good, expire: "60" }, "EXPIRE_INVALID", "expire"],
    ["expire with a fraction", { ...good, expire: 1.5 }, "EXPIRE_INVALID", "expire"],
    ["expire null", { ...good, expire: null }, "EXPIRE_INVALID", "expire"],
    ["a publicKey that is no string", { ...good, publicKey: 5 }, "PUBLIC_KEY_UNKNOWN", "publicKey"],
    ["an empty publicKey", { ...good, publicKey: "" }, "PUBLIC_KEY_UNKNOWN", "publicKey"],
    ["an unknown publicKey", { ...good, publicKey: "public_x" }, "PUBLIC_KEY_UNKNOWN", "public_x"],
    ["__proto__ as publicKey", { ...good, publicKey: "__proto__" }, "PUBLIC_KEY_UNKNOWN", "__proto__"],
  ])("%s", async (_, body, reason, word) => {
    const answer = await ask({}, post(body));
    expect(answer).toMatchObject({ status: 400, reason, message: expect.stringContaining(word) });
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    expect(answer.token).toBeUndefined();
  });

  test("a body over 64 KiB is refused, one of 64 KiB is not", async () => {
    const padded = (length: number) => JSON.stringify(good) + " ".repeat(length - JSON.stringify(good).length);
    expect((await ask({}, post(padded(65_536)))).status).toBe(200);
    expect(await ask({}, post(padded(65_537)))).toMatchObject({ status: 413, reason: "BODY_TOO_LARGE" });
  });

  test.each(["GET", "PUT", "DELETE", "PATCH", "HEAD"])("%s is not allowed", async (method) => {
    const answer = await ask({}, new Request("https://app.example/upload-token", { method }));
    expect(answer.status).toBe(405);
    expect(answer.headers.get("Allow")).toBe("POST, OPTIONS");
  });
});

describe("authorize says who", () => {
  test.each([undefined, null, false] as const)("%j is a 401, before the body is looked at", async (nobody) => {
    expect(await ask({ authorize: () => nobody }, post("no JSON"))).toMatchObject({
      status: 401,
      reason: "NOT_AUTHORIZED",
    });
  });

  test("a Response is the answer", async () => {
    const authorize = () => Response.json({ message: "Sign in first.", reason: "MINE" }, { status: 403 });
    const answer = await ask({ authorize }, post(good));
    expect(answer).toMatchObject({ status: 403, reason: "MINE" });
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
  });

  test("a redirect, whose headers cannot be changed, too", async () => {
    const answer = await ask({ authorize: () => Response.redirect("https://app.example/login", 303) }, post(good));
    expect(answer.status).toBe(303);
    expect(answer.headers.get("Location")).toBe("https://app.example/login");
  });

  test("a Response may be the answer again and again", async () => {
    const denied = Response.json({ reason: "MINE" }, { status: 403 });
    const handler = uploadTokenHandler({ ...open, authorize: () => denied });
    for (let time = 0; time < 3; time++) expect(await (await handler(post(good))).json()).toEqual({ reason: "MINE" });
  });

  test("so is one of another class, such as a polyfill's: it signs nobody in", async () => {
    const native = Response.json({ reason: "MINE" }, { status: 401 });
    const foreign = Object.create(null, {
      [Symbol.toStringTag]: { value: "Response" },
      clone: { value: () => native.clone() },
      headers: { value: native.headers },
      status: { value: 401 },
    });
    expect(foreign).not.toBeInstanceOf(Response);
    expect(await ask({ authorize: () => foreign }, post(good))).toMatchObject({ status: 401, reason: "MINE" });
    expect(await ask({ policy: () => foreign }, post(good))).toMatchObject({ status: 401, reason: "MINE" });
  });

  test("it may read a clone of the request, and what it returns reaches the policy", async () => {
    const authorize = async (request: Request) => ({
      id: (await request.clone().json()).uploadPayload.fileName.length,
    });
    const handler = uploadTokenHandler({
      keys,
      authorize,
      policy: (user, requested) => ({
        allow: ["fileName"],
        force: { folder: `/users/${user.id}/${requested.fileName}` },
      }),
    });
    const response = await handler(post({ ...good, uploadPayload: { fileName: "a.jpg" } }));
    expect((await response.json()).parameters).toEqual({ fileName: "a.jpg", folder: "/users/5/a.jpg" });
  });

  test.each<[string, Partial<UploadTokenHandlerOptions<never>>]>([
    ["an authorize that throws", { authorize: () => Promise.reject(new Error("secret detail")) }],
    [
      "an authorize that throws at once",
      {
        authorize: () => {
          throw new Error("secret detail");
        },
      },
    ],
    ["an authorize that eats the body", { authorize: async (request) => (await request.text()) as never }],
    ["a policy that throws", { policy: () => Promise.reject(new Error("secret detail")) }],
    ["a policy that returns nonsense", { policy: () => ({ secret: "detail" }) as never }],
  ])("%s is a 500 without details, and onError hears them", async (_, overrides) => {
    const onError = vi.fn();
    const request = post(good);
    const answer = await ask({ ...overrides, onError }, request);
    expect(answer).toMatchObject({ status: 500, reason: "INTERNAL_ERROR", message: "The token could not be made." });
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.any(Error), request);
  });

  test("without onError the console hears them, since nobody else would", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    try {
      const error = new Error("secret detail");
      await ask({ authorize: () => Promise.reject(error) }, post(good));
      await ask({ policy: () => ({ alow: ["fileName"] }) as never }, post(good));
      expect(log.mock.calls).toEqual([
        ["uploadTokenHandler:", error],
        ["uploadTokenHandler:", expect.objectContaining({ message: expect.stringContaining("alow") })],
      ]);
    } finally {
      log.mockRestore();
    }
  });

  test("refusals are none of onError's business", async () => {
    const onError = vi.fn();
    await ask({ onError }, post("no JSON"));
    expect(onError).not.toHaveBeenCalled();
  });
});

describe("policy says what", () => {
  const policy = {
    allow: ["fileName", "tags"],
    force: { folder: "/users/7/", useUniqueFileName: true },
    default: { tags: ["new"] },
    maxLifetime: 30,
  };

  test("the answer's parameters are what the form has to send, and it then matches the token", async () => {
    const answer = await ask({ policy }, post({ ...good, uploadPayload: { fileName: "a.jpg", folder: "/users/8/" } }));
    const expected = { fileName: "a.jpg", folder: "/users/7/", useUniqueFileName: "true", tags: "new" };
    expect(answer.parameters).toEqual(expected);
    const form = new FormData();
    appendParameters(form, answer.parameters ?? {});
    const verified = await claimsOf(answer);
    const fields = [...form].map(([name, value]) => [name, String(value)] as const);
    expect(matchPayload(new Map(Object.entries(verified.claims)), fields)).toBeUndefined();
  });

  test("a longer expire is cut down to the policy's, a shorter one stays", async () => {
    const lifetime = async (expire: number) => {
      const { issuedAt, expiresAt } = await claimsOf(await ask({ policy }, post({ ...good, expire })));
      return expiresAt - issuedAt;
    };
    expect(await lifetime(3600)).toBe(30);
    expect(await lifetime(10)).toBe(10);
  });

  test("a parameter that is not allowed is refused by name", async () => {
    const answer = await ask({ policy }, post({ ...good, uploadPayload: { fileName: "a", webhookUrl: "https://x" } }));
    expect(answer).toMatchObject({
      status: 400,
      reason: "PARAMETER_NOT_ALLOWED",
      message: expect.stringContaining("webhookUrl"),
    });
  });

  test("it may force the fileName", async () => {
    const named = { allow: ["tags"], force: { fileName: "avatar.png" } };
    expect((await ask({ policy: named }, post({ ...good, uploadPayload: {} }))).parameters).toEqual({
      fileName: "avatar.png",
    });
  });

  test("a policy function may answer with a Response of its own", async () => {
    const policy = () => Response.json({ message: "Pictures only.", reason: "MINE" }, { status: 422 });
    expect(await ask({ policy }, post(good))).toMatchObject({ status: 422, reason: "MINE" });
  });

  test("a value with line breaks is signed as a browser's form sends it, and the answer says so", async () => {
    const uploadPayload = { fileName: "a", description: "one\ntwo" };
    const answer = await ask({}, post({ ...good, uploadPayload }));
    expect((await claimsOf(answer)).claims.description).toBe("one\r\ntwo");
    expect(answer.parameters).toEqual({ fileName: "a", description: "one\r\ntwo" });
  });

  test("parameters called like members of Object are parameters", async () => {
    const body = JSON.stringify(good).replace('"fileName"', '"__proto__":"p","constructor":"c","fileName"');
    const answer = await ask({}, post(body));
    const verified = await verifyUploadToken(answer.token, {
      findPrivateKey: () => keys.privateKey,
      now: Date.now() / 1000,
    });
    expect([...verified.claims.keys()]).toEqual(["__proto__", "constructor", "fileName", "tags"]);
    expect(answer.parameters).toBeUndefined();
  });
});

describe("OPTIONS and CORS", () => {
  test("without cors, OPTIONS is answered without asking who, and opens nothing", async () => {
    const authorize = vi.fn();
    const answer = await ask({ authorize }, new Request("https://app.example/t", { method: "OPTIONS" }));
    expect(answer.status).toBe(204);
    expect(answer.headers.get("Allow")).toBe("POST, OPTIONS");
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    expect(answer.headers.has("Access-Control-Allow-Origin")).toBe(false);
    expect(authorize).not.toHaveBeenCalled();
  });

  test.each<[string, Partial<UploadTokenHandlerOptions<never>>, unknown]>([
    ["tokens", {}, good],
    ["refusals", {}, "no JSON"],
    ["a 401", { authorize: () => undefined }, good],
    ["authorize's own answer", { authorize: () => new Response(null, { status: 403 }) }, good],
    ["a 500", { authorize: () => Promise.reject(new Error()) }, good],
  ])("with cors, pages can read %s", async (_, overrides, body) => {
    const answer = await ask({ onError: () => undefined, ...overrides, cors: { origins: "*" } }, post(body));
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("*");
  });
});

describe("a set-up that could not work, or would let everybody in, throws when it is built", () => {
  test.each<[string, object]>([
    ["no keys", { keys: undefined }],
    ["an empty list of keys", { keys: [] }],
    ["an empty private key", { keys: { publicKey: "public_test", privateKey: "" } }],
    ["swapped keys", { keys: { publicKey: "private_test", privateKey: "public_test" } }],
    ["one public key twice", { keys: [keys, keys] }],
    ["no authorize", { authorize: undefined }],
    ["no policy", { policy: undefined }],
    ["a policy that contradicts itself", { policy: { allow: [], refuse: [] } }],
    ["cors with cookies for everybody", { cors: { origins: "*", credentials: true } }],
  ])("%s", (_, wrong) => {
    expect(() => uploadTokenHandler({ ...open, ...wrong })).toThrow(TypeError);
  });
});
