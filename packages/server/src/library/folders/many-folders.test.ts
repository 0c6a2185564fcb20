import { describe } from "vitest";
import { sqliteEngine } from "../../testing/engines.ts";
import { testManyFolders } from "./testing/many-folders.ts";

// On PostgreSQL they take tens of seconds: many-folders.soak.ts.
describe("on SQLite", () => testManyFolders(sqliteEngine));
