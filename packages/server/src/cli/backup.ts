import { type Command, InvalidArgumentError } from "commander";
import { backupDeps, openRestoreDeps } from "../app/backup-deps.ts";
import { assertNoDatabase } from "../app/open-database.ts";
import { type BackupPlace, openBackupPlace, type PlaceToOpen, storePlaceOf } from "../backup/backup-place.ts";
import { ContentList } from "../backup/content-list.ts";
import { keepNewest } from "../backup/keep-newest.ts";
import { type MadeBackup, makeBackup } from "../backup/make-backup.ts";
import { type Manifest, readManifests } from "../backup/manifest.ts";
import { restoreBackup } from "../backup/restore-backup.ts";
import { openIdentity, openSeal } from "../backup/seal.ts";
import { verifyBackup } from "../backup/verify-backup.ts";
import { ConfigError } from "../config/config-error.ts";
import type { Progress } from "../observability/progress.ts";
import { backupLines, listLines, restoreLines, verifyLines } from "./backup-reports.ts";
import { type CommandContext, configOf, makeQuietly, withParts } from "./context.ts";
import { addSettingOptions, dataSettings } from "./options.ts";
import { withProgress } from "./progress-line.ts";

const placeForm = "a folder, or s3://bucket/prefix?endpoint=…&region=…&forcePathStyle=true";

export function addBackupCommands(program: Command, context: CommandContext): void {
  const backup = program.command("backup").description("back up a library beside its running servers");
  backup.requiredOption("--to <place>", `the place of the backups: ${placeForm}`);
  backup.option("--keep <count>", "delete all but the newest backups of the place, after this one", parseCount);
  backup.option("--recipient <key>", "encrypt the database's rows to this public key of age; may be repeated", collect);
  backup.option("--list", "list the backups of the place instead");
  backup.option("--verify", "read every byte of a backup instead; exit with 1 if one is wrong");
  backup.option("--backup <id>", "the backup to verify, by its id; the newest one if it is left out");
  addSettingOptions(backup, dataSettings).action(() => runBackup(backup, context));
  const restore = program.command("restore").description("restore a backup into an empty library");
  restore.requiredOption("--from <place>", `the place of the backups: ${placeForm}`);
  restore.option("--backup <id>", "the backup, by its id; the newest one if it is left out");
  restore.option("--identity <file>", "a file with an identity of age, for a backup that was made with --recipient");
  addSettingOptions(restore, dataSettings).action(() => runRestore(restore, context));
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d{1,4}$/.test(text) || count < 1) throw new InvalidArgumentError("It must be a whole number from 1 to 9999.");
  return count;
}

function collect(text: string, earlier: readonly string[] = []): string[] {
  return [...earlier, text];
}

interface BackupOptions {
  readonly to: string;
  readonly keep?: number;
  readonly recipient?: readonly string[];
  readonly list?: boolean;
  readonly verify?: boolean;
  readonly backup?: string;
}

async function runBackup(command: Command, context: CommandContext): Promise<void> {
  const options = command.opts<BackupOptions>();
  const chosen = (["keep", "list", "verify"] as const).filter((name) => options[name] !== undefined);
  if (chosen.length > 1) throw new ConfigError(`--${chosen[0]} and --${chosen[1]} can't be used together`);
  if (options.recipient !== undefined && (options.list || options.verify)) {
    throw new ConfigError("--recipient is for making a backup");
  }
  if (options.backup !== undefined && !options.verify) throw new ConfigError("--backup needs --verify");
  storePlaceOf({ text: options.to, option: "--to" });
  if (options.list || options.verify) return runLook(options, context);
  const seal = options.recipient === undefined ? undefined : await openSeal(options.recipient);
  const config = configOf(command, context);
  const { terminal, shutdown } = context;
  await withParts(config, async (parts) => {
    await withPlace({ text: options.to, option: "--to", writes: true, spool: parts.spool }, shutdown, async (place) => {
      const lines: string[] = [];
      const prune = async (made: MadeBackup, signal: AbortSignal, progress: Progress): Promise<void> => {
        lines.push(...backupLines(made));
        if (made.copied.problems.length > 0) context.setExitCode(1);
        const { keep } = options;
        if (keep === undefined) return;
        const pruned = await keepNewest({ place, keep, made: made.manifest }, signal, progress);
        lines.push(`deleted: ${pruned.backups} earlier backups, ${pruned.contents} contents`);
      };
      try {
        await withProgress(terminal, (progress) =>
          makeBackup(backupDeps(config, parts), { place, seal, whole: prune }, shutdown, progress),
        );
      } finally {
        for (const line of lines) terminal.print(line);
      }
    });
  });
}

/** Looks at backups. No library is needed for that. */
async function runLook(options: BackupOptions, context: CommandContext): Promise<void> {
  const { terminal, shutdown } = context;
  await withPlace({ text: options.to, option: "--to", writes: false }, shutdown, async (place) => {
    if (options.list) {
      for (const line of listLines(await readManifests(place.manifests, shutdown))) terminal.print(line);
      return;
    }
    const manifest = await chooseBackup(place, { option: "--to", id: options.backup }, shutdown);
    const list = await ContentList.create();
    try {
      const problems = await withProgress(terminal, (progress) =>
        verifyBackup({ place, manifest }, list, shutdown, progress),
      );
      for (const line of verifyLines(manifest, problems)) terminal.print(line);
      if (problems.length > 0) context.setExitCode(1);
    } finally {
      await list.close();
    }
  });
}

async function runRestore(command: Command, context: CommandContext): Promise<void> {
  const { from, backup, identity } = command.opts<{ from: string; backup?: string; identity?: string }>();
  const { terminal, shutdown } = context;
  const config = configOf(command, context);
  storePlaceOf({ text: from, option: "--from" });
  const unseal = identity === undefined ? undefined : await openIdentity(identity);
  await assertNoDatabase(config);
  await withPlace({ text: from, option: "--from", writes: false }, shutdown, async (place) => {
    const manifest = await chooseBackup(place, { option: "--from", id: backup }, shutdown);
    const deps = await openRestoreDeps(config, makeQuietly, shutdown);
    try {
      const restored = await withProgress(terminal, (progress) =>
        restoreBackup(deps, { place, manifest, unseal }, shutdown, progress),
      );
      for (const line of restoreLines(manifest, restored)) terminal.print(line);
      if (manifest.lacking.length > 0) context.setExitCode(1);
    } finally {
      await deps.close();
    }
  });
}

async function withPlace(
  toOpen: PlaceToOpen,
  signal: AbortSignal,
  use: (place: BackupPlace) => Promise<void>,
): Promise<void> {
  const place = await openBackupPlace(toOpen, signal);
  try {
    await use(place);
  } finally {
    await place.close();
  }
}

/** @throws ConfigError when there is no such backup, or the newest manifest can't be used */
async function chooseBackup(
  { manifests }: Pick<BackupPlace, "manifests">,
  { option, id }: { readonly option: "--to" | "--from"; readonly id: string | undefined },
  signal: AbortSignal,
): Promise<Manifest> {
  const { backups, unusable } = await readManifests(manifests, signal);
  const refused = unusable.find((manifest) => (id === undefined ? manifest.why !== "unfinished" : manifest.id === id));
  if (refused !== undefined) {
    throw new ConfigError(
      id === undefined
        ? `${option}: the manifest ${refused.id} is ${refused.why}; name a backup with --backup`
        : `--backup: the manifest ${refused.id} is ${refused.why}`,
    );
  }
  const chosen = id === undefined ? backups[0] : backups.find((backup) => backup.id === id);
  if (chosen !== undefined) return chosen;
  throw new ConfigError(
    id === undefined ? `${option}: there is no whole backup` : `--backup: there is no backup ${id}`,
  );
}
