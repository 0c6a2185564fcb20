import { expect, test } from "vitest";
import type { AssetRow } from "../../database/repositories/assets.ts";
import type { ResponseField } from "../resolve/parameters/table.ts";
import { validate } from "../resolve/validate.ts";
import { ownAnswer, withheldFrom } from "./taken-over.ts";

const keepsAll = {
  overwriteTags: "false",
  overwriteDescription: "false",
  overwriteAITags: "false",
  overwriteCustomMetadata: "false",
};
const requestOf = (fields: Record<string, string> = {}) =>
  validate(new Map(Object.entries({ fileName: "a.jpg", ...fields })));
const keyOf = (role: "full" | "upload") => ({ key: { id: "k", role, mayOverwrite: true } });
const withheld = (fields: Record<string, string>) => withheldFrom(keyOf("upload"), requestOf(fields));

test("from a pair that may only upload, what a new version takes over is withheld, and nothing that it sets", () => {
  expect(withheld({})).toEqual(["isPrivateFile", "isPublished"]);
  expect(withheld({ isPrivateFile: "true", isPublished: "true" })).toEqual([]);
  expect(withheld(keepsAll)).toEqual([
    "tags",
    "description",
    "isPrivateFile",
    "isPublished",
    "AITags",
    "customMetadata",
  ]);
  const own = { tags: "a", description: "b", customMetadata: "{}", isPrivateFile: "false", isPublished: "true" };
  expect(withheld({ ...keepsAll, ...own })).toEqual(["AITags"]);
});

test("nothing is withheld from a pair that may do everything", () => {
  expect(withheldFrom(keyOf("full"), requestOf(keepsAll))).toEqual([]);
});

const fields: ReadonlySet<ResponseField> = new Set(["tags", "customMetadata", "isPrivateFile", "metadata"]);
const stored = {
  number: 2,
  tags: '["old"]',
  description: "old",
  custom_metadata: '{"old":1}',
  ai_tags:
    '[{"name":"Old","confidence":9,"source":"aws-auto-tagging"},{"name":"New","confidence":8,"source":"google-auto-tagging"}]',
} as AssetRow;

test("an answer leaves out what is withheld, and keeps the tags of the upload's own extensions", () => {
  const statuses = { "google-auto-tagging": "success", "aws-auto-tagging": "pending" } as const;
  const own = ownAnswer({ asset: stored, responseFields: fields }, withheld(keepsAll), statuses);
  expect(own.asset).toMatchObject({ tags: null, description: null, custom_metadata: null });
  expect(JSON.parse(own.asset.ai_tags ?? "")).toEqual([{ name: "New", confidence: 8, source: "google-auto-tagging" }]);
  expect([...own.responseFields]).toEqual(["metadata"]);
  const before = ownAnswer({ asset: stored, responseFields: fields }, withheld(keepsAll));
  expect(before.asset.ai_tags).toBeNull();
});

test("a file's first version has taken nothing over, so all of it is answered", () => {
  const first = { asset: { ...stored, number: 1 }, responseFields: fields };
  expect(ownAnswer(first, withheld(keepsAll))).toEqual(first);
  const second = { asset: stored, responseFields: fields };
  expect(ownAnswer(second, [])).toEqual(second);
});
