import { type Kysely, type Migration, Migrator } from "kysely";
import { noProgress } from "../../observability/progress.ts";
import * as schema from "./0001-schema.ts";
import * as folders from "./0002-folders.ts";
import * as catalogue from "./0003-catalogue.ts";
import * as pictureHashes from "./0004-picture-hashes.ts";
import * as keyRoles from "./0005-key-roles.ts";
import * as usage from "./0006-usage.ts";
import * as trash from "./0007-trash.ts";
import * as endpointsAndOrigins from "./0008-endpoints-and-origins.ts";
import * as catalogueAtScale from "./0009-catalogue-at-scale.ts";
import * as uploadSessions from "./0010-upload-sessions.ts";
import * as consoleSessions from "./0011-console-sessions.ts";
import * as usageEvents from "./0012-usage-events.ts";
import * as dominantColors from "./0013-dominant-colors.ts";
import * as webhookExchanges from "./0014-webhook-exchanges.ts";
import * as zipTickets from "./0015-zip-tickets.ts";
import * as backups from "./0016-backups.ts";
import * as pictureDetections from "./0017-picture-detections.ts";
import * as withheldDetails from "./0018-withheld-details.ts";
import * as oneJobQueue from "./0019-one-job-queue.ts";
import * as mediaKinds from "./0020-media-kinds.ts";
import * as jobProgress from "./0021-job-progress.ts";
import * as nodes from "./0022-nodes.ts";
import * as mediaFacts from "./0023-media-facts.ts";
import * as queuedUploads from "./0024-queued-uploads.ts";
import * as mediaFactsSearch from "./0025-media-facts-search.ts";
import * as jobTurns from "./0026-job-turns.ts";
import * as keyNames from "./0027-key-names.ts";
import { countMigrations, EarlierVersionError, isOfEarlierVersion, migrationTables } from "./other-version.ts";
import type { SchemaDialect } from "./schema-dialect.ts";

const migrations = {
  "0001-schema": schema,
  "0002-folders": folders,
  "0003-catalogue": catalogue,
  "0004-picture-hashes": pictureHashes,
  "0005-key-roles": keyRoles,
  "0006-usage": usage,
  "0007-trash": trash,
  "0008-endpoints-and-origins": endpointsAndOrigins,
  "0009-catalogue-at-scale": catalogueAtScale,
  "0010-upload-sessions": uploadSessions,
  "0011-console-sessions": consoleSessions,
  "0012-usage-events": usageEvents,
  "0013-dominant-colors": dominantColors,
  "0014-webhook-exchanges": webhookExchanges,
  "0015-zip-tickets": zipTickets,
  "0016-backups": backups,
  "0017-picture-detections": pictureDetections,
  "0018-withheld-details": withheldDetails,
  "0019-one-job-queue": oneJobQueue,
  "0020-media-kinds": mediaKinds,
  "0021-job-progress": jobProgress,
  "0022-nodes": nodes,
  "0023-media-facts": mediaFacts,
  "0024-queued-uploads": queuedUploads,
  "0025-media-facts-search": mediaFactsSearch,
  "0026-job-turns": jobTurns,
  "0027-key-names": keyNames,
} as const;

/** The names of all migrations, in their order. */
export const migrationNames = Object.keys(migrations);

/**
 * Migrates the tables to this version, or to the named migration, under kysely's migration lock.
 * @returns the names of the migrations that ran now
 * @throws EarlierVersionError; NewerVersionError; and when a migration fails, which has then left nothing behind
 */
export async function migrateToLatest(
  database: Kysely<unknown>,
  dialect: SchemaDialect,
  progress = noProgress,
  last?: string,
): Promise<string[]> {
  const provider = {
    getMigrations: async (): Promise<Record<string, Migration>> =>
      Object.fromEntries(
        Object.entries(migrations).map(([name, { up }]) => [
          name,
          {
            async up(connection: Kysely<unknown>) {
              progress.advance(0, name);
              await up(connection, dialect);
              progress.advance(1);
            },
          },
        ]),
      ),
  };
  if (await isOfEarlierVersion(database, dialect)) throw new EarlierVersionError();
  const executed = await countMigrations(database, dialect, migrationNames);
  // A migrator reads the definitions of all tables first, which is most of the cost of a start on PostgreSQL.
  if (last === undefined && executed === migrationNames.length) return [];
  const migrator = new Migrator({ db: database, provider, ...migrationTables });
  await progress.begin("migrating the database", "migrations", async () => {
    const known = await migrator.getMigrations();
    return known.filter(({ executedAt }) => executedAt === undefined).length;
  });
  const { error, results } = await (last === undefined ? migrator.migrateToLatest() : migrator.migrateTo(last));
  if (error !== undefined) throw error;
  return (results ?? []).map((result) => result.migrationName);
}
