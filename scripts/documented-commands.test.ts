import { globSync, readFileSync } from "node:fs";
import { Command } from "commander";
import { beforeAll, expect, test } from "vitest";
import type { CommandContext } from "../packages/server/src/cli/context.ts";
import { commandModules } from "../packages/server/src/cli/program.ts";

const rootUrl = new URL("../", import.meta.url);
const paths = globSync(
  ["*.md", "docs/**/*.md", "packages/*/README.md", "examples/*/README.md", "compose.yaml", "deploy/**/*.*"],
  { cwd: rootUrl.pathname, exclude: (name) => /node_modules|CHANGELOG|^secrets$/.test(name) },
);

const program = new Command("sluice");
beforeAll(async () => {
  // A command looks at its context when it runs, which none does here.
  for (const load of new Set(Object.values(commandModules))) (await load())(program, {} as CommandContext);
});

interface DocumentedLine {
  readonly path: string;
  readonly line: string;
  readonly words: readonly string[];
}

/** The command lines of `sluice` in code and in the text: up to the end of the line or of the code, or to a comment. */
const lines: readonly DocumentedLine[] = paths.flatMap((path) => {
  const text = readFileSync(new URL(path, rootUrl), "utf8").replaceAll(/\\\n\s*/g, "");
  const found = text.matchAll(/\bsluice(?: --)? (?!sluice)([a-z][a-z-]*(?: [^`\n#;|]*)?)/g);
  return Array.from(found, ([line, rest = ""]) => ({ path, line, words: rest.trim().split(/\s+/) }));
});

/** Finds the command of a group, such as `set` of `account`; or the group, where the text names none of its commands. */
function commandOf([first = "", second = ""]: readonly string[]): Command | undefined {
  const command = program.commands.find((one) => one.name() === first);
  return command?.commands.find((one) => one.name() === second) ?? command;
}

test("the flags that a page gives to a command are flags of this command", () => {
  const ofCommands = lines.filter(({ words }) => commandOf(words) !== undefined);
  expect(ofCommands.length).toBeGreaterThan(150);
  const wrong = ofCommands.filter(({ words }) => {
    const known = new Set(commandOf(words)?.options.map(({ long }) => long));
    const flags = words.flatMap((word) => /^(--[a-z][a-z0-9-]*)/.exec(word)?.[1] ?? []);
    return flags.some((flag) => !known.has(flag));
  });
  expect(wrong.map(({ path, line }) => `${path}: ${line}`)).toEqual([]);
});

test("a line that begins with the command names one of its commands", () => {
  const named = paths.flatMap((path) => {
    const text = readFileSync(new URL(path, rootUrl), "utf8");
    return Array.from(text.matchAll(/^(?:npx )?sluice ([a-z-]+)/gm), ([, name = ""]) => ({ path, name }));
  });
  expect(named.length).toBeGreaterThan(50);
  const known = program.commands.map((command) => command.name());
  expect(named.filter(({ name }) => !known.includes(name))).toEqual([]);
});
