import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Account, createAccount, rotateKey } from "./harness/account.ts";
import { deliver, textAt } from "./harness/deliver.ts";
import { call, refusal } from "./harness/media-api.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { type SignOptions, sign } from "./harness/sign.ts";
import { uploadBasic } from "./harness/upload.ts";

let server: RunningServer;
let stranger: Account;
beforeAll(async () => {
  server = await startServer();
  stranger = await createAccount(server.dataDir, "stranger");
});
afterAll(() => server?.stop());

type Fields = Readonly<Record<string, string>>;

async function store(content: string, fields: Fields) {
  const { status, body } = await uploadBasic(server.url, content, { useUniqueFileName: "false", ...fields });
  expect(status).toBe(200);
  return body;
}

const statusOf = async (url: string) => (await deliver(url)).status;
const endpoint = () => `${server.url}/demo`;
const signed = (url: string, options?: SignOptions) => sign(url, endpoint(), keys.privateKey, options);
const named = (url: string, transformation: string) => url.replace("/demo/", `/demo/tr:${transformation}/`);
const seconds = () => Math.floor(Date.now() / 1000);

describe("a signature", () => {
  let url: string;
  beforeEach(async () => {
    ({ url } = await store("secret", { fileName: "signed file.txt", folder: "été", isPrivateFile: "true" }));
  });

  test("opens the URL that it was made for until its time", async () => {
    const inFuture = { until: seconds() + 300 };
    const addresses = [url, `${url}?v=1`, `${url}?tr=orig-true&updatedAt=5`, named(url, "orig-true")];
    for (const address of addresses) {
      for (const options of [{}, inFuture]) {
        const { status, bytes } = await deliver(signed(address, options));
        expect([status, bytes.toString()], address).toEqual([200, "secret"]);
      }
    }
  });

  test("is accepted before its time and in front of other parameters as well", async () => {
    const until = seconds() + 300;
    const [, query] = signed(url, { until }).split("?");
    const [time, signature] = (query ?? "").split("&");
    expect(await statusOf(`${url}?${signature}&${time}`)).toBe(200);
    const withVersion = signed(`${url}?v=1`, { until }).replace(/\?v=1&(.*)$/, "?$1&v=1");
    expect(await statusOf(withVersion)).toBe(200);
  });

  test("that is past, altered, of another key or of another URL opens nothing", async () => {
    const until = seconds() + 300;
    const good = signed(url, { until });
    const bad = [
      signed(url, { until: seconds() - 1 }),
      good.replace(`ik-t=${until}`, `ik-t=${until + 1}`),
      good.replace(/ik-t=\d+&/, ""),
      good.replace("ik-t=", "ik-t=x"),
      good.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
      good.replace(/ik-s=.*/, (text) => text.toUpperCase().replace("IK-S", "ik-s")),
      good.replace(/ik-s=.*/, "ik-s="),
      `${good}&v=1`,
      `${url}?ik-t=${until}`,
      sign(url, endpoint(), "private_other", { until }),
      sign(url, endpoint(), stranger.privateKey, { until }),
      `${url}?${signed(`${endpoint()}/other.txt`, { until }).split("?")[1]}`,
    ];
    for (const address of bad) expect(await statusOf(address), address).toBe(401);
  });

  test("that is wrong is refused for a public file too", async () => {
    const open = await store("open", { fileName: "open.txt" });
    const { status, bytes } = await deliver(`${open.url}?ik-s=${"0".repeat(40)}`);
    expect([status, bytes.toString()]).toEqual([401, "invalid request signature"]);
    expect(await textAt(open.url)).toBe("open");
    expect((await deliver(signed(open.url))).bytes.toString()).toBe("open");
  });
});

describe("signatures that the SDK publishes for the key dummy-key", () => {
  const photo = "sdk-testing-files/future-search.png";
  const hindi = "sdk-testing-files/%E0%A4%B9%E0%A4%BF%E0%A4%A8%E0%A5%8D%E0%A4%A6%E0%A5%80.png";
  const layer =
    "l-text,ie-4KS54KS%2F4KSo4KWN4KSm4KWA,co-red,fs-32,ff-sdk-testing-files@@Poppins-Regular_Q15GrYWmL.ttf,l-end";
  const vectors = [
    [photo, "32dbbbfc5f945c0403c71b54c38e76896ef2d6b0"],
    [hindi, "3fff2f31da1f45e007adcdbe95f88c8c330e743c"],
    [`${hindi}?tr=${layer}`, "ac9f24a03080102555e492185533c1ae6bd93fa7"],
    [`tr:${layer}/${hindi}`, "69f2ecbb7364bbbad24616e1f7f1bac5a560fc71"],
    [`${photo}?version=1.0&cache=false`, "f2e5a1b8b6a0b03fd63789dfc6413a94acef9fd8"],
    [`${photo}?version=2.0&tr=w-300,h-200`, "601d97a7834b7554f4dabf0d3fc3a219ceeb6b31"],
    [`tr:w-300,h-200/${photo}?version=2.0`, "dd1ee8f83d019bc59fd57a5fc4674a11eb8a3496"],
  ] as const;

  let dummy: RunningServer;
  beforeAll(async () => {
    // When a flag is given twice, the last value holds.
    dummy = await startServer({ flags: ["--private-key", "dummy-key"] });
    const authorization = `Basic ${Buffer.from("dummy-key:").toString("base64")}`;
    for (const fileName of ["future-search.png", "\u0939\u093f\u0928\u094d\u0926\u0940.png"]) {
      const fields = { fileName, folder: "sdk-testing-files", useUniqueFileName: "false", isPrivateFile: "true" };
      const { status } = await uploadBasic(dummy.url, "secret", fields, { authorization });
      expect(status).toBe(200);
    }
  });
  afterAll(() => dummy?.stop());

  test.each(vectors)("hold for %s", async (rest, signature) => {
    const url = `${dummy.url}/demo/${rest}${rest.includes("?") ? "&" : "?"}ik-s=${signature}`;
    // Whether a text can be transformed is a different question from who may see it.
    expect(await statusOf(url)).toBeOneOf(rest.includes("tr") ? [200, 400] : [200]);
    expect(await statusOf(url.replace(/.$/, (last) => (last === "0" ? "1" : "0")))).toBe(401);
  });
});

test("keys that were rotated open what they signed until their grace is over", async () => {
  const first = await createAccount(server.dataDir, "rotating");
  const fields = { fileName: "kept.txt", isPrivateFile: "true" };
  const { body } = await uploadBasic(server.url, "secret", fields, { authorization: first.authorization });
  const opened = (by: Account) => statusOf(sign(body.url, `${server.url}/rotating`, by.privateKey));
  const listed = async ({ authorization }: Account) => call(server.url, "GET", "/v1/files", { authorization });
  const second = await rotateKey(server.dataDir, "rotating", "1h");
  expect([await opened(first), await opened(second)]).toEqual([200, 200]);
  expect([(await listed(first)).status, (await listed(second)).status]).toEqual([200, 200]);
  const third = await rotateKey(server.dataDir, "rotating", "0");
  // Servers cache keys for a moment.
  await expect.poll(async () => (await listed(second)).status).toBe(403);
  expect([await opened(first), await opened(second), await opened(third)]).toEqual([401, 401, 200]);
  expect(refusal(await listed(second))).toEqual([
    403,
    "Your request contains expired private API key.",
    "PRIVATE_KEY_EXPIRED",
  ]);
  expect((await listed(third)).status).toBe(200);
});
