import { expect, test } from "vitest";
import { parseStorageUrl } from "../config/storage-url.ts";
import { placeWithin } from "./store-place.ts";

const prefixWithin = (url: string): unknown => {
  const place = placeWithin({ bucket: parseStorageUrl(url) }, "rows");
  return "bucket" in place && place.bucket.prefix;
};

test("a place within a bucket has a prefix behind the bucket's, without a slash at its ends", () => {
  expect(prefixWithin("s3://bucket")).toBe("rows");
  expect(prefixWithin("s3://bucket/backups/daily/")).toBe("backups/daily/rows");
});

test("a place within a bucket is reached as the bucket is", () => {
  const bucket = parseStorageUrl("s3://bucket/backups?endpoint=http://127.0.0.1:9000&forcePathStyle=true", "--to");
  expect(placeWithin({ bucket }, "rows")).toEqual({ bucket: { ...bucket, prefix: "backups/rows" } });
});

test("a place within a folder is a folder", () => {
  expect(placeWithin({ folder: "/backups" }, "rows")).toEqual({ folder: "/backups/rows" });
});
