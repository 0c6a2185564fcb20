import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { updateAccount } from "../../database/repositories/accounts.ts";
import { signPath } from "../../library/files/asset-url.ts";
import { describeDelivery } from "../testing/delivery-suite.ts";

const key = "private_test";
const opened = "200 secret";
const refused =
  "401 EAUTH - While V1 uploads are on, the signature of this path is one of V1: sign it with a query, such as ?v=1";
const invalid = "401 EAUTH - Invalid request signature";
const over = "401 EAUTH - The time of the signature, ik-t, is over: sign a new URL";

describeDelivery((suite) => {
  const seconds = () => suite().now / 1000;

  /** Stores a private file in the root folder. Texts that V1 accepts as tokens are valid file names. */
  async function secretFile(name: string): Promise<string> {
    await suite().store({ path: `/${name}`, bytes: Buffer.from("secret"), isPrivate: true });
    return name;
  }

  const setV1 = (v1_uploads: 0 | 1) => updateAccount(suite().library.writer, suite().accountId, { v1_uploads });

  afterEach(async () => {
    await setV1(0);
    suite().services.config = { ...suite().services.config, imagekitId: "configured", v1Uploads: undefined };
  });

  /** Presents the signature from the form of a V1 upload as a URL's signature. */
  function withV1Signature(token: string, rest = token, expire = String(seconds() + 600), shown = expire): string {
    const signature = createHmac("sha1", key)
      .update(token + expire)
      .digest("hex");
    return `/demo/${rest}${rest.includes("?") ? "&" : "?"}ik-t=${shown}&ik-s=${signature}`;
  }

  async function answerTo(target: string): Promise<string> {
    const { status, headers, body } = await suite().get(target);
    return `${status} ${headers["ik-error"] ?? body.toString()}`;
  }

  test.each([
    ["a UUID", () => randomUUID()],
    ["a UUID in capitals", () => randomUUID().toUpperCase()],
    ["32 hexadecimal digits", () => randomBytes(16).toString("hex")],
    ["more of them", () => randomBytes(60).toString("hex")],
  ])("the signature of a V1 upload opens no file that is called like its token, %s", async (_, name) => {
    const token = await secretFile(name());
    await setV1(1);
    expect(await answerTo(withV1Signature(token))).toBe(refused);
    expect(await answerTo(`/demo/${signPath(key, token)}`)).toBe(refused);
    const { headers } = await suite().get(withV1Signature(token));
    expect(headers["cache-control"]).toBe("no-store");
  });

  test("nor in any other spelling of the URL, nor cut elsewhere between path and expiry", async () => {
    const token = await secretFile(randomUUID());
    await setV1(1);
    for (const rest of [`${token}?`, `ik-seo/${token}`, `${token}?&`]) {
      expect(await answerTo(withV1Signature(token, rest)), rest).not.toContain(opened);
    }
    for (const rest of [`/${token}`, `./${token}`, `%2e/${token}`, `\\${token}`, `${token}?x`, `%${token}`]) {
      expect(await answerTo(withV1Signature(token, rest)), rest).not.toContain(opened);
    }
    const expire = String(seconds() + 600);
    for (let digits = 1; digits <= expire.length; digits++) {
      const moved = token + expire.slice(0, digits);
      await secretFile(moved);
      expect(await answerTo(withV1Signature(token, moved, expire, expire.slice(digits)))).toBe(
        digits < expire.length ? over : invalid,
      );
      await secretFile(token.slice(0, -digits));
      const longer = token.slice(-digits) + expire;
      expect(await answerTo(withV1Signature(token, token.slice(0, -digits), expire, longer))).toBe(invalid);
    }
  });

  test("such a file is delivered by URLs that V1 signs nothing for, and by all where V1 is off", async () => {
    const token = await secretFile(randomUUID());
    const plain = `/demo/${signPath(key, token, seconds() + 60)}`;
    expect(await answerTo(plain)).toBe(opened);
    await setV1(1);
    expect(await answerTo(plain)).toBe(refused);
    expect(await answerTo(`/demo/${signPath(key, `${token}?v=1`, seconds() + 60)}`)).toBe(opened);
    expect(await answerTo(`/demo/${signPath(key, `tr:orig-true/${token}`)}`)).toBe(opened);
    expect(await answerTo(`/demo/${signPath("private_other", token)}`)).toBe(invalid);
    const elsewhere = await secretFile(`folder/${randomUUID()}`);
    expect(await answerTo(`/demo/${signPath(key, elsewhere)}`)).toBe(opened);
  });

  test("the configuration switches V1 on for the account that it names", async () => {
    const token = await secretFile(randomUUID());
    suite().services.config = { ...suite().services.config, imagekitId: "demo", v1Uploads: true };
    expect(await answerTo(withV1Signature(token))).toBe(refused);
    suite().services.config = { ...suite().services.config, imagekitId: "another", v1Uploads: true };
    expect(await answerTo(withV1Signature(token))).toBe(opened);
  });
});
