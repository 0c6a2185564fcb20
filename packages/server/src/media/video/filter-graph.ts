import type { Layer, Parameters } from "@sluice/grammar";
import type { Colour } from "../image/pixels/colour.ts";
import type { Size } from "../image/pixels/geometry.ts";
import { MediaError } from "../media-error.ts";
import { firstFurther } from "./reading.ts";
import type { SubtitleStyle } from "./subtitles/subtitle-style.ts";
import type { Span } from "./video-request.ts";

/** A file that an encode reads besides the video: a drawn picture, subtitles, or another video. */
export type FurtherFile = Drawing | SubtitlesFile | FurtherVideo;

/** A picture that is drawn for an encode, as large as the video is where the picture lies on it. */
export interface Drawing {
  readonly kind: "drawing";
  readonly size: Size;
  readonly what:
    | { readonly kind: "layer"; readonly layer: Layer }
    /** What rounded corners show, around what they don't touch. Without `inside`, that is transparent. */
    | {
        readonly kind: "corners";
        readonly radii: NonNullable<Parameters["r"]>;
        readonly colour: Colour;
        readonly inside?: Colour;
      };
}

/** Subtitles of the library, as they are written on a video. */
export interface SubtitlesFile {
  readonly kind: "subtitles";
  readonly path: string;
  readonly style: SubtitleStyle;
  /** The size of what they lie on. */
  readonly size: Size;
  /** The second of the film at which the result begins. */
  readonly offset: number;
  /** When they are seen, in seconds of the result. */
  readonly seen: Span;
}

/** The part of another video of the library that lies on a video. */
export interface FurtherVideo {
  readonly kind: "video";
  readonly path: string;
  readonly start: number;
  readonly duration: number;
}

/** What is done to the pictures of a video, one filter after the other. */
export interface Chain {
  /** What the first filter gets: an input, or the end of another chain. */
  readonly from: string;
  readonly filters: readonly string[];
  readonly size: Size;
  /** Whether pixels may be transparent. */
  readonly alpha: boolean;
}

/**
 * A graph of FFmpeg's filters while it is planned, and the files that it reads. Nothing in it is a user's text: files are
 * numbers of descriptors and inputs.
 */
export class FilterGraph {
  readonly #maxFiles: number;
  readonly #ended: string[] = [];
  readonly #files: FurtherFile[] = [];
  #labels = 0;

  constructor(maxFiles: number) {
    this.#maxFiles = maxFiles;
  }

  /** The files, in the order of their descriptors. */
  get files(): readonly FurtherFile[] {
    return this.#files;
  }

  /** The graph as FFmpeg reads it. */
  get text(): string {
    return this.#ended.join(";");
  }

  /**
   * Adds a file.
   * @returns its descriptor, and the number of the input where it is one: subtitles are read by their filter
   * @throws MediaError ELIMIT
   */
  read(file: FurtherFile): { readonly descriptor: number; readonly input: number } {
    if (this.#files.length === this.#maxFiles)
      throw new MediaError("ELIMIT", `A video has ${this.#maxFiles} layers at most`);
    const descriptor = firstFurther + this.#files.length;
    this.#files.push(file);
    return { descriptor, input: this.#files.filter(({ kind }) => kind !== "subtitles").length };
  }

  /** Makes a name that nothing in the graph has yet. */
  label(): string {
    this.#labels += 1;
    return `[n${this.#labels}]`;
  }

  /** Ends a chain of filters. @returns the name of what comes out */
  end({ from, filters }: Pick<Chain, "from" | "filters">, to = this.label()): string {
    this.#ended.push(`${from}${filters.join(",") || "null"}${to}`);
    return to;
  }
}
