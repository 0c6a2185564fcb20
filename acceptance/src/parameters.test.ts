import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusal } from "./harness/media-api.ts";
import { filePart, type RawPart, textPart, textParts } from "./harness/multipart.ts";
import { basicFor } from "./harness/private-key.ts";
import { png } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { type Answer, basic, mint, post, uploadBasic, uploadWithToken } from "./harness/upload.ts";

let server: RunningServer;
let picture: Buffer;
beforeAll(async () => {
  server = await startServer();
  picture = await png(20, 10);
});
afterAll(() => server?.stop());

type Fields = Readonly<Record<string, string>>;

/** Requests every response field that shows the effect of a parameter. */
const everyField = "tags,customCoordinates,isPrivateFile,isPublished,embeddedMetadata,metadata";
const upload = (fields: Fields) => uploadBasic(server.url, picture, { fileName: "a.png", ...fields });
const invalid = (name: string) => [400, `Your request contains invalid ${name} parameter.`, "PARAMETER_INVALID"];

const optional = {
  useUniqueFileName: "false",
  folder: "/f",
  tags: "t",
  isPrivateFile: "true",
  isPublished: "false",
  customCoordinates: "1,2,3,4",
  responseFields: "tags",
  overwriteFile: "false",
  overwriteAITags: "false",
  overwriteTags: "false",
  overwriteCustomMetadata: "false",
  overwriteDescription: "false",
  description: "d",
  customMetadata: "{}",
  extensions: '[{"name":"remove-bg"}]',
  webhookUrl: "https://example.com/hook",
  transformation: '{"pre":"w-10"}',
  checks: '"file.size" > 0',
} as const;
const booleans = [
  "useUniqueFileName",
  "isPrivateFile",
  "isPublished",
  "overwriteFile",
  "overwriteAITags",
  "overwriteTags",
  "overwriteCustomMetadata",
  "overwriteDescription",
] as const;

function expectDefaults({ status, body }: Answer): void {
  expect(body).toMatchObject({
    name: expect.stringMatching(/^a_[A-Za-z0-9_-]{9,11}\.png$/),
    filePath: `/${body.name}`,
    tags: null,
    customCoordinates: null,
    isPrivateFile: false,
    isPublished: true,
  });
  expect(body).not.toHaveProperty("description");
  expect(status).toBe(200);
}

describe("fileName", () => {
  test("is required, and an empty one is none", async () => {
    const missing = [400, "Your request is missing fileName parameter.", "FILE_NAME_MISSING"];
    expect(refusal(await post(server.url, [filePart(picture)], { authorization: basic }))).toEqual(missing);
    expect(refusal(await uploadBasic(server.url, picture, { fileName: "" }))).toEqual(missing);
    expect(refusal(await uploadWithToken(server.url, picture, { tags: "a" }))).toEqual(missing);
  });

  test("is a name when it is null or undefined, since it is not optional", async () => {
    const fields = { useUniqueFileName: "false" };
    expect((await upload({ ...fields, fileName: "null" })).body.name).toBe("null");
    expect((await upload({ ...fields, fileName: "undefined" })).body.name).toBe("undefined");
  });
});

describe("optional parameters", () => {
  test("that are absent have their defaults", async () => {
    expectDefaults(await upload({ responseFields: everyField }));
    expectDefaults(await uploadWithToken(server.url, picture, { fileName: "a.png", responseFields: everyField }));
  });

  test.each(["", "undefined", "null"])("that are %j count as absent, and are a part of the token", async (text) => {
    const names = Object.keys(optional).filter((name) => name !== "responseFields");
    const fields: Fields = {
      fileName: "a.png",
      responseFields: everyField,
      ...Object.fromEntries(names.map((name) => [name, text])),
    };
    expectDefaults(await uploadBasic(server.url, picture, fields));
    expectDefaults(await uploadWithToken(server.url, picture, fields));
    const { tags: _, ...others } = fields;
    const mismatch = await uploadWithToken(server.url, picture, fields, mint(others));
    expect(refusal(mismatch)).toEqual([
      400,
      "Your request contains invalid payload. It does not match with the payload used to generate token.",
      "PAYLOAD_MISMATCH",
    ]);
  });

  test.each(["", "undefined", "null"])("responseFields that is %j asks for nothing", async (text) => {
    const { status, body } = await upload({ responseFields: text });
    expect(status).toBe(200);
    for (const name of everyField.split(",")) expect(body).not.toHaveProperty(name);
  });

  test("that are given take effect", async () => {
    const { status, body } = await upload({ ...optional, fileName: "given.png", responseFields: everyField });
    expect(body).toMatchObject({
      filePath: "/f/given.png",
      tags: ["t"],
      customCoordinates: "1,2,3,4",
      isPrivateFile: true,
      isPublished: false,
      description: "d",
    });
    expect(status).toBe(200);
  });

  test.each(booleans)("%s is exactly true or false", async (name) => {
    for (const text of ["True", "FALSE", "1", "0", "yes", " true", "true,false"]) {
      expect(refusal(await upload({ [name]: text })), text).toEqual(invalid(name));
    }
    const answers = [await upload({ [name]: "true" }), await upload({ [name]: "false", fileName: `${name}.png` })];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });
});

describe("tags", () => {
  const tagsOf = async (tags: string) => (await upload({ tags, responseFields: "tags" })).body.tags;

  test("are comma-separated, or the text of a JSON array", async () => {
    expect(await tagsOf("red, green,blue")).toEqual(["red", "green", "blue"]);
    expect(await tagsOf('["red","a, b"]')).toEqual(["red", "a, b"]);
    expect(await tagsOf("t-shirt,été,日本")).toEqual(["t-shirt", "été", "日本"]);
  });

  test("have 500 characters in total at most", async () => {
    const halves = ["x".repeat(250), "é".repeat(250)];
    expect(await tagsOf(halves.join(","))).toEqual(halves);
    expect(refusal(await upload({ tags: `${halves.join(",")}y` }))).toEqual(invalid("tags"));
  });

  test("hold no %", async () => {
    expect(refusal(await upload({ tags: "ok,50%" }))).toEqual(invalid("tags"));
  });
});

describe("customCoordinates", () => {
  test.each(["1,2,3", "1,2,3,4,5", "a,b,c,d", "-1,2,3,4", "1.5,2,3,4", "0,0,0,4", "10x10"])(
    "%j is no rectangle",
    async (customCoordinates) => {
      expect(refusal(await upload({ customCoordinates }))).toEqual(invalid("customCoordinates"));
    },
  );

  test("are for images alone", async () => {
    const fields = { fileName: "a.txt", customCoordinates: "1,2,3,4" };
    expect(refusal(await uploadBasic(server.url, "text", fields))).toEqual(invalid("customCoordinates"));
  });
});

describe("responseFields", () => {
  test("are comma-separated, or the text of a JSON array", async () => {
    for (const responseFields of ["tags,isPublished", '["tags","isPublished"]']) {
      const { body } = await upload({ tags: "t", responseFields });
      expect(body).toMatchObject({ tags: ["t"], isPublished: true });
      expect(body).not.toHaveProperty("isPrivateFile");
    }
  });

  test("an unknown field is refused", async () => {
    for (const responseFields of ["colour", "tags,Tags", "fileId"]) {
      expect(refusal(await upload({ responseFields })), responseFields).toEqual(invalid("responseFields"));
    }
  });
});

describe("other fields", () => {
  test("are ignored beside Basic authentication", async () => {
    expect((await upload({ colour: "blue", iat: "1" })).status).toBe(200);
  });

  test("are logged as a warning, once and with the nearest name, when the credentials hold", async () => {
    const colours = "not to be read";
    for (const authorization of [basicFor("private_wrong"), basic, basic]) {
      await uploadBasic(server.url, picture, { fileName: "a.png", responseFeilds: colours }, { authorization });
    }
    expect((await upload({ isPrivatFile: "true" })).status).toBe(200);
    const warnings = () =>
      server
        .output()
        .split("\n")
        .filter((line) => line.includes('"level":40'))
        .map((line) => JSON.parse(line));
    // Each process writes its own lines, so the later one may be read first.
    const warnedOf = () => warnings().map(({ parameter }) => parameter);
    await expect.poll(warnedOf).toEqual(expect.arrayContaining(["responseFeilds", "isPrivatFile"]));
    const told = warnings().filter(({ parameter }) => parameter === "responseFeilds");
    const processes = new Set(told.map((line) => line.process));
    expect(told, "every process warns once").toHaveLength(processes.size);
    expect(told[0]).toMatchObject({ reqId: expect.any(String), nearest: "responseFields" });
    expect(server.output()).not.toContain(colours);
  });

  test("have to be in the token, and are ignored then", async () => {
    const fields = { fileName: "a.png", colour: "blue" };
    expect((await uploadWithToken(server.url, picture, fields)).status).toBe(200);
    const answer = await uploadWithToken(server.url, picture, fields, mint({ fileName: "a.png" }));
    expect(answer.body.reason).toBe("PAYLOAD_MISMATCH");
  });
});

describe("repeated fields", () => {
  const withParts = (parts: readonly RawPart[], authorization?: string) =>
    post(
      server.url,
      [...textParts({ fileName: "a.png" }), ...parts, filePart(picture)],
      authorization === undefined ? {} : { authorization },
    );

  test("tags[] and responseFields[] are lists beside Basic authentication", async () => {
    const parts = [
      textPart("tags[]", "red"),
      textPart("tags[]", "a, b"),
      textPart("responseFields[]", "tags"),
      textPart("responseFields[]", "isPublished"),
    ];
    const { status, body } = await withParts(parts, basic);
    expect(body).toMatchObject({ tags: ["red", "a, b"], isPublished: true });
    expect(status).toBe(200);
    expect((await withParts([textPart("tags[]", "red")], basic)).status).toBe(200);
  });

  test("tags[] beside tags is a tag too many, and beside empty ones all that there are", async () => {
    const both = await withParts([textPart("tags", "a"), textPart("tags[]", "b")], basic);
    expect(refusal(both)).toEqual([
      400,
      "Your request contains the tags parameter more than once.",
      "PARAMETER_REPEATED",
    ]);
    const checks = textPart("checks", '"request.tags" IN ["b"]');
    const parts = [checks, textPart("tags", ""), textPart("tags[]", "b"), textPart("responseFields", "tags")];
    expect((await withParts(parts, basic)).body).toMatchObject({ tags: ["b"] });
  });

  test("tags[] in a token is no other name for tags, which its backend may not want", async () => {
    const names = { "tags[]": "red", responseFields: "tags" };
    const token = textPart("token", mint({ fileName: "a.png", ...names }));
    const { body } = await withParts([...textParts(names), token]);
    expect(body).toMatchObject({ tags: null });
  });

  test("tags[] given twice does not match a token", async () => {
    const token = textPart("token", mint({ fileName: "a.png", "tags[]": "red" }));
    const answer = await withParts([textPart("tags[]", "red"), textPart("tags[]", "red"), token]);
    expect(answer.body.reason).toBe("PAYLOAD_MISMATCH");
  });

  test("tags, responseFields and extensions are lists, and equal the list that a token claims", async () => {
    const parts = [
      textPart("tags", "red"),
      textPart("tags", "blue"),
      textPart("responseFields", "tags"),
      textPart("responseFields", "isPublished"),
    ];
    const stored = { tags: ["red", "blue"], isPublished: true };
    expect((await withParts(parts, basic)).body).toMatchObject(stored);
    const claims = { fileName: "a.png", tags: "red,blue", responseFields: "tags,isPublished" };
    for (const token of [
      [textPart("token", mint(claims)), ...parts],
      [...parts, textPart("token", mint(claims))],
    ]) {
      expect((await withParts(token)).body).toMatchObject(stored);
    }
    const other = await withParts([...parts, textPart("token", mint({ ...claims, tags: "blue,red" }))]);
    expect(other.body.reason).toBe("PAYLOAD_MISMATCH");
    const unknown = [textPart("extensions", '{"name":"a"}'), textPart("extensions", '{"name":"b"}')];
    expect((await withParts(unknown, basic)).body.reason).toBe("EXTENSION_NAME_INVALID");
  });

  test("the metadata that FilePond sends before a file under its name is skipped where there is none", async () => {
    const { body, status } = await post(
      server.url,
      [textPart("file", "{}"), filePart(picture), ...textParts({ fileName: "a.png" })],
      { authorization: basic },
    );
    expect([status, body.size]).toEqual([200, picture.length]);
    const metadata = await post(server.url, [textPart("file", '{"a":1}'), filePart(picture)], { authorization: basic });
    expect(metadata.status).toBe(400);
  });

  test.each(["fileName", "folder", "colour", "colour[]"])("%s given twice is named", async (name) => {
    const answer = await withParts([textPart(name, "x"), textPart(name, "x")], basic);
    expect(refusal(answer)).toEqual([
      400,
      `Your request contains the ${name} parameter more than once.`,
      "PARAMETER_REPEATED",
    ]);
  });
});

test("a text field holds 64 KiB, all of them together 256 KiB", async () => {
  const value = "x".repeat(65_536);
  expect((await upload({ a: value })).status).toBe(200);
  const tooLong = await upload({ a: `${value}x` });
  expect(refusal(tooLong)).toEqual([
    400,
    "Your request contains invalid a parameter. It exceeds 65536 bytes.",
    "PARAMETER_TOO_LARGE",
  ]);
  const tooMany = await upload({ a: value, b: value, c: value, d: value });
  expect([tooMany.status, tooMany.body.reason]).toEqual([400, "FORM_TOO_LARGE"]);
});

test("the first bad parameter is named", async () => {
  const answer = await upload({ folder: "../x", isPublished: "maybe", tags: "%" });
  expect(answer.body.message).toBe("Your request contains invalid value for folder parameter.");
});

test("both endpoints take and refuse the same in server mode", async () => {
  for (const version of [1, 2] as const) {
    const fields = { ...optional, fileName: `v${version}.png`, responseFields: everyField };
    const stored = await uploadBasic(server.url, picture, fields, { version });
    expect(stored.body).toMatchObject({ filePath: `/f/v${version}.png`, tags: ["t"], description: "d" });
    const bad = await uploadBasic(server.url, picture, { fileName: "a.png", isPublished: "no" }, { version });
    expect(refusal(bad)).toEqual(invalid("isPublished"));
  }
});
