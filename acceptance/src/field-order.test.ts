import { afterAll, beforeAll, test } from "vitest";
import { expectStored } from "./harness/expectations.ts";
import { filePart, type RawPart, textPart } from "./harness/multipart.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { basic, mint, post } from "./harness/upload.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

const fields = { fileName: "order.txt", folder: "/order", tags: "a,b", useUniqueFileName: "true" } as const;

type Name = keyof typeof fields | "file" | "token";

const orders: [client: string, order: readonly Name[]][] = [
  ["the guide's page: file, fileName, token last", ["file", "fileName", "token"]],
  ["the unreleased browser client: options as given, token last", ["tags", "file", "fileName", "folder", "token"]],
  [
    "Android and iOS: file, token, fileName, options",
    ["file", "token", "fileName", "useUniqueFileName", "tags", "folder"],
  ],
  ["hand-written clients: payload, token, file", ["fileName", "folder", "tags", "token", "file"]],
  ["hand-written clients: payload, file, token", ["fileName", "folder", "tags", "file", "token"]],
  ["token first", ["token", "fileName", "file", "tags"]],
  ["token between the parameters", ["fileName", "token", "file", "tags"]],
];

function parts(order: readonly Name[]): RawPart[] {
  const signed = Object.fromEntries(Object.entries(fields).filter(([name]) => order.includes(name as Name)));
  return order.map((name) => {
    if (name === "file") return filePart("hello");
    return textPart(name, name === "token" ? mint(signed) : fields[name]);
  });
}

test.each(orders)("%s", async (_client, order) => {
  expectStored(await post(server.url, parts(order)));
});

test("the Node SDK: text fields in option order and the file last, or in between, beside Basic", async () => {
  for (const order of [
    ["fileName", "tags", "folder", "file"],
    ["file", "fileName"],
    ["fileName", "file", "useUniqueFileName", "tags"],
  ] as const) {
    for (const version of [1, 2] as const) {
      expectStored(await post(server.url, parts(order), { authorization: basic, version }));
    }
  }
});
