import { Unsupported } from "../unsupported.ts";
import type { Command, InputFile, OutputFile } from "./command.ts";

/** Options as they were given, by their names without the hyphen. One that is given several times has several values. */
type Options = ReadonlyMap<string, readonly string[]>;

interface Known {
  /** Options that take no value. */
  readonly flags: readonly string[];
  readonly values: readonly string[];
}

/** The options before an input. */
const container = ["fd", "protocol_whitelist", "format_whitelist", "codec_whitelist", "max_streams"];
const decoder = ["threads", "max_pixels", "skip_frame", "codec_whitelist"];
/** What makes no difference: the program reads no keys, overwrites, and reports as it is told to. */
const indifferent = { flags: ["nostdin", "nostats", "y"], values: ["v", "progress"] } satisfies Known;
const ofInput: Known = {
  flags: indifferent.flags,
  values: [...indifferent.values, ...new Set([...container, ...decoder]), "ss", "f"],
};
/** Those that say what isn't written, which nothing else is. */
const leftOut = { flags: ["an", "vn", "sn", "dn"], values: ["map_metadata", "map_chapters"] } satisfies Known;
const ofOutput: Known = {
  flags: [...indifferent.flags, ...leftOut.flags],
  values: [
    ...[
      ...indifferent.values,
      ...leftOut.values,
      "f",
      "t",
      "movflags",
      "filter_complex",
      "vf",
      "map",
      "pix_fmt",
      "q:v",
    ],
    ...["frames:v", "c:v", "c:a", "b:a", "ac"],
  ],
};
/** The options of encoders of pictures, with or without `:v` behind them. */
const ofPictures = ["preset", "crf", "profile", "b", "row-mt", "cpu-used", "deadline"];

/**
 * Reads the arguments of `ffmpeg`: options and an input, several times, then options and an output.
 * @throws Unsupported for an option that isn't known here
 */
export function readCommand(args: readonly string[]): Command {
  const inputs: InputFile[] = [];
  for (let rest = args; ; ) {
    const isLast = !rest.includes("-i");
    const { options, next } = readOptions(rest, isLast ? ofOutput : ofInput);
    if (isLast) return { inputs, output: outputOf(options, rest.slice(next)) };
    if (rest[next] !== "-i" || rest[next + 1] !== "fd:") throw new Unsupported("An input is a descriptor");
    inputs.push(inputOf(options));
    rest = rest.slice(next + 2);
  }
}

/** Reads the arguments of `ffprobe`, which always says all that it can. */
export function readProbeCommand(args: readonly string[]): InputFile {
  const { options, next } = readOptions(args, {
    flags: ["show_format", "show_streams"],
    values: [...ofInput.values, "of"],
  });
  if (args.slice(next).join(" ") !== "-i fd:" || one(options, "of") !== "json") {
    throw new Unsupported("Facts are of one descriptor, as JSON");
  }
  return inputOf(options);
}

function readOptions(args: readonly string[], known: Known): { readonly options: Options; readonly next: number } {
  const options = new Map<string, string[]>();
  let next = 0;
  for (; ; next += 1) {
    const [text = "", value] = args.slice(next, next + 2);
    if (!text.startsWith("-") || text === "-i") return { options, next };
    const name = text.slice(1);
    if (known.flags.includes(name)) continue;
    const isKnown = known.values.includes(name) || (known === ofOutput && ofPictures.includes(name.replace(/:v$/, "")));
    if (!isKnown || value === undefined) throw new Unsupported(`The option ${text} isn't known here`);
    options.set(name, [...(options.get(name) ?? []), value]);
    next += 1;
  }
}

function inputOf(options: Options): InputFile {
  return {
    container: picked(options, container),
    decoder: picked(options, decoder),
    format: one(options, "f"),
    start: numberOf(options, "ss") ?? 0,
  };
}

function outputOf(options: Options, [target = "", ...others]: readonly string[]): OutputFile {
  if (target === "" || others.length > 0) throw new Unsupported("One file is written");
  if ((one(options, "ac") ?? "2") !== "2") throw new Unsupported("Sound is written in stereo");
  if (leftOut.values.some((name) => (one(options, name) ?? "-1") !== "-1")) {
    throw new Unsupported("Metadata and chapters are left out");
  }
  const bitRate = one(options, "b:a");
  return {
    target,
    format: one(options, "f") ?? "",
    container: picked(options, ["movflags"]),
    length: numberOf(options, "t"),
    graph: one(options, "filter_complex"),
    maps: options.get("map") ?? [],
    picture: {
      name: one(options, "c:v"),
      options: Object.fromEntries(
        ofPictures.flatMap((name) => {
          const value = one(options, name) ?? one(options, `${name}:v`);
          return value === undefined ? [] : [[name, value]];
        }),
      ),
      chain: one(options, "vf"),
      pixelFormat: one(options, "pix_fmt"),
      quality: numberOf(options, "q:v"),
      frames: numberOf(options, "frames:v"),
    },
    sound: { name: one(options, "c:a"), options: bitRate === undefined ? {} : { b: bitRate } },
  };
}

function picked(options: Options, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = one(options, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The last value that was given. */
function one(options: Options, name: string): string | undefined {
  return options.get(name)?.at(-1);
}

function numberOf(options: Options, name: string): number | undefined {
  const text = one(options, name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isFinite(number)) throw new Unsupported(`-${name} is a number here`);
  return number;
}
