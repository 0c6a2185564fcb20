import { join } from "node:path";
import type { Logger } from "pino";
import { AccountsByKey } from "../accounts/accounts-by-key.ts";
import { KeyUses } from "../accounts/key-uses.ts";
import { closeMs, endedWithin } from "../concurrency/ended-within.ts";
import type { Config } from "../config/config.ts";
import { Compressor } from "../delivery/content-coding/compressor.ts";
import { Originals } from "../delivery/origins/originals.ts";
import { openAiProviders } from "../delivery/renditions/ai/open-ai-providers.ts";
import { openRenditionCache } from "../delivery/renditions/kept/open-rendition-cache.ts";
import { LaterRenditions } from "../delivery/renditions/later/later-renditions.ts";
import { Origins } from "../endpoints/origins/origins.ts";
import { SealedSecrets } from "../endpoints/origins/sealed-secrets.ts";
import { UrlEndpoints } from "../endpoints/url-endpoints/url-endpoints.ts";
import { openExtensionProviders } from "../extensions/open-providers.ts";
import { CustomFields } from "../library/custom-metadata/custom-fields.ts";
import { NamedTransformations } from "../library/named-transformations/named-transformations.ts";
import { isDetectorInstalled } from "../media/detection/installed.ts";
import { createImageEngine } from "../media/image/image-engine.ts";
import { openMediaProcesses } from "../media/processes/local-media-processes.ts";
import type { MediaProcesses } from "../media/processes/media-processes.ts";
import { removeLeftScratchFolders } from "../media/processes/scratch-folder.ts";
import { openVideoEngine } from "../media/video/video-engine.ts";
import { outboundRules } from "../network/outbound-rules.ts";
import { createLogger } from "../observability/logger.ts";
import { createMetrics } from "../observability/metrics.ts";
import { addToStage } from "../observability/request-stages.ts";
import { RecentRefusals } from "../refusals/recent-refusals.ts";
import { Spool } from "../spool/spool.ts";
import { makeDurableFolder } from "../storage/durable-folder.ts";
import { FreeSpace } from "../storage/free-space.ts";
import { timedBlobStore } from "../storage/timed-blob-store.ts";
import { LeaseOwner } from "../upload/resumable/lease-owner.ts";
import { UsageCounts } from "../usage/usage-counts.ts";
import { openScanner } from "../virus-scan/open-scanner.ts";
import { openBlobStore } from "./open-blob-store.ts";
import { openDatabase, refuseEarlierData } from "./open-database.ts";
import type { Services } from "./services.ts";
export type Parts = Pick<
  Services,
  | "database"
  | "accountsByKey"
  | "namedTransformations"
  | "urlEndpoints"
  | "sealedSecrets"
  | "origins"
  | "originals"
  | "customFields"
  | "blobs"
  | "spool"
  | "freeSpace"
  | "images"
  | "videos"
  | "scanner"
  | "extensions"
  | "ai"
  | "later"
  | "derived"
  | "compressor"
  | "metrics"
  | "usageCounts"
  | "leaseOwner"
> & {
  readonly processes: MediaProcesses;
  /** The refusals that this process remembers. */
  readonly refusals: RecentRefusals;
  close(): Promise<void>;
};

type PrepareFolder = (path: string) => Promise<unknown>;

export interface PartsOptions {
  /** Makes the data folder ready before anything is put there. */
  readonly prepareFolder?: PrepareFolder;
  readonly open?: typeof openDatabase;
  /** This process's name in the metrics. */
  readonly process?: string;
  /** The pool of this machine, where another process has it. */
  readonly processes?: MediaProcesses | undefined;
  /** Whether processes that decode are started before they are needed. */
  readonly keepsReady?: boolean;
  /** Without a logger the caches' messages are dropped. */
  readonly logger?: Logger;
  /** Ends the wait for a database or a store that hangs. */
  readonly signal?: AbortSignal | undefined;
  /** Whether this process does the late work of a database that has one writer, and keeps its reserve (`DatabaseOptions`). */
  readonly late?: boolean;
}

/** Opens the parts that keep data, for the server and for the commands that work beside it. */
export async function openParts(
  config: Config,
  {
    prepareFolder = makeDurableFolder,
    open = openDatabase,
    process = "1",
    processes: given,
    keepsReady = false,
    logger,
    signal,
    late,
  }: PartsOptions = {},
): Promise<Parts> {
  const { dataDir } = config;
  let spool: Spool | undefined;
  const metrics = createMetrics(() => spool?.usage() ?? { files: 0, bytes: 0 }, process);
  const onRead = (seconds: number): void => {
    metrics.reads.observe(seconds);
    addToStage("database", 1000 * seconds);
  };
  const { blobs: store, database } = await openStores(
    config,
    prepareFolder,
    () => open(config, { signal, late, logger, onRead }),
    signal,
  );
  const blobs = timedBlobStore(store);
  const processes = given ?? openMediaProcesses({ limits: config.limits });
  if (keepsReady) processes.keepReady();
  try {
    await removeLeftScratchFolders();
    const spoolFolder = join(dataDir, "spool");
    const opened = await Spool.open(spoolFolder);
    spool = opened;
    const images = createImageEngine({ limits: config.limits, processes, detects: isDetectorInstalled() });
    const videos = openVideoEngine(config);
    const extensions = openExtensionProviders({ config, images, spool: opened, now: Date.now });
    const folders = { spool: spoolFolder, database: dataDir };
    const freeSpace =
      blobs.localFolder === undefined
        ? new FreeSpace({ ...folders, blobs: undefined }, { checkStore: () => blobs.check() })
        : new FreeSpace({ ...folders, blobs: blobs.localFolder });
    metrics.watchDisks(() => freeSpace.disks());
    const keyUses = new KeyUses(database);
    const told = logger ?? createLogger("silent");
    const keeping = { database, logger: told, now: Date.now };
    const usageCounts = new UsageCounts(keeping);
    const leaseOwner = new LeaseOwner(keeping, dataDir);
    const scanner = openScanner(config, metrics, logger);
    const compressor = new Compressor(config.limits);
    const derived = openRenditionCache(config, blobs.sharedFiles, metrics, logger);
    const ai = openAiProviders({ config, now: Date.now });
    const rules = outboundRules(config);
    const originals = new Originals({
      readHeader: images.readHeader,
      limits: config.limits,
      rules,
      derived,
      now: Date.now,
      logger,
    });
    return {
      database,
      accountsByKey: new AccountsByKey(database.reader, keyUses),
      origins: new Origins(database.reader),
      originals,
      sealedSecrets: new SealedSecrets(config.secretsKeys),
      urlEndpoints: new UrlEndpoints(database.reader),
      namedTransformations: new NamedTransformations(database.reader),
      customFields: new CustomFields(database.reader),
      blobs,
      spool: opened,
      freeSpace,
      images,
      videos,
      processes,
      extensions,
      ai,
      later: new LaterRenditions(database, config.limits.videoWaitMs),
      scanner,
      derived,
      compressor,
      metrics,
      usageCounts,
      leaseOwner,
      refusals: new RecentRefusals(),
      async close() {
        await originals.close();
        await extensions.close();
        await ai.close();
        await scanner.close();
        await images.close();
        await videos.close();
        await processes.close();
        await compressor.close();
        await derived.close();
        await blobs.close();
        await opened.close();
        // A database that hangs makes each of them wait.
        await Promise.all([endedWithin(closeMs, keyUses.flush()), usageCounts.close()]);
        leaseOwner.close();
        await database.close();
      },
    };
  } catch (error) {
    await processes.close();
    await database.close();
    await blobs.close();
    throw error;
  }
}

/** Opens the remote services before the folder is made, so that a start that fails there leaves no folder behind. */
async function openStores(
  config: Config,
  prepareFolder: PrepareFolder,
  open: () => ReturnType<typeof openDatabase>,
  signal: AbortSignal | undefined,
): Promise<Pick<Services, "blobs" | "database">> {
  let database: Services["database"] | undefined;
  let blobs: Services["blobs"] | undefined;
  try {
    const prepare = async (folder: string): Promise<void> => {
      if (config.databaseUrl === undefined) await refuseEarlierData(config);
      else database = await open();
      await prepareFolder(folder);
    };
    blobs = await openBlobStore(config, prepare, signal);
    database ??= await open();
    return { blobs, database };
  } catch (error) {
    await database?.close();
    await blobs?.close();
    throw error;
  }
}
