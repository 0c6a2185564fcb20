import { expect, test } from "vitest";
import { parseStorageUrl } from "./storage-url.ts";

test("a bucket alone is Amazon's, with everything else as the AWS variables say", () => {
  expect(parseStorageUrl("s3://my-bucket")).toEqual({
    option: "--storage-url",
    bucket: "my-bucket",
    prefix: "",
    endpoint: undefined,
    region: undefined,
    forcePathStyle: false,
    redirect: false,
  });
});

test("everything can be said in the URL", () => {
  const parameters = "endpoint=https://s3.example.com:9000/&region=eu-west-1&forcePathStyle=true&redirect=true";
  expect(parseStorageUrl(`s3://my.bucket/sluice/files/?${parameters}`)).toEqual({
    option: "--storage-url",
    bucket: "my.bucket",
    prefix: "sluice/files",
    endpoint: "https://s3.example.com:9000",
    region: "eu-west-1",
    forcePathStyle: true,
    redirect: true,
  });
});

test("a service of one's own needs no region", () => {
  expect(parseStorageUrl("s3://bucket?endpoint=http://127.0.0.1:9000").region).toBe("us-east-1");
});

test.each([
  ["bucket", "must be s3://"],
  ["https://bucket.example.com", "must be s3://"],
  ["s3://", "must"],
  ["s3://localhost:9000/bucket", "endpoint"],
  ["s3://bucket#part", "endpoint"],
  ["s3://Bucket_1", "must name a bucket"],
  ["s3://me:secret@bucket", "AWS_ACCESS_KEY_ID"],
  ["s3://bucket//twice", "prefix"],
  ["s3://bucket/sp%20ace", "prefix"],
  ["s3://bucket?pathStyle=true", "unknown parameter"],
  ["s3://bucket?__proto__=secret", "unknown parameter"],
  ["s3://bucket?redirect=true&redirect=true", "twice"],
  ["s3://bucket?redirect=yes", "redirect"],
  ["s3://bucket?forcePathStyle=1", "forcePathStyle"],
  ["s3://bucket?region=eu west", "region"],
  ["s3://bucket?endpoint=ftp://127.0.0.1", "endpoint"],
  ["s3://bucket?endpoint=http://me:secret@127.0.0.1", "endpoint"],
  ["s3://bucket?endpoint=http://127.0.0.1/path", "endpoint"],
  ["s3://bucket?endpoint=127.0.0.1:9000", "endpoint"],
])("%s is refused in a line that names the setting and no secret", (text, problem) => {
  expect(() => parseStorageUrl(text)).toThrow(/^--storage-url [^\n]*$/);
  expect(() => parseStorageUrl(text)).toThrow(problem);
  expect(() => parseStorageUrl(text)).not.toThrow("secret");
});

test("another option that takes such a URL is named instead", () => {
  expect(() => parseStorageUrl("s3://Bucket_1", "--to")).toThrow(/^--to must name a bucket/);
});
