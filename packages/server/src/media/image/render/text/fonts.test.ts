import { expect, test } from "vitest";
import { loadFonts } from "./fonts.ts";

test("without the package, the error is one of its own, and not a mistake of the transformation", async () => {
  const missing = Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
  await expect(loadFonts(() => Promise.reject(missing))).rejects.toMatchObject({ code: "EFONTS" });
  const broken = new Error("broken");
  await expect(loadFonts(() => Promise.reject(broken))).rejects.toBe(broken);
});
