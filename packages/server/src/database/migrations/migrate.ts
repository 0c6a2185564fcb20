import { type Kysely, type Migration, Migrator } from "kysely";
import { noProgress } from "../../observability/progress.ts";
import * as initial from "./0001-initial.ts";
import * as jobs from "./0002-jobs.ts";
import * as uploadOutcomes from "./0003-upload-outcomes.ts";
import * as v1Signatures from "./0004-v1-signatures.ts";
import * as customMetadata from "./0005-custom-metadata.ts";
import * as webhooks from "./0006-webhooks.ts";
import * as delivery from "./0007-delivery.ts";
import * as extensions from "./0008-extensions.ts";
import * as metadataAndStorage from "./0009-metadata-and-storage.ts";
import * as purges from "./0011-purges.ts";
import * as deadLetters from "./0012-dead-letters.ts";
import * as longEvents from "./0013-long-events.ts";
import * as leanJobs from "./0014-lean-jobs.ts";
import * as jobsInOrder from "./0015-jobs-in-order.ts";
import * as customFieldsRevision from "./0016-custom-fields-revision.ts";
import * as accountRevision from "./0017-account-revision.ts";
import * as v1UploadsOff from "./0017-v1-uploads-off.ts";
import * as webhookUrlSecrets from "./0018-webhook-url-secrets.ts";
import * as keptAnswers from "./0019-kept-answers.ts";
import * as pageCounts from "./0020-page-counts.ts";
import type { ColumnTypes } from "./column-types.ts";
import { adoptMigrationTables, migrationTables } from "./migration-tables.ts";

const migrations = {
  "0001-initial": initial,
  "0002-jobs": jobs,
  "0003-upload-outcomes": uploadOutcomes,
  "0004-v1-signatures": v1Signatures,
  "0005-custom-metadata": customMetadata,
  "0006-webhooks": webhooks,
  "0007-delivery": delivery,
  "0008-extensions": extensions,
  "0009-metadata-and-storage": metadataAndStorage,
  "0011-purges": purges,
  "0012-dead-letters": deadLetters,
  "0013-long-events": longEvents,
  "0014-lean-jobs": leanJobs,
  "0015-jobs-in-order": jobsInOrder,
  "0016-custom-fields-revision": customFieldsRevision,
  "0017-account-revision": accountRevision,
  "0017-v1-uploads-off": v1UploadsOff,
  "0018-webhook-url-secrets": webhookUrlSecrets,
  "0019-kept-answers": keptAnswers,
  "0020-page-counts": pageCounts,
} as const;

/**
 * Brings the tables up to this version, under kysely's migration lock.
 * @returns the names of the migrations that ran now
 * @throws when one fails; it has then left nothing behind
 */
export async function migrateToLatest(
  database: Kysely<unknown>,
  types: ColumnTypes,
  progress = noProgress,
): Promise<string[]> {
  const provider = {
    getMigrations: async (): Promise<Record<string, Migration>> =>
      Object.fromEntries(
        Object.entries(migrations).map(([name, { up }]) => [
          name,
          {
            async up(connection: Kysely<unknown>) {
              progress.advance(0, name);
              await up(connection, types);
              progress.advance(1);
            },
          },
        ]),
      ),
  };
  await adoptMigrationTables(database);
  const migrator = new Migrator({ db: database, provider, ...migrationTables });
  await progress.begin("migrating the database", "migrations", async () => {
    const known = await migrator.getMigrations();
    return known.filter(({ executedAt }) => executedAt === undefined).length;
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  return (results ?? []).map((result) => result.migrationName);
}
