import { afterAll, beforeAll, expect } from "vitest";
import { defaultLimits } from "../../config/limits.ts";
import type { Connection } from "../../database/database.ts";
import { Origins } from "../../endpoints/origins/origins.ts";
import { SealedSecrets } from "../../endpoints/origins/sealed-secrets.ts";
import { UrlEndpoints } from "../../endpoints/url-endpoints/url-endpoints.ts";
import type { DeliveryRouteDeps } from "../../http/routes/delivery.ts";
import { NamedTransformations } from "../../library/named-transformations/named-transformations.ts";
import type { ImageEngine } from "../../media/image/image-engine.ts";
import { type InjectedModels, injectedModels, openImages } from "../../media/testing/open-images.ts";
import { openVideoEngine, type VideoEngine } from "../../media/video/video-engine.ts";
import { rulesOf } from "../../network/testing/rules.ts";
import type { BlobStore } from "../../storage/blob-store.ts";
import { Compressor } from "../content-coding/compressor.ts";
import { Originals } from "../origins/originals.ts";
import { RememberedAnswers } from "../remembered-answers.ts";
import { RenditionCache } from "../renditions/kept/rendition-cache.ts";
import { RenditionFolder } from "../renditions/kept/rendition-folder.ts";
import { type DeliveryServer, type Reply, startDeliveryServer } from "./delivery-server.ts";
import { openStoredLibrary, type StoredLibrary, type StoredVersion, type VersionToStore } from "./stored-library.ts";

type CountedEvent = Parameters<DeliveryRouteDeps["usageCounts"]["count"]>[1];
type Counted = Parameters<DeliveryRouteDeps["usageCounts"]["add"]>;

export interface DeliverySuite {
  readonly library: StoredLibrary;
  readonly server: DeliveryServer;
  /** The id of the account `demo`, whose private key is `private_test`. */
  readonly accountId: string;
  /** A test that replaces a service must restore it. */
  readonly services: { -readonly [Part in keyof DeliveryRouteDeps]: DeliveryRouteDeps[Part] } & {
    videos: VideoEngine;
  };
  /** Stands for the models. A test that changes it must restore it. */
  readonly models: InjectedModels;
  /** The deliveries that were counted, in their order. */
  readonly counts: Counted[];
  /** Uses of the derived image cache that were counted: `cache hit`, `cache miss`. */
  readonly events: string[];
  /** The time in Unix milliseconds. */
  readonly now: number;
  store(version: VersionToStore): Promise<StoredVersion>;
  /** Sends a GET and a HEAD request. The answer to HEAD must be the same without its body. */
  get(target: string, headers?: Record<string, string>): Promise<Reply>;
}

/** Opens a library and a server for all tests of a file. Each test stores files under its own paths. */
export function describeDelivery(
  tests: (suite: () => DeliverySuite) => void,
  openBlobs?: (root: string) => Promise<BlobStore>,
): void {
  let suite: DeliverySuite | undefined;
  let images: ImageEngine | undefined;
  let videos: VideoEngine | undefined;

  beforeAll(async () => {
    const library = await openStoredLibrary(openBlobs);
    const now = Date.UTC(2026, 0, 15, 12);
    const models = injectedModels();
    images = openImages({ concurrency: 1, models });
    const { reader, blobs } = library;
    videos = openVideoEngine({ ffmpeg: "auto", limits: defaultLimits });
    const namedTransformations = new NamedTransformations(reader);
    const derived = new RenditionCache({
      folder: nothingOnDisk,
      memoryBytes: 2 ** 24,
      diskBytes: 0,
      count() {},
      troubled,
    });
    const compressor = new Compressor(defaultLimits);
    const config = { imagekitId: "configured", v1Uploads: undefined, trustProxy: 1, countryHeader: "x-country" };
    const urlEndpoints = new UrlEndpoints(reader);
    const counts: Counted[] = [];
    const events: string[] = [];
    const origins = new Origins(reader);
    const sealedSecrets = new SealedSecrets([Buffer.alloc(32, 1).toString("base64")]);
    const rules = rulesOf();
    const originals = new Originals({
      limits: defaultLimits,
      readHeader: images.readHeader,
      rules,
      derived,
      now: () => now,
    });
    const parts = {
      config,
      database: { reader, run: keepingDetections(library.writer) },
      blobs,
      images,
      videos,
      derived,
      compressor,
      ai: { effects: new Set<never>(), unsigned: false },
      later: { ask: async () => true, forget: () => undefined, wait: async () => undefined },
      urlEndpoints,
      namedTransformations,
      usageCounts: {
        add: (...counted: Counted) => void counts.push(counted),
        count: (_accountId: string, { kind, name }: CountedEvent) => void events.push(`${kind} ${name}`),
      },
    };
    const outside = { origins, originals, sealedSecrets, publicUrl: () => "https://media.example.com" };
    const given = { ...parts, ...outside, now: () => now };
    const services: DeliverySuite["services"] = Object.assign(given, {
      rememberedAnswers: new RememberedAnswers(given),
    });
    const server = await startDeliveryServer(services);
    const accountId = await library.addAccount("demo");
    await library.addKey(accountId, "private_test");
    suite = {
      library,
      server,
      accountId,
      services,
      models,
      counts,
      events,
      now,
      store: (version) => library.store(accountId, version),
      get: (target, headers) => getWithHead(server, target, headers),
    };
  });

  afterAll(async () => {
    await suite?.server.close();
    await images?.close();
    await videos?.close();
    await suite?.library.close();
  });

  tests(() => {
    if (suite === undefined) throw new Error("asked for before it was started");
    return suite;
  });
}

/** Runs the one script of deliveries. */
function keepingDetections(writer: Connection): DeliveryRouteDeps["database"]["run"] {
  return (script, input) => script(writer, input);
}

const nothingOnDisk = new RenditionFolder("/nowhere");

function troubled(error: unknown): never {
  throw error;
}

async function getWithHead(server: DeliveryServer, target: string, headers?: Record<string, string>): Promise<Reply> {
  const got = await server.ask(target, headers);
  const head = await server.ask(target, headers, "HEAD");
  expect(head.status).toBe(got.status);
  expect(head.body.length).toBe(0);
  expect(withoutTime(head)).toEqual(withoutTime(got));
  if (got.headers["content-length"] !== undefined) expect(got.body.length).toBe(Number(got.headers["content-length"]));
  return got;
}

function withoutTime({ headers: { date: _, ...headers } }: Reply) {
  return headers;
}
