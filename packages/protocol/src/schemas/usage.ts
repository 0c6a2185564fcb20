import { Type } from "typebox";
import { refusalKinds } from "./refusals.ts";
import type { Shape } from "./shape.ts";

const count = (description: string) => Type.Integer({ minimum: 0, description });

export const UsageQuery = Type.Object({
  startDate: Type.String({ format: "date", description: "The first day, in UTC." }),
  endDate: Type.String({ format: "date", description: "Less than 90 days after the first one." }),
});

export type AccountUsage = Shape<typeof AccountUsage>;
export const AccountUsage = Type.Object({
  bandwidthBytes: count("The bytes of the bodies that delivery URLs were answered with."),
  mediaLibraryStorageBytes: count("The bytes of all versions at the end of the last day."),
  videoProcessingUnitsCount: count("Always 0, since no video is processed."),
  extensionUnitsCount: count("The runs of extensions that have done their work."),
  originalCacheStorageBytes: count("Always 0, since there is no such cache."),
});

const traffic = { requestCount: count("Requests."), bandwidthBytes: count("Bytes of bodies.") };
const counted = (description: string) => Type.Object({ name: Type.String({ description }), ...traffic });

/** @param description says what the entries are named after */
const ranking = (description: string) =>
  Type.Object({ byRequests: Type.Array(counted(description)), byBandwidth: Type.Array(counted(description)) });

const empty = Type.Array(Type.Unknown(), { maxItems: 0, description: "Not counted here, and so always empty." });
const notCounted = Type.Object({ byRequests: empty, byBandwidth: empty });

export type UsageAnalytics = Shape<typeof UsageAnalytics>;
export const UsageAnalytics = Type.Object({
  startDate: Type.String({ format: "date" }),
  endDate: Type.String({ format: "date" }),
  generatedAt: Type.String({ format: "date-time" }),
  requestCount: count("Requests to delivery URLs, refused ones included."),
  bandwidthBytes: count("The bytes of the bodies that they were answered with."),
  statusCodes: Type.Array(
    Type.Object({ name: Type.String({ description: "The HTTP status." }), requestCount: count("Requests.") }),
  ),
  format: ranking("The media type, of answers that are no refusals."),
  extensions: Type.Array(
    Type.Object({ name: Type.String(), operationCount: count("Runs that have done their work.") }),
  ),
  cache: Type.Object(
    { hitCount: count("Always 0."), missCount: count("Always 0."), errorCount: count("Always 0.") },
    { description: "Not counted here: there is no CDN in front that the server knows of." },
  ),
  browser: notCounted,
  country: notCounted,
  device: notCounted,
  errorReasons: empty,
  top404Assets: empty,
  topImages: notCounted,
  topImageTransforms: notCounted,
  topOtherAssets: notCounted,
  topReferrers: notCounted,
  topUserAgents: notCounted,
  topVideos: notCounted,
  topVideoTransforms: notCounted,
  urlEndpoints: notCounted,
  videoProcessing: empty,
});

export type DailyUsage = Shape<typeof DailyUsage>;
export const DailyUsage = Type.Object({
  days: Type.Array(
    Type.Object({
      day: Type.String({ format: "date" }),
      uploadCount: count("Uploads that were stored."),
      uploadBytes: count("The bytes that they were stored with."),
      storedBytes: count("The bytes of all versions at the end of the day."),
      requestCount: count("Requests to delivery URLs, refused ones included."),
      bandwidthBytes: count("The bytes of the bodies that they were answered with."),
      cacheHitCount: count("Derived images and compressed files that were there when they were asked for."),
      cacheMissCount: count("Those that had to be made."),
      refusals: Type.Array(
        Type.Object({
          kind: Type.Enum([...refusalKinds]),
          reason: Type.String(),
          count: count("Requests that were refused so."),
        }),
        { description: "The most frequent first." },
      ),
    }),
    { description: "Every day that was asked for, the first one first." },
  ),
});
