import { Command, CommanderError } from "commander";
import { ConfigError } from "../config/config-error.ts";
import { DatabaseError } from "../database/database.ts";
import { version } from "../observability/version.ts";
import { StorageError } from "../storage/storage-error.ts";
import type { CommandContext } from "./context.ts";
import { blameVariables, unknownVariables } from "./environment.ts";

type AddCommands = (program: Command, context: CommandContext) => void;

const backup = async () => (await import("./backup.ts")).addBackupCommands;
const maintenance = async () => (await import("./maintenance.ts")).addMaintenanceCommands;

/** The modules of the commands, in the order of the help. */
export const commandModules: Readonly<Record<string, () => Promise<AddCommands>>> = {
  serve: async () => (await import("./serve.ts")).addServeCommand,
  worker: async () => (await import("./worker.ts")).addWorkerCommand,
  token: async () => (await import("./token.ts")).addTokenCommands,
  account: async () => (await import("./account.ts")).addAccountCommands,
  "console-link": async () => (await import("./console-link.ts")).addConsoleLinkCommand,
  webhook: async () => (await import("./webhook.ts")).addWebhookCommands,
  jobs: async () => (await import("./jobs.ts")).addJobCommands,
  fsck: maintenance,
  sweep: maintenance,
  migrate: maintenance,
  backup,
  restore: backup,
};

/**
 * Loads the module of the command, or those of all commands for the help and for what is no command. To load the server
 * would take most of the processor time of a short command.
 */
function load(command = ""): Promise<AddCommands[]> {
  if (command === "-v" || command === "--version") return Promise.resolve([]);
  const own = Object.entries(commandModules).filter(([name]) => name === command);
  const chosen = own.length > 0 ? own : Object.entries(commandModules);
  return Promise.all([...new Set(chosen.map(([, module]) => module))].map((module) => module()));
}

/**
 * Runs the command line. Wrong usage and configuration print one line on standard error and exit with code 2
 * (docs/architecture.md §4). A disk or a database that can't be used prints one line and exits with code 1.
 */
export async function runProgram(given: readonly string[], context: CommandContext): Promise<void> {
  const { terminal } = context;
  const argv = withCommand(given);
  let help = "";
  const program = new Command("sluice")
    .description("self-hosted server for secure client-side uploads")
    .addHelpText(
      "after",
      "\nWithout a command, sluice serves. sluice help <command> lists a command's options; .env may hold their variables.",
    )
    .version(version, "-v, --version", "print the version")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => {
        help += text;
      },
    });
  if (argv[0] !== "serve") {
    context.onRestart?.(() => terminal.printError("sluice: SIGUSR2 is ignored: sluice serve alone restarts workers"));
  }
  for (const add of await load(argv[0])) add(program, context);
  program.commands.forEach(inheritSettings(program));
  if (argv[0] === "serve" || argv[0] === "worker") {
    for (const line of unknownVariables(context.environment)) terminal.printError(`warning: ${line}`);
  }
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    // A person who interrupts a command knows why it ended.
    if (context.shutdown.aborted && error === context.shutdown.reason) return context.setExitCode(1);
    if (error instanceof ConfigError || error instanceof CommanderError) {
      if (error instanceof CommanderError && error.exitCode === 0) return;
      // The command is a group, such as `sluice account`, and no command of the group was given.
      if (error instanceof CommanderError && error.code === "commander.help") return terminal.print(help.trimEnd());
      const problem = blameVariables(error.message.replace(/^error: /, ""), argv, context.environment);
      const advice = error instanceof ConfigError && error.advice !== undefined ? `: ${error.advice}` : "";
      terminal.printError(`sluice: ${oneLine(problem + advice)}`);
      context.setExitCode(2);
    } else if (error instanceof StorageError || error instanceof DatabaseError) {
      // The message of an error from the database's thread has a stack below its first line.
      const [problem = ""] = error.message.split("\n");
      const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
      terminal.printError(`sluice: ${oneLine(problem + cause)}`);
      context.setExitCode(1);
    } else {
      throw error;
    }
  }
}

/** Flags of the program itself, which need no command. */
const ownFlags = ["-v", "--version", "-h", "--help"];

/** Returns the arguments with `serve` before them where they name no command, so that `npx sluice` starts a server. */
function withCommand(argv: readonly string[]): readonly string[] {
  const [first = "--"] = argv;
  return first.startsWith("-") && !ownFlags.includes(first) ? ["serve", ...argv] : argv;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ");
}

function inheritSettings(parent: Command): (command: Command) => void {
  return (command) => {
    command.copyInheritedSettings(parent);
    command.commands.forEach(inheritSettings(command));
  };
}
