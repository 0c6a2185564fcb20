import { expect, test } from "vitest";
import { describePostgres } from "../../database/testing/postgres-database.ts";
import { postgresEngine } from "../engines.ts";
import { contentScenariosOfThree } from "./content-scenarios.ts";
import { runInterleavings } from "./run-interleavings.ts";

/* All interleavings of the scenarios of three actors on PostgreSQL, for which `content.test.ts` has no time. */
describePostgres("every interleaving of three actors on PostgreSQL", () => {
  test.each(Object.entries(contentScenariosOfThree))("%s", { timeout: 610_000 }, async (_, scenario) => {
    expect(await runInterleavings(postgresEngine, scenario, 600_000)).toMatchObject({ complete: true });
  });
});
