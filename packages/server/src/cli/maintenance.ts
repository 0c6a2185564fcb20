import type { Command } from "commander";
import { checkConsistency } from "../maintenance/fsck.ts";
import { sweep } from "../maintenance/sweep.ts";
import { migrateDatabase } from "../open-database.ts";
import { type CommandContext, configOf, makeQuietly, withParts } from "./context.ts";
import { addSettingOptions, dataSettings } from "./options.ts";

export function addMaintenanceCommands(program: Command, context: CommandContext): void {
  const fsck = program.command("fsck").description("check that database and store agree; exits with 1 when they don't");
  fsck.option("--deep", "read every object and compare its SHA-256");
  addSettingOptions(fsck, dataSettings).action(() => runFsck(fsck, context));
  const sweepCommand = program.command("sweep").description("remove what nothing needs any more");
  addSettingOptions(sweepCommand, dataSettings).action(() => runSweep(sweepCommand, context));
  const migrate = program.command("migrate").description("bring the database up to this version");
  addSettingOptions(migrate, dataSettings).action(() => runMigrate(migrate, context));
}

async function runFsck(command: Command, context: CommandContext): Promise<void> {
  const { deep } = command.opts<{ deep?: boolean }>();
  const config = configOf(command, context);
  const { terminal, shutdown } = context;
  await withParts(config, async (parts) => {
    const report = await checkConsistency(parts, { deep: deep === true }, shutdown);
    for (const problem of report.problems) terminal.print(`problem: ${problem}`);
    for (const note of report.notes) terminal.print(`note: ${note}`);
    terminal.print(`${report.files} files, ${report.versions} versions, ${report.blobs} blobs checked`);
    terminal.print(report.problems.length === 0 ? "clean" : `${report.problems.length} problems`);
    if (report.problems.length > 0) context.setExitCode(1);
  });
}

async function runSweep(command: Command, context: CommandContext): Promise<void> {
  const config = configOf(command, context);
  await withParts(config, async (parts) => {
    const report = await sweep({ ...parts, config, now: Date.now }, context.shutdown);
    for (const [what, count] of Object.entries(report)) context.terminal.print(`${what}: ${count}`);
  });
}

async function runMigrate(command: Command, context: CommandContext): Promise<void> {
  const config = configOf(command, context);
  await makeQuietly(config.dataDir);
  const names = await migrateDatabase(config);
  context.terminal.print(names.length === 0 ? "nothing to do" : `ran ${names.join(", ")}`);
}
