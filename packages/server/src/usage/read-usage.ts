import type { AccountUsage, DailyUsage, UsageAnalytics } from "@sluice/protocol/schemas";
import type { Connection } from "../database/database.ts";
import {
  type Days,
  storedBytesBefore,
  storedChangesByDay,
  sumDeliveries,
  sumDeliveriesByDay,
  sumEventsByDay,
  sumExtensionUses,
} from "../database/repositories/usage.ts";
import { dayOf } from "../text/day.ts";
import { type CountedEvent, storedUpload } from "./counted.ts";
import type { UsageCounts } from "./usage-counts.ts";

export interface ReadUsageDeps {
  readonly database: { readonly reader: Connection };
  readonly usageCounts: Pick<UsageCounts, "flush">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}

/** The number of entries of a ranking. */
const maxRanks = 100;

/** Reads what the account has used on these days (docs/protocol/media-api.md §10). */
export async function readUsage(deps: ReadUsageDeps, accountId: string, days: Days): Promise<AccountUsage> {
  const { reader } = deps.database;
  await deps.usageCounts.flush();
  const deliveries = await sumDeliveries(reader, accountId, days);
  const extensions = await sumExtensionUses(reader, accountId, days);
  return {
    bandwidthBytes: sumOf(deliveries, "bytes"),
    mediaLibraryStorageBytes: await storedBytesBefore(reader, accountId, days.before),
    videoProcessingUnitsCount: 0,
    extensionUnitsCount: sumOf(extensions, "operations"),
    originalCacheStorageBytes: 0,
  };
}

/** Reads what the account has delivered on these days, by status and content type. What isn't counted has no entries. */
export async function readAnalytics(deps: ReadUsageDeps, accountId: string, days: Days): Promise<UsageAnalytics> {
  const { reader } = deps.database;
  await deps.usageCounts.flush();
  const deliveries = await sumDeliveries(reader, accountId, days);
  const extensions = await sumExtensionUses(reader, accountId, days);
  const answered = deliveries.filter(({ status, type }) => status < 400 && type !== "");
  const formats = [...Map.groupBy(answered, ({ type }) => type)].map(([name, counts]) => {
    return { name, requestCount: sumOf(counts, "requests"), bandwidthBytes: sumOf(counts, "bytes") };
  });
  const statuses = [...Map.groupBy(deliveries, ({ status }) => status)];
  return {
    startDate: days.from,
    endDate: dayOf(Date.parse(days.before) - 1),
    generatedAt: new Date(deps.now()).toISOString(),
    requestCount: sumOf(deliveries, "requests"),
    bandwidthBytes: sumOf(deliveries, "bytes"),
    statusCodes: statuses
      .map(([status, counts]) => ({ name: String(status), requestCount: sumOf(counts, "requests") }))
      .sort((one, other) => other.requestCount - one.requestCount || one.name.localeCompare(other.name)),
    format: {
      byRequests: rank(formats, "requestCount"),
      byBandwidth: rank(formats, "bandwidthBytes"),
    },
    extensions: extensions.map(({ name, operations }) => ({ name, operationCount: operations })),
    cache: { hitCount: 0, missCount: 0, errorCount: 0 },
    ...notCounted(),
  };
}

/** Reads what happened on each of these days. A day without anything has its zeros, so that every day is there. */
export async function readDailyUsage(deps: ReadUsageDeps, accountId: string, days: Days): Promise<DailyUsage> {
  const { reader } = deps.database;
  await deps.usageCounts.flush();
  const deliveries = byDay(await sumDeliveriesByDay(reader, accountId, days));
  const changes = byDay(await storedChangesByDay(reader, accountId, days));
  const events = byDay(await sumEventsByDay(reader, accountId, days));
  let storedBytes = await storedBytesBefore(reader, accountId, days.from);
  return {
    days: daysOf(days).map((day) => {
      storedBytes += sumOf(changes.get(day) ?? [], "bytes");
      const ofDay = events.get(day) ?? [];
      const counted = ({ kind, name }: CountedEvent | typeof storedUpload) =>
        ofDay.filter((event) => event.kind === kind && event.name === name);
      const uploads = counted(storedUpload);
      const refused = ofDay.filter(({ kind }) => kind === ("refusals" satisfies CountedEvent["kind"]));
      return {
        day,
        uploadCount: sumOf(uploads, "events"),
        uploadBytes: sumOf(uploads, "bytes"),
        storedBytes,
        requestCount: sumOf(deliveries.get(day) ?? [], "requests"),
        bandwidthBytes: sumOf(deliveries.get(day) ?? [], "bytes"),
        cacheHitCount: sumOf(counted({ kind: "cache", name: "hit" }), "events"),
        cacheMissCount: sumOf(counted({ kind: "cache", name: "miss" }), "events"),
        refusals: refused.map(refusalsOf).sort((one, other) => other.count - one.count || compare(one, other)),
      };
    }),
  };
}

type RefusalsOfDay = DailyUsage["days"][number]["refusals"][number];

function refusalsOf({ name, events: count }: { readonly name: string; readonly events: number }): RefusalsOfDay {
  const [kind = "", reason = ""] = name.split("/");
  return { kind: kind as RefusalsOfDay["kind"], reason, count };
}

function compare(one: RefusalsOfDay, other: RefusalsOfDay): number {
  return one.reason.localeCompare(other.reason) || one.kind.localeCompare(other.kind);
}

function byDay<Row extends { readonly day: string }>(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  return Map.groupBy(rows, ({ day }) => day);
}

const dayMs = 24 * 60 * 60 * 1000;

function daysOf({ from, before }: Days): string[] {
  const first = Date.parse(from);
  const count = Math.round((Date.parse(before) - first) / dayMs);
  return Array.from({ length: count }, (_, index) => dayOf(first + index * dayMs));
}

/**
 * The parts of the vendor's report that are not counted here. Most of them would keep what single visitors do: their
 * browsers, countries and referrers.
 */
function notCounted() {
  const ranking = () => ({ byRequests: [], byBandwidth: [] });
  return {
    browser: ranking(),
    country: ranking(),
    device: ranking(),
    errorReasons: [],
    top404Assets: [],
    topImages: ranking(),
    topImageTransforms: ranking(),
    topOtherAssets: ranking(),
    topReferrers: ranking(),
    topUserAgents: ranking(),
    topVideos: ranking(),
    topVideoTransforms: ranking(),
    urlEndpoints: ranking(),
    videoProcessing: [],
  };
}

function rank<Name extends string, Entry extends { readonly name: string } & Readonly<Record<Name, number>>>(
  entries: readonly Entry[],
  by: Name,
): Entry[] {
  return entries.toSorted((one, other) => other[by] - one[by] || one.name.localeCompare(other.name)).slice(0, maxRanks);
}

function sumOf<Name extends string>(counts: readonly Readonly<Record<Name, number>>[], name: Name): number {
  return counts.reduce((sum, count) => sum + count[name], 0);
}
