import type { Command } from "commander";
import { jobKinds, jobTable } from "../app/jobs.ts";
import { ConfigError } from "../config/config-error.ts";
import { type ListedJob, listJobs } from "../jobs/list-jobs.ts";
import { type CommandContext, configOf, withParts, withQueue } from "./context.ts";
import { addSettingOptions, dataSettings } from "./options.ts";

export function addJobCommands(program: Command, context: CommandContext): void {
  const jobs = program.command("jobs").description("list jobs, and retry those that have failed for good");
  const list = jobs.command("list").description("list jobs that have failed for good, run or wait");
  list.option("--state <state>", "failed, the newest first; running or waiting, the first due first", "failed");
  list.option("--last <number>", "how many", "50");
  addSettingOptions(list, dataSettings).action(() => listInState(list, context));
  const retry = jobs.command("retry [jobId]").description("try one of them again, or all of a name");
  retry.option("--name <job>", `all of: ${Object.keys(jobTable).join(", ")}`);
  addSettingOptions(retry, dataSettings).action((jobId?: string) => retryDead(jobId, retry, context));
}

async function listInState(command: Command, context: CommandContext): Promise<void> {
  const { last, state } = command.opts<{ last: string; state: string }>();
  const limit = Number(last);
  if (!Number.isInteger(limit) || limit < 1) throw new ConfigError("--last must be a whole number from 1");
  if (state === "failed") return listDead(command, context, limit);
  if (state !== "running" && state !== "waiting") {
    throw new ConfigError("--state must be failed, running or waiting");
  }
  await withParts(configOf(command, context), async ({ database }) => {
    const jobs = await listJobs(database.reader, jobKinds, state, limit);
    if (jobs.length === 0) context.terminal.printError(`no job is ${state}`);
    for (const job of jobs) context.terminal.print(lineOf(job, state));
  });
}

function lineOf({ id, name, account, at, progress }: ListedJob, state: string): string {
  const line = `${id}  ${name}  ${account ?? "-"}  ${state}  ${at.toISOString()}`;
  return progress === undefined ? line : `${line}  ${Math.floor(progress.fraction * 100)} %: ${progress.message}`;
}

async function listDead(command: Command, context: CommandContext, limit: number): Promise<void> {
  const config = configOf(command, context);
  await withParts(config, (parts) =>
    withQueue(config, parts, async (queue) => {
      const dead = await queue.deadLetters(limit);
      // Standard output stays empty, so that a script can tell that there is none.
      if (dead.length === 0) context.terminal.printError("no job has failed for good");
      for (const { id, name, input, error, diedAt } of dead) {
        context.terminal.print(`${id}  ${name}  ${diedAt.toISOString()}  ${JSON.stringify(input)}: ${error}`);
      }
    }),
  );
}

async function retryDead(jobId: string | undefined, command: Command, context: CommandContext): Promise<void> {
  const which = chosen(jobId, command.opts<{ name?: string }>().name);
  const config = configOf(command, context);
  await withParts(config, (parts) =>
    withQueue(config, parts, async (queue) => {
      const count = await queue.retryDead(which);
      if (count === 0 && "id" in which) throw new ConfigError("jobId: there is no such job; see sluice jobs list");
      context.terminal.print(`jobs to run again: ${count}`);
    }),
  );
}

/** @throws ConfigError */
function chosen(id: string | undefined, name: string | undefined): { readonly id: string } | { readonly name: string } {
  if (id !== undefined && name === undefined) return { id };
  if (id === undefined && name !== undefined && Object.hasOwn(jobTable, name)) return { name };
  throw new ConfigError(
    name === undefined || id !== undefined
      ? "jobId or --name must be given"
      : `--name: there is no job ${JSON.stringify(name)}, only ${Object.keys(jobTable).join(", ")}`,
  );
}
