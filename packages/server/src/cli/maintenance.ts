import type { Command } from "commander";
import { migrateDatabase, refuseEarlierData } from "../app/open-database.ts";
import { checkConsistency } from "../maintenance/fsck.ts";
import { sweep } from "../maintenance/sweep.ts";
import type { Progress } from "../observability/progress.ts";
import { type CommandContext, configOf, makeQuietly, withParts } from "./context.ts";
import { fsckLines, heldLine, migrateLines, sweepLines } from "./maintenance-reports.ts";
import { addSettingOptions, dataSettings } from "./options.ts";
import { withProgress } from "./progress-line.ts";
import type { Terminal } from "./terminal.ts";

export function addMaintenanceCommands(program: Command, context: CommandContext): void {
  const fsck = program.command("fsck").description("check that database and store agree; exit with 1 if they don't");
  fsck.option("--deep", "read every object and compare its SHA-256");
  addSettingOptions(fsck, dataSettings).action(() => runFsck(fsck, context));
  const sweepCommand = program
    .command("sweep")
    .description("remove contents, tokens and temporary files that nothing needs any more")
    .option(
      "--now",
      "remove the contents of deleted files without waiting for sweep-grace-seconds; exit with 1 if a backup holds them",
    );
  addSettingOptions(sweepCommand, dataSettings).action(() => runSweep(sweepCommand, context));
  const migrate = program
    .command("migrate")
    .description("bring the database up to this version, which a server does at its start");
  addSettingOptions(migrate, dataSettings).action(() => runMigrate(migrate, context));
}

async function runFsck(command: Command, context: CommandContext): Promise<void> {
  const deep = command.opts<{ deep?: boolean }>().deep === true;
  const { terminal, shutdown } = context;
  await withParts(configOf(command, context), async (parts) => {
    const { result, tookMs } = await watched(terminal, (progress) =>
      checkConsistency(parts, { deep, progress }, shutdown),
    );
    printAll(terminal, fsckLines(result, { interactive: terminal.interactive, tookMs, deep }));
    if (result.problems.length > 0) context.setExitCode(1);
  });
}

async function runSweep(command: Command, context: CommandContext): Promise<void> {
  const config = configOf(command, context);
  const atOnce = command.opts<{ now?: boolean }>().now === true;
  const { terminal, shutdown } = context;
  await withParts(config, async (parts) => {
    const services = { ...parts, config, now: Date.now };
    const { result, tookMs } = await watched(terminal, (progress) => sweep(services, shutdown, { atOnce, progress }));
    const { report, heldUntil } = result;
    printAll(terminal, sweepLines(report, { interactive: terminal.interactive, tookMs }));
    if (heldUntil === undefined) return;
    terminal.print(heldLine(heldUntil));
    context.setExitCode(1);
  });
}

async function runMigrate(command: Command, context: CommandContext): Promise<void> {
  const config = configOf(command, context);
  const { terminal } = context;
  if (config.databaseUrl === undefined) {
    await refuseEarlierData(config);
    await makeQuietly(config.dataDir);
  }
  const { result, tookMs } = await watched(terminal, (progress) => migrateDatabase(config, progress));
  printAll(terminal, migrateLines(result, { interactive: terminal.interactive, tookMs }));
}

async function watched<Result>(terminal: Terminal, use: (progress: Progress) => Promise<Result>) {
  const startedAt = performance.now();
  const result = await withProgress(terminal, use);
  return { result, tookMs: performance.now() - startedAt };
}

function printAll(terminal: Terminal, lines: readonly string[]): void {
  for (const line of lines) terminal.print(line);
}
