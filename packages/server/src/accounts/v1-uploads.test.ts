import { expect, test } from "vitest";
import { resolveConfig } from "../config/resolve-config.ts";
import { takesV1Uploads } from "./v1-uploads.ts";

test.each([
  ["nothing", "off", undefined, 0, false],
  ["nothing", "on", undefined, 1, true],
  ["on", "off", true, 0, true],
  ["off", "on", false, 1, false],
] as const)("where the configuration says %s and the account %s", (_config, _account, v1Uploads, own, takes) => {
  const config = resolveConfig({ imagekitId: "mine", ...(v1Uploads !== undefined && { v1Uploads }) });
  expect(takesV1Uploads(config, { imagekit_id: "mine", v1_uploads: own })).toBe(takes);
  expect(takesV1Uploads(config, { imagekit_id: "another", v1_uploads: own })).toBe(own === 1);
});
