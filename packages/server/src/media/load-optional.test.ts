import { expect, test } from "vitest";
import { loadOptional } from "./load-optional.ts";

test("a package that is missing is an error of its own, and not a mistake of the picture or the transformation", async () => {
  const missing = loadOptional(() => import("@sluice/nowhere" as string), "EFONTS", "Install it");
  await expect(missing).rejects.toMatchObject({ name: "MediaError", code: "EFONTS", message: "Install it" });
});

test("a package that is broken is the server's trouble, and one that is there is loaded", async () => {
  const broken = new Error("broken");
  await expect(loadOptional(() => Promise.reject(broken), "EFONTS", "Install it")).rejects.toBe(broken);
  expect(await loadOptional(() => import("@sluice/pages"), "EMISSING", "Install it")).toHaveProperty("pageThread");
});
