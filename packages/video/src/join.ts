import type { OutputFile } from "./command/command.ts";
import { Decoding } from "./input/decoding.ts";
import type { Input } from "./input/input.ts";
import { uprightFilters } from "./input/rotation.ts";
import { existing, numbers } from "./libav/libav.ts";
import { Filtering, type Source } from "./output/filtering.ts";
import type { Output } from "./output/output.ts";
import { pictures } from "./output/pictures.ts";
import { soundForm, sounds } from "./output/sounds.ts";
import { WrittenStream } from "./output/written-stream.ts";
import { Unsupported } from "./unsupported.ts";

/** A stream that is read, and everything that it goes into. */
export interface Read {
  readonly input: Input;
  readonly decoding: Decoding;
  readonly into: { readonly filtering: Filtering; readonly source: Source }[];
}

/** A stream of an input, as `0:v` or `0:a:0`. With `V`, pictures that are covers don't count. */
const streamName = /(\d+):([vVa])(?::(\d+))?/;
/** The open ends of graphs are called by what comes out of them. */
const graphEnd = /^\[([va])\]$/;

/**
 * Joins what is read to what is written: by the graph, and by a chain for each stream that is written without it.
 * @throws Unsupported
 */
export function join(inputs: readonly Input[], file: OutputFile, output: Output) {
  const reads: Read[] = [];
  /** The streams that a text of filters names, which are called by the ends of sources in it from then on. */
  const withSources = (text: string) => {
    const sources: { readonly read: Read; readonly source: Source }[] = [];
    const named = text.replaceAll(new RegExp(`\\[${streamName.source}\\]`, "g"), (name) => {
      const read = readOf(name, inputs, reads);
      const end = `in${sources.length}`;
      sources.push({ read, source: { end, decoding: read.decoding } });
      const before = filtersBefore(read);
      return before.length === 0 ? `[${end}]` : `[${end}]${before.join(",")},`;
    });
    return { sources, named };
  };
  const connect = (text: string, sinks: readonly WrittenStream[]): void => {
    const { sources, named } = withSources(text);
    if (sources.length === 0) throw new Unsupported("A graph of filters begins with a stream");
    const filtering = new Filtering(
      named,
      sources.map(({ source }) => source),
      sinks,
    );
    for (const { read, source } of sources) read.into.push({ filtering, source });
  };
  const ends = file.maps.map((map, place) => {
    const kind = (graphEnd.exec(map) ?? /^\d+:([vVa])/.exec(map))?.[1];
    if (kind === undefined) throw new Unsupported(`The stream ${map} isn't known here`);
    const stream = new WrittenStream(output, place, kind !== "a" ? pictures(file.picture) : sounds(file.sound));
    return { map, stream, behind: filtersBehind(file, stream.isPicture) };
  });
  const ofGraph = ends.filter(({ map }) => graphEnd.test(map));
  const chains = ofGraph.map(({ map, stream, behind }) => `${map}${behind.join(",")}[${stream.end}]`);
  if (file.graph !== undefined)
    connect(
      [file.graph, ...chains].join(";"),
      ofGraph.map(({ stream }) => stream),
    );
  for (const { map, stream, behind } of ends) {
    if (graphEnd.test(map)) continue;
    const own = stream.isPicture && file.picture.chain !== undefined ? [file.picture.chain] : [];
    connect(`[${map}]${[...own, ...behind].join(",")}[${stream.end}]`, [stream]);
  }
  return { reads, written: ends.map(({ stream }) => stream) };
}

function readOf(name: string, inputs: readonly Input[], reads: Read[]): Read {
  const [, file = "", kind, place = "0"] = streamName.exec(name) ?? [];
  const type = kind === "a" ? numbers.audio : numbers.video;
  const input = existing(inputs[Number(file)], name);
  const ofKind = input.streams.filter(
    ({ codecpar, disposition }) =>
      codecpar.codecType === type && (kind !== "V" || (disposition & numbers.attachedPicture) === 0),
  );
  const stream = existing(ofKind[Number(place)], `The stream ${name}`);
  const known = reads.find((read) => read.input === input && read.decoding.stream === stream);
  if (known !== undefined) return known;
  const read: Read = { input, decoding: new Decoding(input, stream), into: [] };
  reads.push(read);
  return read;
}

function filtersBefore({ input, decoding }: Read): readonly string[] {
  if (decoding.isPicture) return uprightFilters(decoding.stream);
  return input.file.start > 0 ? ["atrim=start=0"] : [];
}

function filtersBehind({ length, picture, sound }: OutputFile, isPicture: boolean): readonly string[] {
  const end = length === undefined ? [] : [`${isPicture ? "trim" : "atrim"}=end=${length}`];
  if (!isPicture) return [...end, ...soundForm(sound)];
  const { pixelFormat } = picture;
  return [...end, pixelFormat === undefined ? "null" : `format=${pixelFormat}`];
}
