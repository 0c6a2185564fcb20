import type { Frame } from "../libav/native.ts";
import { Encoder } from "./encoder.ts";
import type { Filtered, Sink } from "./filtering.ts";
import type { Output, WritePacket } from "./output.ts";

/** What differs between pictures and sound. */
export interface StreamKind {
  readonly isPicture: boolean;
  readonly encoder: string | undefined;
  /** Sets the encoder's form by the first frame, and opens it. */
  open(encoder: Encoder, frame: Frame, from: Filtered): void;
  /** Gives a frame what the encoder has to know; false leaves it out. */
  prepare(frame: Frame, from: Filtered, encoder: Encoder): boolean;
  /** Whether nothing more is wanted. */
  isFull(): boolean;
}

/** One stream of the file that is written: its encoder is opened with its first frame. */
export class WrittenStream implements Sink {
  readonly end: string;
  readonly isPicture: boolean;
  readonly #kind: StreamKind;
  readonly #output: Output;
  readonly #place: number;
  #opened: { readonly encoder: Encoder; readonly write: WritePacket } | undefined;
  #isClosed = false;

  /** @param place the place among the streams of the file, which is also the number of the graph's end, as `out0` */
  constructor(output: Output, place: number, kind: StreamKind) {
    this.end = `out${place}`;
    this.isPicture = kind.isPicture;
    this.#kind = kind;
    this.#output = output;
    this.#place = place;
  }

  get isDone(): boolean {
    return this.#isClosed || this.#kind.isFull();
  }

  get isEmpty(): boolean {
    return this.#opened === undefined;
  }

  take(frame: Frame, from: Filtered): void {
    if (this.isDone) return;
    this.#opened ??= this.#open(frame, from);
    const { encoder, write } = this.#opened;
    if (this.#kind.prepare(frame, from, encoder)) encoder.encode(frame, write);
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Writes what the encoder has kept. */
  finish(): void {
    this.#opened?.encoder.encode(undefined, this.#opened.write);
  }

  #open(frame: Frame, from: Filtered) {
    const encoder = new Encoder(this.#kind.encoder);
    this.#kind.open(encoder, frame, from);
    return { encoder, write: this.#output.add(this.#place, encoder.context) };
  }
}
