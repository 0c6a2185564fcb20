/** What is asked of the program: files to read, and one to write. */
export interface Command {
  readonly inputs: readonly InputFile[];
  readonly output: OutputFile;
}

export interface InputFile {
  /** The options of libavformat with which the file is opened. They name its descriptor, and what may be read from it. */
  readonly container: Readonly<Record<string, string>>;
  /** The name of a demuxer; without it, it is found from the bytes. */
  readonly format: string | undefined;
  /** In seconds. */
  readonly start: number;
  /** The options of libavcodec with which its streams are decoded. */
  readonly decoder: Readonly<Record<string, string>>;
}

export interface OutputFile {
  readonly target: string;
  readonly format: string;
  readonly container: Readonly<Record<string, string>>;
  /** In seconds. */
  readonly length: number | undefined;
  /** A graph of filters, whose open ends are streams of the inputs, as `[0:v]`, and what `maps` names. */
  readonly graph: string | undefined;
  /** The streams that are written: open ends of the graph, as `[v]`, or streams of the inputs, as `0:a:0`. */
  readonly maps: readonly string[];
  readonly picture: PictureEncoder;
  readonly sound: SoundEncoder;
}

export interface PictureEncoder {
  readonly name: string | undefined;
  readonly options: Readonly<Record<string, string>>;
  /** The filters of a stream that is written without a graph. */
  readonly chain: string | undefined;
  readonly pixelFormat: string | undefined;
  /** From 1, the best, to 31, for encoders that have such a scale. */
  readonly quality: number | undefined;
  /** How many pictures are written at most. */
  readonly frames: number | undefined;
}

export interface SoundEncoder {
  readonly name: string | undefined;
  readonly options: Readonly<Record<string, string>>;
}
