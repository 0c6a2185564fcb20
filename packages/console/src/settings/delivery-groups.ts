import type { Answer } from "../api/routes.ts";

export type Switches = Answer<"GET /_sluice/delivery-switches">["switches"];
export type SwitchName = keyof Switches;

/** The control of a switch: it is on or off, one of several values, a number, or a list of lines. */
export type ControlOf =
  | { readonly kind: "flag" }
  | { readonly kind: "choice"; readonly values: readonly string[] }
  | { readonly kind: "number"; readonly min: number; readonly max: number }
  | { readonly kind: "list" };

const flag = { kind: "flag" } as const;
const list = { kind: "list" } as const;
const choice = (...values: readonly string[]) => ({ kind: "choice", values }) as const;
const restriction = choice("off", "except_named", "all");

export const controls = {
  restrictUnsignedImages: restriction,
  restrictUnsignedVideos: restriction,
  privateThumbnails: choice("unsigned", "signed"),
  restrictUnnamed: flag,
  unknownParameters: choice("refuse", "ignore"),
  plainImages: choice("optimised", "original"),
  bestFormat: flag,
  avif: flag,
  quality: { kind: "number", min: 1, max: 100 },
  dataSaver: flag,
  chromaSubsampling: choice("auto", "4:4:4", "4:2:0"),
  pngCompression: choice("lossy", "minimum", "none"),
  stripMetadata: flag,
  stripProfile: flag,
  autoOrient: flag,
  sharedCacheSeconds: { kind: "number", min: 0, max: 31_536_000 },
  referrers: list,
  clientAddresses: list,
  userAgents: list,
  countries: list,
} as const satisfies { readonly [Name in SwitchName]: ControlOf };

/** The switches in the order of the page. */
export const groups = {
  access: [
    "restrictUnsignedImages",
    "restrictUnsignedVideos",
    "privateThumbnails",
    "restrictUnnamed",
    "unknownParameters",
  ],
  pictures: ["plainImages", "bestFormat", "avif", "quality", "dataSaver", "chromaSubsampling", "pngCompression"],
  inside: ["stripMetadata", "stripProfile", "autoOrient"],
  caches: ["sharedCacheSeconds"],
  clients: ["referrers", "clientAddresses", "userAgents", "countries"],
} as const satisfies Readonly<Record<string, readonly SwitchName[]>>;
