import type { Decoding } from "../input/decoding.ts";
import { allocated, endOfFile, existing, isDry, libav, must } from "../libav/libav.ts";
import type { FilterContext, FilterGraph, FilterInOut, Frame, Rational } from "../libav/native.ts";
import { frameRateOf } from "./frame-rate.ts";

/** A stream that goes into a graph, and the name of its open end there. */
export interface Source {
  readonly end: string;
  readonly decoding: Decoding;
}

/** What comes out of a graph, by the name of its open end. */
export interface Sink {
  readonly end: string;
  readonly isPicture: boolean;
  /** Whether it wants no more, though a graph may go on without end. */
  readonly isDone: boolean;
  take(frame: Frame, from: Filtered): void;
  /** Nothing more will come. */
  close(): void;
}

/** Where a frame comes from. */
export interface Filtered {
  readonly timeBase: Rational;
  readonly frameRate: Rational;
  /** Whether the graph has ended, and another one follows it. */
  readonly isReplaced: boolean;
}

interface Built {
  readonly graph: FilterGraph;
  readonly sources: ReadonlyMap<Source, FilterContext>;
  readonly sinks: readonly (Omit<Filtered, "isReplaced"> & { readonly sink: Sink; readonly context: FilterContext })[];
}

/** Frames on their way through a graph of filters. It is built when the first frame of each source is there. */
export class Filtering {
  readonly #text: string;
  readonly #sources: readonly Source[];
  readonly #sinks: readonly Sink[];
  readonly #filtered: Frame = allocated(libav.Frame);
  readonly #forms = new Map<Source, string>();
  #waiting: { readonly source: Source; readonly frame: Frame | undefined }[] = [];
  #built: Built | undefined;

  constructor(text: string, sources: readonly Source[], sinks: readonly Sink[]) {
    this.#text = text;
    this.#sources = sources;
    this.#sinks = sinks;
  }

  /** @param frame undefined at the end of the source */
  feed(source: Source, frame: Frame | undefined): void {
    if (this.#built !== undefined && frame !== undefined && this.#forms.get(source) !== formOf(frame)) this.#end();
    if (frame !== undefined && !this.#forms.has(source)) this.#forms.set(source, formOf(frame));
    if (this.#built !== undefined) {
      this.#add(this.#built, source, frame);
      return;
    }
    this.#waiting.push({ source, frame: frame === undefined ? undefined : existing(frame.clone(), "Memory") });
    if (!this.#sources.every((each) => this.#forms.has(each))) return;
    const built = this.#build();
    this.#built = built;
    for (const { source: from, frame: kept } of this.#waiting.splice(0)) {
      this.#add(built, from, kept);
      kept?.free();
    }
  }

  /** @throws where a source has brought nothing, so that the others wait for it in vain */
  finish(): void {
    if (this.#built === undefined && this.#forms.size > 0) throw new Error("A stream has nothing in it");
  }

  /** A stream that goes on in another form gets a graph of its own from there on. */
  #end(): void {
    if (this.#sources.length > 1) throw new Error("A stream changes its form");
    const built = existing(this.#built, "A graph");
    for (const source of this.#sources) built.sources.get(source)?.buffersrcAddFrameSync(null);
    this.#drain(built, true);
    built.graph.free();
    this.#built = undefined;
    this.#forms.clear();
  }

  #add(built: Built, source: Source, frame: Frame | undefined): void {
    const code = existing(built.sources.get(source), "A source").buffersrcAddFrameSync(frame ?? null);
    // Filters that have got all that they want refuse more.
    if (!isDry(code)) must(code, "The frames can't be filtered");
    this.#drain(built);
  }

  #drain({ sinks }: Built, isReplaced = false): void {
    for (const { sink, context, timeBase, frameRate } of sinks) {
      for (;;) {
        const code = context.buffersinkGetFrameSync(this.#filtered);
        if (isDry(code)) {
          if (!isReplaced && code === endOfFile) sink.close();
          break;
        }
        must(code, "The frames can't be filtered");
        sink.take(this.#filtered, { timeBase, frameRate, isReplaced });
        this.#filtered.unref();
        if (sink.isDone) break;
      }
    }
  }

  #build(): Built {
    const graph = allocated(libav.FilterGraph);
    const contexts = this.#sources.map((source) => [source, makeSource(graph, source, this.#firstOf(source))] as const);
    const ends = this.#sinks.map((sink) => {
      const filter = existing(libav.Filter.getByName(sink.isPicture ? "buffersink" : "abuffersink"), "A filter");
      return { sink, context: existing(graph.createFilter(filter, `sink_${sink.end}`, null), "A filter") };
    });
    const segment = existing(graph.segmentParse(this.#text), "The graph of filters");
    const [open, made] = [new libav.FilterInOut(), new libav.FilterInOut()];
    must(segment.createFilters(), "The filters can't be made");
    must(segment.applyOpts(), "The filters can't be set");
    must(segment.apply(open, made), "The filters can't be joined");
    for (const [{ end }, context] of contexts) {
      const { filterCtx, padIdx } = openEnd(open, end);
      must(context.link(0, existing(filterCtx, end), padIdx), "The filters can't be joined");
    }
    for (const { sink, context } of ends) {
      const { filterCtx, padIdx } = openEnd(made, sink.end);
      must(existing(filterCtx, sink.end).link(padIdx, context, 0), "The filters can't be joined");
    }
    must(graph.configSync(), "The filters can't be used");
    for (const part of [open, made, segment]) part.free();
    const times = (context: FilterContext) => ({
      timeBase: context.buffersinkGetTimeBase(),
      frameRate: context.buffersinkGetFrameRate(),
    });
    return {
      graph,
      sources: new Map(contexts),
      sinks: ends.map(({ sink, context }) => ({ sink, context, ...times(context) })),
    };
  }

  #firstOf(source: Source): Frame {
    return existing(this.#waiting.find((each) => each.source === source && each.frame !== undefined)?.frame, "A frame");
  }
}

function openEnd(list: FilterInOut, name: string): FilterInOut {
  for (let each: FilterInOut | null = list; each !== null; each = each.next) if (each.name === name) return each;
  throw new Error(`The graph of filters has no open end ${name}`);
}

function makeSource(graph: FilterGraph, { end, decoding }: Source, frame: Frame): FilterContext {
  const { stream, isPicture } = decoding;
  const { timeBase } = stream;
  const filter = existing(libav.Filter.getByName(isPicture ? "buffer" : "abuffer"), "A filter");
  const name = `source_${end}`;
  if (!isPicture) {
    const { nbChannels, mask } = frame.channelLayout;
    const options = [
      `time_base=${timeBase.num}/${timeBase.den}`,
      `sample_rate=${frame.sampleRate}`,
      `sample_fmt=${libav.avGetSampleFmtName(frame.format)}`,
      `channel_layout=${mask > 0n ? `0x${mask.toString(16)}` : `${nbChannels}c`}`,
    ];
    return existing(graph.createFilter(filter, name, options.join(":")), "A filter");
  }
  const context = existing(graph.allocFilter(filter, name), "A filter");
  const { width, height, format, sampleAspectRatio, colorRange, colorSpace } = frame;
  const form = { width, height, format, sampleAspectRatio, colorRange, colorSpace };
  must(context.buffersrcParametersSet({ ...form, timeBase, frameRate: frameRateOf(stream) }), "The pictures' form");
  must(context.initStr(null), "The pictures' form");
  return context;
}

/** What a graph is built for. */
function formOf({ width, height, format, sampleRate, channelLayout }: Frame): string {
  return [width, height, format, sampleRate, channelLayout.nbChannels].join(" ");
}
