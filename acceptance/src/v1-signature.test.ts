import { randomBytes, randomUUID } from "node:crypto";
import ImageKit from "@imagekit/nodejs";
import { createV1Signature } from "@sluice/token";
import LegacyImageKit from "imagekit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sluice } from "./harness/command.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { filePart, type RawPart, textPart, textParts } from "./harness/multipart.ts";
import { sluiceInHost } from "./harness/program-in-host.ts";
import { unixTime } from "./harness/raw-token.ts";
import { png } from "./harness/samples.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { post, uploadBasic, uploadWithToken } from "./harness/upload.ts";
import { signV1 } from "./harness/v1-signature.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ flags: ["--v1-uploads"] });
});
afterAll(() => server?.stop());

const file = filePart("hello", "v1.txt");
const send = (parts: readonly RawPart[]) => post(server.url, parts, { version: 1 });
const upload = (credentials: Readonly<Record<string, string>>, fields: Readonly<Record<string, string>> = {}) =>
  send([...textParts({ fileName: "v1.txt", ...fields, ...credentials }), file]);

describe("a V1 signature", () => {
  test("lets an upload in, wherever its fields and the file stand in the form", async () => {
    const { publicKey, ...rest } = signV1();
    expectStored(await send([file, ...textParts({ fileName: "a.txt", ...rest, publicKey })]));
    const { token, ...others } = signV1();
    expectStored(await send([...textParts({ ...others, fileName: "a.txt" }), file, textPart("token", token)]));
  });

  test("locks no parameter: one signature would have been good for any of them", async () => {
    const fields = { fileName: "any.txt", folder: "/chosen/by/client", tags: '["a","b"]', useUniqueFileName: "false" };
    const answer = await upload(signV1(), { ...fields, responseFields: "tags", customCoordinates: "undefined" });
    expectStored(answer);
    expect(answer.body).toMatchObject({ filePath: "/chosen/by/client/any.txt", tags: ["a", "b"] });
  });

  test.each([
    ["createV1Signature of @sluice/token", () => createV1Signature(keys)],
    ["Node v7's getAuthenticationParameters", () => client().helper.getAuthenticationParameters()],
    ["Node v6's getAuthenticationParameters", () => legacyClient().getAuthenticationParameters()],
  ])("made by %s is accepted", async (_, make) => {
    const { token, expire, signature } = await make();
    expectStored(await upload({ publicKey: keys.publicKey, token, expire: String(expire), signature }));
  });

  test("that is another's, or for other values, is refused", async () => {
    const good = signV1();
    for (const change of [
      { signature: signV1({ ...good, privateKey: "private_other" }).signature },
      { signature: good.signature.toUpperCase() },
      { signature: "0".repeat(40) },
      { token: randomUUID() },
      { expire: String(Number(good.expire) + 1) },
    ]) {
      expectRefusal(await upload({ ...good, ...change }), 400, "SIGNATURE_INVALID");
    }
    expectRefusal(await upload({ ...good, publicKey: "public_other" }), 403, "ACCOUNT_NOT_AUTHENTICATED");
    expectStored(await upload(good));
  });

  test("must end in the future and within the hour, and uses nothing up where it does not", async () => {
    const token = randomUUID();
    for (const expire of [unixTime() - 1, unixTime() + 3602, Date.now() + 60_000, "soon", `0${unixTime() + 60}`]) {
      expectRefusal(await upload(signV1({ token, expire: String(expire) })), 400, "EXPIRE_INVALID");
    }
    expectStored(await upload(signV1({ token, expire: String(unixTime() + 3590) })));
  });

  test("is no good for another cut between token and expiry", async () => {
    const digits = randomBytes(20).toString("hex");
    const { expire, ...others } = signV1({ token: `${digits}0` });
    expectStored(await upload({ ...others, expire }));
    expectRefusal(await upload({ ...others, token: digits, expire: `0${expire}` }), 400, "EXPIRE_INVALID");
  });

  test("is no signed URL, and a signed URL's is none of an upload", async () => {
    const secret = { fileName: "secret.txt", folder: "/v1", isPrivateFile: "true", useUniqueFileName: "false" };
    expectStored(await uploadBasic(server.url, "secret", secret));
    const expire = String(unixTime() + 600);
    const url = `${server.url}/demo/v1/secret.txt?ik-t=${expire}&ik-s=${signV1({ token: "v1/secret.txt", expire }).signature}`;
    expect(await (await fetch(url)).text()).toBe("secret");
    const overwriting = await upload(signV1({ token: "v1/secret.txt", expire }), { ...secret, isPrivateFile: "false" });
    expectRefusal(overwriting, 400, "SIGNED_TOKEN_INVALID");

    const token = randomUUID();
    expectStored(await uploadBasic(server.url, "secret", { ...secret, fileName: token, folder: "/" }));
    const { signature } = signV1({ token, expire });
    const opened = await fetch(`${server.url}/demo/${token}?ik-t=${expire}&ik-s=${signature}`);
    expect([opened.status, opened.headers.get("ik-error")]).toEqual([401, expect.stringMatching(/^EAUTH - .*\bV1\b/)]);
    expectRefusal(await upload(signV1({ token, expire })), 400, "SIGNED_TOKEN_INVALID");
  });
});

test("a V1 signature signs no layer, so its upload shows no picture that takes a signed URL", async () => {
  const picture = await png(20, 10);
  expectStored(await uploadBasic(server.url, picture, { fileName: "sealed.png", useUniqueFileName: "false" }));
  const restrict = (to: string) =>
    sluiceInHost(["account", "set", "demo", "--restrict-unsigned-images", to, "--data-dir", server.dataDir]);
  const fields = { fileName: "v1.png", transformation: '{"pre":"l-image,i-sealed.png,l-end"}' };
  const uploadSigned = () => send([...textParts({ ...fields, ...signV1() }), filePart(picture)]);
  expectStored(await uploadSigned());
  expect(await restrict("all")).toMatchObject({ code: 0, stderr: "" });
  try {
    const refused = await uploadSigned();
    expectRefusal(refused, 400, "TRANSFORMATION_INVALID");
    expect(refused.body.help).toContain("pre: Its layers can't show these files of the library");
    expectStored(await uploadWithToken(server.url, picture, fields));
  } finally {
    await restrict("off");
  }
});

describe("the token of a V1 signature", () => {
  test("is used up by its first attempt, a failed one too, and names itself in the refusal", async () => {
    const failed = signV1();
    expectRefusal(await upload(failed, { folder: "/../x" }), 400, "FOLDER_INVALID");
    for (const used of [failed, await store(signV1())]) {
      const answer = await upload(used);
      expectRefusal(answer, 400, "SIGNED_TOKEN_USED");
      expect(answer.headers.get("x-should-retry")).toBe("false");
      expect(answer.body.message).toBe(
        `The token with value '${used.token}' has been used before. We suggest using V4 UUIDs, or another random string with enough entropy to avoid collisions.`,
      );
    }
  });

  test("is not made new by signing it anew with another expiry", async () => {
    const { token } = await store(signV1());
    const again = signV1({ token, expire: String(unixTime() + 1200) });
    expectRefusal(await upload(again), 400, "SIGNED_TOKEN_USED");
  });

  test("presented 100 times at once lets exactly one upload in", async () => {
    const credentials = signV1();
    const answers = await Promise.all(Array.from({ length: 100 }, () => upload(credentials)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 200))
      expectRefusal(answer, 400, "SIGNED_TOKEN_USED");
  });

  test("given twice is refused", async () => {
    const credentials = signV1();
    const twice = [...textParts({ ...credentials, fileName: "a.txt" }), textPart("token", credentials.token), file];
    expectRefusal(await send(twice), 400, "PARAMETER_REPEATED");
  });
});

describe("Node v7 without its Authorization header", () => {
  test("uploads with a signature", async () => {
    const signed = { ...client().helper.getAuthenticationParameters(), publicKey: keys.publicKey };
    const picture = (await png(20, 10)).toString("base64");
    const options = { headers: { Authorization: null } };
    const answer = await client().files.upload({ file: picture, fileName: "sdk.png", ...signed }, options);
    expect(answer).toMatchObject({ fileType: "image", width: 20 });
    const again = client().files.upload({ file: picture, fileName: "sdk.png", ...signed }, options);
    await expect(again).rejects.toThrow(`400 The token with value '${signed.token}' has been used before.`);
  });
});

test("where nobody has switched V1 on, a signature admits nobody, and is told how that is done", async () => {
  const plain = await startServer();
  const { url, dataDir } = plain;
  const uploadThere = () => post(url, [...textParts({ fileName: "v1.txt", ...signV1() }), file], { version: 1 });
  try {
    const refused = await uploadThere();
    expectRefusal(refused, 403, "SIGNATURES_SWITCHED_OFF");
    expect(refused.body.help).toContain("sluice account set demo --v1-uploads on");
    expectStored(await uploadWithToken(url, "hello", { fileName: "token.txt" }));
    for (const version of [1, 2] as const) {
      expectStored(await uploadBasic(url, "hello", { fileName: "basic.txt" }, { version }));
    }
    const set = await sluice(["account", "set", "demo", "--v1-uploads", "on", "--data-dir", dataDir]);
    expect(set).toMatchObject({ code: 0, stderr: "" });
    await expect.poll(async () => (await uploadThere()).status, { timeout: 5000 }).toBe(200);
  } finally {
    await plain.stop();
  }
});

async function store<Credentials extends Readonly<Record<string, string>>>(
  credentials: Credentials,
): Promise<Credentials> {
  expectStored(await upload(credentials));
  return credentials;
}

function client(): ImageKit {
  return new ImageKit({ privateKey: keys.privateKey, baseURL: server.url });
}

function legacyClient(): LegacyImageKit {
  return new LegacyImageKit({ ...keys, urlEndpoint: `${server.url}/demo` });
}
