import type { Database } from "../../database/database.ts";
import type { SpooledFile } from "../../spool/spool-file.ts";
import type { TestEngine } from "../engines.ts";
import { openUploadFixture, type UploadFixture } from "../upload-fixture.ts";
import { Actor } from "./actor.ts";
import { type Control, openControl } from "./control.ts";
import { Footprint } from "./footprint.ts";
import type { History, Node } from "./scenario.ts";
import type { FileNames } from "./statement-footprint.ts";
import { clockResource, openSuspendedPostgres, suspendSqlite } from "./suspended-database.ts";
import { type StoreRecord, suspendStore } from "./suspended-store.ts";

/** One database and one store, with a node for each actor. They are reset in the same place for every interleaving. */
export interface World {
  readonly fixture: UploadFixture;
  readonly control: Control;
  readonly actors: readonly Actor[];
  /** Deletes the data of the previous run and begins a new one. */
  begin(): Promise<Run>;
  close(): Promise<void>;
}

export interface Run {
  readonly history: History;
  /** The objects that were deleted while a version needed them. */
  readonly losses: readonly string[];
  /** The node for the work before the actors' parts. Its steps are not suspended. */
  readonly preparing: Node;
  /** The actors' nodes, in the order of the actors. */
  readonly nodes: readonly Node[];
}

export async function openWorld(engine: TestEngine, names: readonly string[]): Promise<World> {
  const fixture = await openUploadFixture(engine);
  const control = openControl(fixture.config);
  await control.leaveUncounted();
  const actors = names.map((name) => new Actor(name));
  const fileNames: FileNames = new Map();
  const databases = await Promise.all(actors.map((actor) => openDatabaseOf(fixture, actor, fileNames)));
  const preparer = new Actor("before");
  // The files are received once for all runs, because the store links them and leaves them unchanged.
  const receptions = ["H", "other"].map((content) => ({ content, file: fixture.parts.spool.create() }));
  const files = new Map<string, SpooledFile>();
  for (const { content, file } of receptions) {
    await file.write(Buffer.from(content));
    files.set(content, await file.finish());
  }
  // The clock begins in the past, because days go by in these runs and no sweep trusts a clock ahead of the database's.
  const beginning = fixture.time - 20 * fixture.config.limits.sweepGraceMs;
  const objects: StoreRecord["objects"] = new Map();

  async function begin(): Promise<Run> {
    for (const key of objects.keys()) await fixture.parts.blobs.delete(key);
    objects.clear();
    fileNames.clear();
    await control.clear();
    fixture.time = beginning;
    const history: History = { acknowledged: [], admissions: [], told: [], removed: new Set() };
    const losses: string[] = [];
    const store: StoreRecord = {
      objects,
      now: () => fixture.time,
      async onDelete(key) {
        if (await isNeeded(control, key)) losses.push(objects.get(key)?.name ?? key);
        objects.delete(key);
      },
    };
    const makeNode = (actor: Actor, database: Database): Node => ({
      actor,
      fixture,
      fileNames,
      history,
      services: {
        ...fixture.parts,
        config: fixture.config,
        database,
        blobs: suspendStore(fixture.parts.blobs, store, actor),
        now() {
          actor.touched.looks(clockResource);
          return fixture.time;
        },
      },
      spooled: (content) => files.get(content) as SpooledFile,
      async passTime(ms, allowed = () => true) {
        const isFree = () => allowed() && !actors.some(({ inTransaction }) => inTransaction);
        await actor.step(`${ms / 3_600_000} h pass`, new Footprint().changes(clockResource), isFree);
        fixture.time += ms;
      },
    });
    return {
      history,
      losses,
      preparing: makeNode(preparer, fixture.parts.database),
      nodes: actors.map((actor, index) => makeNode(actor, databases[index] as Database)),
    };
  }

  return {
    fixture,
    control,
    actors,
    begin,
    async close() {
      for (const actor of actors) actor.abandon();
      if (fixture.config.databaseUrl !== undefined) await Promise.all(databases.map((database) => database.close()));
      for (const { file } of receptions) await file.discard();
      await control.close();
      await fixture.close();
    },
  };
}

async function openDatabaseOf({ config, parts }: UploadFixture, actor: Actor, fileNames: FileNames): Promise<Database> {
  return config.databaseUrl === undefined
    ? suspendSqlite(parts.database, actor)
    : openSuspendedPostgres(config.databaseUrl, actor, fileNames);
}

async function isNeeded({ connection }: Control, storageKey: string): Promise<boolean> {
  for (const table of ["versions", "trashed_versions"] as const) {
    const version = await connection
      .selectFrom(`${table as "versions"} as versions`)
      .innerJoin("blobs", "blobs.id", "versions.blob_id")
      .select("versions.id")
      .where("blobs.storage_key", "=", storageKey)
      .executeTakeFirst();
    if (version !== undefined) return true;
  }
  return false;
}
