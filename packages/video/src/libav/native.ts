import { createRequire } from "node:module";

/**
 * The libraries of FFmpeg as node-av's Node-API module hands them out: one class for each structure, and a number below 0
 * for each error. This is the part of it that is used. The module comes from the registry as a package for each platform,
 * which runs no script when it is installed.
 */
export interface Libav {
  readonly Dictionary: new () => Dictionary;
  readonly Packet: new () => Packet;
  readonly Frame: new () => Frame;
  readonly FormatContext: new () => FormatContext;
  readonly CodecContext: new () => CodecContext;
  readonly FilterGraph: new () => FilterGraph;
  readonly FilterInOut: new () => FilterInOut;
  readonly Codec: {
    findDecoder(id: number): Codec | null;
    findEncoderByName(name: string): Codec | null;
  };
  readonly InputFormat: { findInputFormat(name: string): InputFormat | null };
  readonly Option: { set(context: CodecContext | FormatContext, name: string, value: string, search: number): number };
  readonly Filter: { getByName(name: string): Filter | null };
  readonly FFmpegError: { strerror(code: number): string; getAverror(name: string): number };
  readonly Log: { setLevel(level: number): void };
  avGetCodecName(id: number): string | null;
  avGetSampleFmtName(format: number): string | null;
  avRescaleQ(value: bigint, from: Rational, to: Rational): bigint;
  getFFmpegInfo(): { readonly version: string };
}

export interface Rational {
  readonly num: number;
  readonly den: number;
}

export interface ChannelLayout {
  readonly nbChannels: number;
  readonly order: number;
  readonly mask: bigint;
}

export interface Dictionary {
  alloc(): void;
  free(): void;
  set(key: string, value: string, flags: number): number;
  getAll(): Record<string, string>;
}

export interface Packet {
  streamIndex: number;
  pts: bigint;
  dts: bigint;
  readonly data: Buffer | null;
  alloc(): void;
  unref(): void;
  clone(): Packet | null;
  free(): void;
  rescaleTs(from: Rational, to: Rational): void;
}

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly format: number;
  readonly bestEffortTimestamp: bigint;
  readonly sampleAspectRatio: Rational;
  readonly sampleRate: number;
  readonly channelLayout: ChannelLayout;
  readonly colorRange: number;
  readonly colorSpace: number;
  readonly colorPrimaries: number;
  readonly colorTrc: number;
  pts: bigint;
  duration: bigint;
  readonly nbSamples: number;
  pictType: number;
  quality: number;
  alloc(): void;
  unref(): void;
  clone(): Frame | null;
  free(): void;
}

export interface Codec {
  readonly __brand: "NativeCodec";
  readonly name: string | null;
}

export interface Filter {
  readonly __brand: "NativeFilter";
}

export interface CodecParameters {
  readonly codecType: number;
  readonly codecId: number;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly videoDelay: number;
  getCodedSideData(type: number): Buffer | null;
  fromContext(context: CodecContext): number;
}

export interface Stream {
  readonly index: number;
  readonly codecpar: CodecParameters;
  readonly duration: bigint;
  readonly disposition: number;
  readonly avgFrameRate: Rational;
  readonly rFrameRate: Rational;
  readonly metadata: Dictionary | null;
  readonly sampleAspectRatio: Rational;
  timeBase: Rational;
  discard: number;
}

export interface InputFormat {
  readonly name: string | null;
  readonly flags: number;
}

export interface FormatContext {
  readonly startTime: bigint;
  readonly duration: bigint;
  readonly bitRate: bigint;
  readonly iformat: InputFormat | null;
  readonly streams: readonly Stream[] | null;
  readonly metadata: Dictionary | null;
  allocOutputContext2(format: null, name: string, file: string): number;
  openInputSync(url: string, format: InputFormat | null, options: Dictionary): number;
  findStreamInfoSync(options: null): number;
  readFrameSync(packet: Packet): number;
  seekFile(stream: number, least: bigint, at: bigint, most: bigint, flags: number): Promise<number>;
  openOutputSync(): number;
  closeOutputSync(): void;
  newStream(codec: null): Stream;
  writeHeaderSync(options: null): number;
  interleavedWriteFrameSync(packet: Packet): number;
  writeTrailerSync(): number;
}

export interface CodecContext {
  readonly frameSize: number;
  timeBase: Rational;
  pktTimebase: Rational;
  framerate: Rational;
  flags: number;
  width: number;
  height: number;
  pixelFormat: number;
  sampleAspectRatio: Rational;
  sampleRate: number;
  sampleFormat: number;
  channelLayout: ChannelLayout;
  colorRange: number;
  colorSpace: number;
  colorPrimaries: number;
  colorTrc: number;
  globalQuality: number;
  allocContext3(codec: Codec): void;
  parametersToContext(parameters: CodecParameters): number;
  open2Sync(codec: Codec, options: null): number;
  sendPacketSync(packet: Packet | null): number;
  receiveFrameSync(frame: Frame): number;
  sendFrameSync(frame: Frame | null): number;
  receivePacketSync(packet: Packet): number;
}

export interface FilterContext {
  initStr(options: string | null): number;
  link(pad: number, target: FilterContext, targetPad: number): number;
  buffersrcParametersSet(parameters: {
    readonly width: number;
    readonly height: number;
    readonly format: number;
    readonly timeBase: Rational;
    readonly frameRate: Rational;
    readonly sampleAspectRatio: Rational;
    readonly colorRange: number;
    readonly colorSpace: number;
  }): number;
  buffersrcAddFrameSync(frame: Frame | null): number;
  buffersinkGetFrameSync(frame: Frame): number;
  buffersinkGetTimeBase(): Rational;
  buffersinkGetFrameRate(): Rational;
}

export interface FilterGraph {
  alloc(): void;
  free(): void;
  allocFilter(filter: Filter, name: string): FilterContext | null;
  createFilter(filter: Filter, name: string, options: string | null): FilterContext | null;
  segmentParse(filters: string): FilterSegment | null;
  configSync(): number;
}

export interface FilterSegment {
  createFilters(): number;
  applyOpts(): number;
  apply(inputs: FilterInOut, outputs: FilterInOut): number;
  free(): void;
}

export interface FilterInOut {
  readonly name: string | null;
  readonly filterCtx: FilterContext | null;
  readonly next: FilterInOut | null;
  readonly padIdx: number;
  free(): void;
}

/** @throws where the registry has no module for this platform, or it can't be loaded here */
export function loadLibav(): Libav {
  const require = createRequire(import.meta.url);
  return require(`@seydx/node-av-${process.platform}-${process.arch}/node-av.node`) as Libav;
}
