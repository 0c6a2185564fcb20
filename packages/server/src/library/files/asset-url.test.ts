import { expect, test } from "vitest";
import { assetUrl, thumbnailUrl } from "./asset-url.ts";

const host = "https://media.example.com";

test("a file in the root and one in a folder", () => {
  expect(assetUrl(host, "demo", "/", "a.jpg")).toBe("https://media.example.com/demo/a.jpg");
  expect(assetUrl(host, "demo", "/x/y", "a.jpg")).toBe("https://media.example.com/demo/x/y/a.jpg");
});

test("the thumbnail stands directly behind the endpoint", () => {
  expect(thumbnailUrl(host, "demo", "/x/y", "a.jpg")).toBe(
    "https://media.example.com/demo/tr:n-ik_ml_thumbnail/x/y/a.jpg",
  );
  expect(thumbnailUrl(host, "demo", "/", "a.jpg")).toBe("https://media.example.com/demo/tr:n-ik_ml_thumbnail/a.jpg");
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
