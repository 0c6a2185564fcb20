/** An instruction of a Dockerfile. */
export interface Instruction {
  readonly name: string;
  /** The options before the rest, such as `--from=build`. An option without a value is `true`. */
  readonly options: readonly (readonly [name: string, value: string])[];
  readonly rest: string;
}

export interface Stage {
  readonly name: string | undefined;
  /** The name of an earlier stage or of an image, with the variables that it is written with. */
  readonly from: string;
  readonly instructions: readonly Instruction[];
}

export interface Dockerfile {
  /** The defaults of the arguments before the first stage. */
  readonly globals: ReadonlyMap<string, string>;
  readonly stages: readonly Stage[];
}

/** The instructions that `runStages` knows. */
const known = new Set([
  ...["ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "HEALTHCHECK", "RUN", "STOPSIGNAL", "USER", "VOLUME"],
  "WORKDIR",
]);

/**
 * Reads a Dockerfile, as far as the one of this repository needs it.
 * @throws Error that names what it does not know
 */
export function parseDockerfile(text: string): Dockerfile {
  const globals = new Map<string, string>();
  const stages: { name: string | undefined; from: string; instructions: Instruction[] }[] = [];
  for (const line of logicalLines(text)) {
    const instruction = parseInstruction(line);
    const stage = stages.at(-1);
    if (instruction.name === "FROM") {
      const [, from = "", name] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(instruction.rest) ?? [];
      if (from === "") throw new Error(`not understood: ${line}`);
      stages.push({ name, from, instructions: [] });
    } else if (!known.has(instruction.name)) throw new Error(`not understood: ${line}`);
    else if (stage !== undefined) stage.instructions.push(instruction);
    else if (instruction.name === "ARG") globals.set(...splitPair(instruction.rest));
    else throw new Error(`before the first FROM: ${line}`);
  }
  return { globals, stages };
}

/** Splits `NAME=value`. Without a value it is empty. */
export function splitPair(text: string): [name: string, value: string] {
  const [name = "", ...value] = text.split("=");
  return [name, value.join("=")];
}

/** Puts values in place of `$NAME`, `${NAME}` and `${NAME:-default}`. */
export function expand(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(
    /\$(?:(\w+)|\{(\w+)(?::-([^}]*))?\})/g,
    (_, bare: string | undefined, braced: string | undefined, other = "") => values.get(bare ?? braced ?? "") || other,
  );
}

/** Joins lines that end with a backslash. Comments are left out, also between joined lines. */
function logicalLines(text: string): string[] {
  const lines = text.split("\n").filter((line) => !/^\s*(?:#|$)/.test(line));
  return lines
    .join("\n")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .map((line) => line.trim());
}

function parseInstruction(line: string): Instruction {
  const [, name = "", afterName = ""] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
  const options: [string, string][] = [];
  let rest = afterName;
  // A health check has its options before CMD, which is in the rest.
  for (let option = /^--(\S+)\s+/.exec(rest); option !== null; option = /^--(\S+)\s+/.exec(rest)) {
    options.push(splitPair(option[1] ?? ""));
    rest = rest.slice(option[0].length);
  }
  return { name: name.toUpperCase(), options, rest };
}
