import { expect, test } from "vitest";
import { violations } from "./check.ts";
import { importsIn } from "./imports.ts";

const file = (path: string, text: string) => ({ path, text, imports: importsIn(text, path) });
const server = "packages/server/src";

test("a file imports from its own folder and from those below", () => {
  const upload = `${server}/upload/store/store.ts`;
  const below =
    'import type { Spool } from "../../spool/spool.ts";\nexport * from "../plan.ts";\nimport sharp from "sharp";';
  expect(violations([file(upload, below)])).toEqual([]);
});

test.each([
  ["a type", `${server}/library/files/file.ts`, 'import type { Upload } from "../../upload/upload.ts";'],
  ["more than one line", `${server}/media/a.ts`, 'import {\n  a,\n  type B,\n} from "../library/b.ts";'],
  ["what is loaded later", `${server}/config/a.ts`, 'await import("../database/b.ts")'],
  ["what is handed on", `${server}/config/a.ts`, 'export { b } from "../database/b.ts";'],
  ["a side effect", `${server}/config/a.ts`, '\nimport "../database/b.ts";'],
  ["a neighbour on the same floor", `${server}/text/a.ts`, 'import { b } from "../concurrency/b.ts";'],
  ["the web framework", `${server}/delivery/a.ts`, 'import type { FastifyRequest } from "fastify";'],
  ["the server's language of SQL", `${server}/http/a.ts`, 'import { sql } from "kysely";'],
  ["the server, from a package below it", "packages/grammar/src/a.ts", 'import { b } from "@sluice/server";'],
])("nothing else: not %s", (_, path, text) => {
  expect(violations([file(path, text)])).toHaveLength(1);
});

test("a folder that has no floor is an error that says where to put it", () => {
  const text = 'import { a } from "../library/a.ts";';
  expect(() => violations([file(`${server}/new/a.ts`, text)])).toThrow("scripts/structure/floors.ts");
});
