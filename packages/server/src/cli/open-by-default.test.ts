import { expect, test } from "vitest";
import { resolveConfig } from "../config/resolve-config.ts";
import type { Settings } from "../config/settings.ts";
import { formerDefaults, openByDefault } from "./open-by-default.ts";

const elsewhere = { host: "0.0.0.0" } as const;
const closed = { ...elsewhere, metricsToken: "metrics-token-for-tests" } as const;
const accounts = { v1Uploads: [], privateThumbnails: [] };
const linesOf = (settings: Settings, open: Partial<Parameters<typeof openByDefault>[1]> = {}) =>
  openByDefault(resolveConfig(settings), { ...accounts, ...open });

test("nothing is said of a server that only its own machine reaches", () => {
  expect(linesOf({ demo: true }, { v1Uploads: ["demo"], privateThumbnails: ["demo"] })).toEqual([]);
  expect(linesOf({ publicUrl: "http://localhost:8080" })).toEqual([]);
  expect(linesOf({ publicUrl: "http://[::1]:8080" })).toEqual([]);
});

test("metrics are open beyond loopback, and behind a proxy, until they have a token", () => {
  expect(linesOf(elsewhere)).toEqual([expect.stringMatching(/^metrics: .*--metrics-token/)]);
  expect(linesOf({ publicUrl: "https://media.example" })).toEqual([expect.stringMatching(/^metrics: /)]);
  expect(linesOf(closed)).toEqual([]);
});

test("metrics on a port of their own are open where that port is reached from elsewhere", () => {
  expect(linesOf({ ...elsewhere, metricsPort: 9464 })).toEqual([]);
  const open = { metricsPort: 9464, metricsHost: "0.0.0.0" } as const;
  expect(linesOf(open)).toEqual([expect.stringMatching(/^metrics: /)]);
  expect(linesOf({ ...open, metricsToken: closed.metricsToken })).toEqual([]);
});

test("the demo is no door: its tokens take the secret of the printed link", () => {
  expect(linesOf({ ...closed, demo: true })).toEqual([]);
});

test("V1 uploads are named with what refuses them, for the configured account and for others", () => {
  const [other = ""] = linesOf(closed, { v1Uploads: ["acme"] });
  expect(other).toMatch(/^V1 uploads: .* into acme; sluice account set acme --v1-uploads off refuses them$/);
  const [own = ""] = linesOf({ ...closed, v1Uploads: true }, { v1Uploads: ["demo"] });
  expect(own).toMatch(/into demo; --no-v1-uploads refuses them$/);
  const [both = ""] = linesOf(closed, { v1Uploads: ["demo", "acme"] });
  expect(both).toMatch(/; --no-v1-uploads and sluice account set acme --v1-uploads off refuses them$/);
});

test("thumbnails of private images and PDFs are named with their accounts, of many only some", () => {
  const [one = ""] = linesOf(closed, { privateThumbnails: ["demo"] });
  expect(one).toMatch(
    /^thumbnails: .* private image or PDF .* in demo; sluice account set demo --private-thumbnails signed /,
  );
  const [many = ""] = linesOf(closed, { privateThumbnails: ["a", "b", "c", "d", "e"] });
  expect(many).toContain("in a, b, c and 2 more; sluice account set <imagekitId> --private-thumbnails signed");
});

test("what accounts of an earlier version keep is one line, with what ends it", () => {
  expect(formerDefaults([])).toEqual([]);
  const [one = ""] = formerDefaults(["demo"]);
  expect(one).toMatch(/in demo, .* sluice account set demo --private-thumbnails signed /);
  expect(formerDefaults(["a", "b", "c", "d"])).toEqual([expect.stringContaining("in a, b, c and 1 more, ")]);
});
