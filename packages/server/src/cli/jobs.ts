import type { Command } from "commander";
import { jobTable } from "../app/jobs.ts";
import { ConfigError } from "../config/config-error.ts";
import { type CommandContext, configOf, withParts, withQueue } from "./context.ts";
import { addSettingOptions, dataSettings } from "./options.ts";

export function addJobCommands(program: Command, context: CommandContext): void {
  const jobs = program.command("jobs").description("list and retry jobs that have failed for good");
  const list = jobs.command("list").description("list them, the newest first");
  list.option("--last <number>", "how many", "50");
  addSettingOptions(list, dataSettings).action(() => listDead(list, context));
  const retry = jobs.command("retry [jobId]").description("try one of them again, or all of a name");
  retry.option("--name <job>", `all of: ${Object.keys(jobTable).join(", ")}`);
  addSettingOptions(retry, dataSettings).action((jobId?: string) => retryDead(jobId, retry, context));
}

async function listDead(command: Command, context: CommandContext): Promise<void> {
  const limit = Number(command.opts<{ last: string }>().last);
  if (!Number.isInteger(limit) || limit < 1) throw new ConfigError("--last must be a whole number from 1");
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
