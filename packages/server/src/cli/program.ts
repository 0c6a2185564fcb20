import { Command, CommanderError } from "commander";
import { ConfigError } from "../config/config-error.ts";
import { addAccountCommands } from "./account.ts";
import type { CommandContext } from "./context.ts";
import { addMaintenanceCommands } from "./maintenance.ts";
import { addServeCommand } from "./serve.ts";
import { addTokenCommands } from "./token.ts";

/** Runs the command line. Wrong usage and configuration are one line on standard error and exit code 2 (design.md §4). */
export async function runProgram(argv: readonly string[], context: CommandContext): Promise<void> {
  const { terminal } = context;
  const program = new Command("sluice")
    .description("self-hosted server for secure client-side uploads")
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.print(text.trimEnd()), writeErr: () => undefined });
  addServeCommand(program, context);
  addTokenCommands(program, context);
  addAccountCommands(program, context);
  addMaintenanceCommands(program, context);
  program.commands.forEach(inheritSettings(program));
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    const usage = error instanceof ConfigError || error instanceof CommanderError;
    if (!usage) throw error;
    if (error instanceof CommanderError && error.exitCode === 0) return;
    terminal.printError(`sluice: ${error.message.replace(/^error: /, "").replaceAll(/\s*\n\s*/g, " ")}`);
    context.setExitCode(2);
  }
}

function inheritSettings(parent: Command): (command: Command) => void {
  return (command) => {
    command.copyInheritedSettings(parent);
    command.commands.forEach(inheritSettings(command));
  };
}
