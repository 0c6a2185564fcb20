import { expect, test } from "vitest";
import type { UploadDeps } from "../deps.ts";
import { findUploadThumbnailKey, isStillThere } from "./respond.ts";

test("a pair that may only upload gets no signature, whatever the account says", async () => {
  const database = {
    get reader(): never {
      throw new Error("asked for a key");
    },
  } as unknown as UploadDeps["database"];
  const find = (role: "upload" | "full") => {
    const principal = { accountId: "a", key: { id: "k", role, mayOverwrite: true } };
    return findUploadThumbnailKey({ database, now: () => 0 }, principal, {
      kind: "picture",
      is_private_file: 1,
    });
  };
  expect(await find("upload")).toBeUndefined();
  await expect(find("full")).rejects.toThrow("asked for a key");
});

test("an answer's path is the upload's own until the file moves or gets another version", () => {
  const version = { id: "v", current_version_id: "v", folder_path: "/a", name: "b.jpg" };
  expect(isStillThere(version, { folder_path: "/a", name: "b.jpg" })).toBe(true);
  expect(isStillThere({ ...version, folder_path: "/c" }, version)).toBe(false);
  expect(isStillThere({ ...version, name: "c.jpg" }, version)).toBe(false);
  expect(isStillThere({ ...version, current_version_id: "w" }, version)).toBe(false);
});
