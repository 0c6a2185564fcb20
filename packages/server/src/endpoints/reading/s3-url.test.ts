import { expect, test } from "vitest";
import { signedS3Url } from "./s3-url.ts";

const keys = { accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };
const now = Date.UTC(2013, 4, 24);

test("the signature is that of the example in AWS's documentation", () => {
  const endpoint = new URL("https://s3.amazonaws.com");
  const object = { endpoint, bucket: "examplebucket", pathStyle: false, key: ["test.txt"], region: "us-east-1" };
  const url = signedS3Url(object, keys, now, 86_400);
  expect(url.host).toBe("examplebucket.s3.amazonaws.com");
  expect(url.searchParams.get("X-Amz-Signature")).toBe(
    "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
  );
});

test("the bucket stands in the host or in the path, and the key is encoded as the signature demands", () => {
  const endpoint = new URL("http://127.0.0.1:9000/store");
  const object = { endpoint, bucket: "b", key: ["a b", "ä(1)!*'+~.jpg"], region: "r" };
  const inPath = signedS3Url({ ...object, pathStyle: true }, keys, now);
  expect(inPath.href).toMatch(
    /^http:\/\/127\.0\.0\.1:9000\/store\/b\/a%20b\/%C3%A4%281%29%21%2A%27%2B~\.jpg\?X-Amz-Algorithm=/,
  );
  const hostOf = (host: string, bucket: string) => {
    const named = { ...object, endpoint: new URL(`https://${host}`), bucket, pathStyle: false };
    return signedS3Url(named, keys, now).host;
  };
  expect(hostOf("s3.example.com", "b-1")).toBe("b-1.s3.example.com");
  for (const bucket of ["a.b", "A", "a_b"]) expect(hostOf("s3.example.com", bucket)).toBe("s3.example.com");
  for (const host of ["127.0.0.1:9000", "[2001:db8::1]"]) expect(hostOf(host, "b")).toBe(host);
  expect(inPath.href).not.toContain(keys.secretKey);
});
