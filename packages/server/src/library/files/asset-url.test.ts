import { expect, test } from "vitest";
import { assetUrl, signPath, thumbnailOf, thumbnailUrl } from "./asset-url.ts";

const host = "https://media.example.com";

test("a file in the root and one in a folder", () => {
  expect(assetUrl(host, "demo", "/", "a.jpg")).toBe("https://media.example.com/demo/a.jpg");
  expect(assetUrl(host, "demo", "/x/y", "a.jpg")).toBe("https://media.example.com/demo/x/y/a.jpg");
});

const endpoint = { publicUrl: host, imagekitId: "demo" };

test("the thumbnail stands directly behind the endpoint", () => {
  const asset = { folder_path: "/x/y", name: "a.jpg", is_private_file: 1 } as const;
  expect(thumbnailUrl(asset, endpoint)).toBe(`${host}/demo/tr:n-ik_ml_thumbnail/x/y/a.jpg`);
  expect(thumbnailUrl({ ...asset, folder_path: "/" }, endpoint)).toBe(`${host}/demo/tr:n-ik_ml_thumbnail/a.jpg`);
});

test("the thumbnail of a private file is signed where there is a key, and that of a public one never", () => {
  const thumbnailKey = { privateKey: "private_test", until: 1_800_000_000 };
  const signing = { ...endpoint, thumbnailKey };
  const asset = { folder_path: "/x", name: "a b.jpg", is_private_file: 1 } as const;
  const signedAs = (rest: string) => `${host}/demo/${signPath("private_test", rest, 1_800_000_000)}`;
  expect(thumbnailUrl(asset, signing)).toBe(signedAs("tr:n-ik_ml_thumbnail/x/a%20b.jpg"));
  expect(thumbnailOf(asset, signing, "updatedAt=1")).toBe(signedAs("x/a%20b.jpg?updatedAt=1&tr=n-ik_ml_thumbnail"));
  const isPublic = { ...asset, is_private_file: 0 } as const;
  expect(thumbnailUrl(isPublic, signing)).toBe(thumbnailUrl(isPublic, endpoint));
  expect(thumbnailOf(isPublic, signing, "q")).toBe(thumbnailOf(isPublic, endpoint, "q"));
});

test.each([
  ["with space.jpg", "with%20space.jpg"],
  ["हिन्दी.png", "%E0%A4%B9%E0%A4%BF%E0%A4%A8%E0%A5%8D%E0%A4%A6%E0%A5%80.png"],
  ["100%.jpg", "100%25.jpg"],
  ["a#b.jpg", "a%23b.jpg"],
  ["what?.jpg", "what%3F.jpg"],
  ["a&b=c,d:e.jpg", "a%26b%3Dc%2Cd%3Ae.jpg"],
  ["𝒳.jpg", "%F0%9D%92%B3.jpg"],
])("%s is encoded, in the name as in a folder", (name, encoded) => {
  expect(assetUrl(host, "demo", `/${name}/z`, name)).toBe(`${host}/demo/${encoded}/z/${encoded}`);
  expect(new URL(assetUrl(host, "demo", "/", name)).pathname).toBe(`/demo/${encoded}`);
});
