import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningExample, signIn } from "./example.ts";
import { call } from "./media-api.ts";
import { png } from "./samples.ts";

interface TokenRouteBench {
  /** The example, which also names the files. */
  readonly name: string;
  /** The path of the token route. */
  readonly route: string;
  /** The server that takes the uploads. It may start after the tests are declared. */
  readonly sluice: () => { readonly url: string };
  start(): Promise<RunningExample>;
}

/** The promises that the token route of every example keeps, whichever framework it is built on. */
export function describeTokenRoute({ name, route, sluice, start }: TokenRouteBench): void {
  let example: RunningExample;
  let cookie: string;
  beforeAll(async () => {
    example = await start();
    cookie = await signIn(example.url, "ada", "difference");
  });
  afterAll(() => example?.stop());

  const askToken = async (uploadPayload: Readonly<Record<string, string>>, session = cookie, expire?: number) => {
    const response = await fetch(example.url + route, {
      method: "POST",
      headers: { "Content-Type": "application/json", Cookie: session },
      body: JSON.stringify({ uploadPayload, expire }),
    });
    return { status: response.status, ...(await response.json()) };
  };

  const upload = async (token: string, parameters: Readonly<Record<string, string>>, file?: Uint8Array | string) => {
    const form = new FormData();
    form.append("token", token);
    for (const [parameter, value] of Object.entries(parameters)) form.append(parameter, value);
    form.append("file", new Blob([Buffer.from(file ?? (await png()))]));
    const response = await fetch(`${sluice().url}/api/v2/files/upload`, { method: "POST", body: form });
    return { status: response.status, body: await response.json() };
  };

  test("a signed-in user uploads into a folder of their own", async () => {
    const fileName = `${name}.png`;
    const { token, parameters } = await askToken({ fileName, tags: "a,b" });
    const { body } = await upload(token, parameters);
    expect(body.filePath).toMatch(new RegExp(`^/users/ada/${name}_\\S+\\.png$`));
    const { body: listed } = await call(sluice().url, "GET", "/v1/files?path=/users/ada");
    expect(listed).toContainEqual(expect.objectContaining({ fileId: body.fileId, tags: ["a", "b"] }));
    const below = await askToken({ fileName, folder: "/users/ada/holidays" });
    expect((await upload(below.token, below.parameters)).body.filePath).toMatch(/^\/users\/ada\/holidays\//);
  });

  test("whoever is not signed in gets no token", async () => {
    const refused = { status: 401, reason: "NOT_AUTHORIZED" };
    expect(await askToken({ fileName: "a.txt" }, "")).toMatchObject(refused);
    expect(await askToken({ fileName: "a.txt" }, cookie.replace("ada", "grace"))).toMatchObject(refused);
    expect(await askToken({ fileName: "a.txt" }, cookie.slice(0, -1))).toMatchObject(refused);
    expect(await signIn(example.url, "ada", "wrong")).toBe("");
  });

  test("no other site signs its visitors in", async () => {
    const headers = { "Sec-Fetch-Site": "cross-site", "Content-Type": "application/x-www-form-urlencoded" };
    const init = { method: "POST", headers, body: "user=ada&password=difference", redirect: "manual" } as const;
    const response = await fetch(`${example.url}/sign-in`, init);
    expect([response.status, response.headers.getSetCookie()]).toEqual([403, []]);
  });

  test.each([
    "/users/grace",
    "/",
    "/users/ada/../grace",
    "/users/adalbert",
    "users/grace",
    "//users/ada",
    "/users/ada/%2e%2e/grace",
    "/users/ada/…/grace",
    "/users/ada/a.",
  ])("there is no token for the folder %s", async (folder) => {
    expect(await askToken({ fileName: "a.txt", folder })).toMatchObject({ status: 403, reason: "FOLDER_NOT_YOURS" });
  });

  test("a page that sends another folder, or asks for more than it may, is refused", async () => {
    const { token, parameters } = await askToken({ fileName: "a.txt" });
    const sent = await upload(token, { ...parameters, folder: "/users/grace" });
    expect([sent.status, sent.body.reason]).toEqual([400, "PAYLOAD_MISMATCH"]);
    expect(await askToken({ fileName: "a.txt", overwriteFile: "true" })).toMatchObject({
      status: 400,
      reason: "PARAMETER_NOT_ALLOWED",
    });
  });

  test("what is no image is refused, whatever it is called, and so is an image of more than 10 MB", async () => {
    const image = await png();
    const large = Buffer.concat([image, Buffer.alloc(10 * 1024 * 1024)]);
    for (const [file, condition] of [
      ["hello", `"file.mime" : "image/"`],
      [large, `"file.size" <= "10MB"`],
    ] as const) {
      const { token, parameters } = await askToken({ fileName: "a.png", checks: "'file.size' > 0" });
      const { status, body } = await upload(token, parameters, file);
      expect([status, body.reason, body.help]).toEqual([
        400,
        "CHECKS_FAILED",
        `This condition does not hold: ${condition}`,
      ]);
    }
    const { token, parameters } = await askToken({ fileName: "a.png" });
    const { checks, ...without } = parameters;
    expect((await upload(token, without, "hello")).body.reason).toBe("PAYLOAD_MISMATCH");
  });

  test("a token lives two minutes at most, whatever the page asks for", async () => {
    const { token } = await askToken({ fileName: "a.txt" }, cookie, 3600);
    const { iat, exp } = JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
    expect(exp - iat).toBe(120);
  });
}
