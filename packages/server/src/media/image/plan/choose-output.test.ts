import { describe, expect, test } from "vitest";
import {
  chooseOutput,
  type DeliverySettings,
  defaultDelivery,
  negotiates,
  type OutputContext,
  type OutputParameters,
} from "./choose-output.ts";
import type { SourceFormat } from "./source-facts.ts";

interface Given extends Partial<Pick<OutputContext, "animated" | "withoutAvif">> {
  readonly source?: SourceFormat;
  readonly accept?: "" | "webp" | "avif webp";
  readonly settings?: Partial<DeliverySettings>;
}

function choose(parameters: OutputParameters, given: Given = {}) {
  const { source = "jpeg", accept = "", settings = {}, animated = false, withoutAvif = false } = given;
  return chooseOutput(parameters, {
    facts: {
      format: source,
      size: { width: 1, height: 1 },
      orientation: 1,
      hasAlpha: false,
      isDrawn: source === "png",
      pages: animated ? 2 : 1,
      animation: animated ? { delay: [], loop: 0 } : undefined,
    },
    accepted: { webp: accept.includes("webp"), avif: accept.includes("avif") },
    settings: { ...defaultDelivery, ...settings },
    background: undefined,
    animated,
    withoutAvif,
    rasterAsked: false,
  });
}

const avif = { avif: true };

describe("formats in the order in which they are tried (docs/protocol/delivery.md §9.3)", () => {
  test.each<[string, OutputParameters, Given, readonly string[]]>([
    ["nothing accepted", {}, {}, ["jpeg", "png"]],
    ["WebP accepted", {}, { accept: "webp" }, ["webp", "jpeg", "png"]],
    ["AVIF accepted, account off", {}, { accept: "avif webp" }, ["webp", "jpeg", "png"]],
    ["AVIF accepted, account on", {}, { accept: "avif webp", settings: avif }, ["avif", "webp", "jpeg", "png"]],
    ["no AVIF with cp-true", { keepProfile: true }, { accept: "avif webp", settings: avif }, ["webp", "jpeg", "png"]],
    ["no AVIF with e-usm", {}, { withoutAvif: true, accept: "avif webp", settings: avif }, ["webp", "jpeg", "png"]],
    ["no AVIF of HEIC", {}, { source: "heic", accept: "avif webp", settings: avif }, ["webp", "jpeg", "png"]],
    ["f-avif without the account", { format: "avif" }, {}, ["avif"]],
    ["f-jpg whatever is accepted", { format: "jpeg" }, { accept: "webp" }, ["jpeg"]],
    ["f-orig", { format: "orig" }, { source: "png", accept: "webp" }, ["png"]],
    ["f-orig of what can't be written", { format: "orig" }, { source: "tiff" }, ["jpeg", "png"]],
    ["best format off", {}, { source: "png", accept: "webp", settings: { bestFormat: false } }, ["png"]],
    [
      "best format off, f-auto",
      { format: "auto" },
      { source: "png", settings: { bestFormat: false } },
      ["jpeg", "png"],
    ],
    ["f-gif of a GIF", { format: "gif" }, { source: "gif", accept: "webp" }, ["gif"]],
    ["f-gif of another", { format: "gif" }, { accept: "webp" }, ["webp", "jpeg", "png"]],
    ["f-svg of another", { format: "svg" }, {}, ["jpeg", "png"]],
    ["an animation", {}, { source: "gif", animated: true }, ["gif"]],
    [
      "an animation, WebP accepted",
      {},
      { source: "gif", animated: true, accept: "avif webp", settings: avif },
      ["webp", "gif"],
    ],
    ["a still GIF", {}, { source: "gif" }, ["jpeg", "png"]],
  ])("%s", (_, parameters, given, expected) => {
    expect(choose(parameters, given).formats).toEqual(expected);
  });
});

test("whether caches have to know what the client accepts", () => {
  expect(negotiates(undefined, "jpeg", defaultDelivery)).toBe(true);
  expect(negotiates("auto", "jpeg", { bestFormat: false })).toBe(true);
  expect(negotiates("gif", "jpeg", defaultDelivery)).toBe(true);
  expect(negotiates("gif", "gif", defaultDelivery)).toBe(false);
  expect(negotiates(undefined, "jpeg", { bestFormat: false })).toBe(false);
  expect(negotiates("orig", "jpeg", defaultDelivery)).toBe(false);
});

test("parameters come before what the account says", () => {
  expect(choose({})).toMatchObject({ quality: 80, keep: "nothing", progressive: false, lossless: false });
  expect(choose({}, { settings: { quality: 55, stripProfile: false } })).toMatchObject({
    quality: 55,
    keep: "profile",
  });
  expect(choose({ keepMetadata: true, keepProfile: false })).toMatchObject({ keep: "everything" });
  expect(choose({ keepMetadata: false }, { settings: { stripMetadata: false } })).toMatchObject({ keep: "nothing" });
  expect(choose({ quality: 10, progressive: true, lossless: true })).toMatchObject({
    quality: 10,
    progressive: true,
    lossless: true,
  });
});
