import { describePostgres } from "../../database/testing/postgres-database.ts";
import { postgresEngine } from "../../testing/engines.ts";
import { testManyFolders } from "./testing/many-folders.ts";

describePostgres("on PostgreSQL", () => testManyFolders(postgresEngine));
