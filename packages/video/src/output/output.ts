import type { OutputFile } from "../command/command.ts";
import { existing, libav, must, setOptions } from "../libav/libav.ts";
import type { CodecContext, FormatContext, Packet, Stream } from "../libav/native.ts";

/** Takes the packets of one stream. */
export type WritePacket = (packet: Packet) => void;

interface Waiting {
  readonly packet: Packet;
  readonly encoder: CodecContext;
}

/** The file that is written. It begins when the encoders of all its streams are open; until then, their packets wait. */
export class Output {
  readonly #context: FormatContext = new libav.FormatContext();
  readonly #onTime: (seconds: number) => void;
  readonly #encoders: (CodecContext | undefined)[];
  readonly #waiting: Waiting[] = [];
  #streams: ReadonlyMap<CodecContext, Stream> | undefined;

  /** @param streams how many there will be */
  constructor({ format, container, target }: OutputFile, streams: number, onTime: (seconds: number) => void) {
    must(this.#context.allocOutputContext2(null, format, target), "The container can't be written");
    setOptions(this.#context, container);
    must(this.#context.openOutputSync(), "The file can't be written");
    this.#encoders = Array.from({ length: streams }, () => undefined);
    this.#onTime = onTime;
  }

  /** @param place the place of the stream among the others, from 0 */
  add(place: number, encoder: CodecContext): WritePacket {
    this.#encoders[place] = encoder;
    return (packet) => {
      const seconds = (Number(packet.dts) * encoder.timeBase.num) / encoder.timeBase.den;
      if (this.#streams !== undefined) this.#write(packet, encoder, this.#streams);
      else this.#waiting.push({ packet: existing(packet.clone(), "Memory"), encoder });
      if (this.#streams === undefined && !this.#encoders.includes(undefined)) this.#begin();
      this.#onTime(seconds);
    };
  }

  /** Ends the file, without the streams of which nothing has come. Where nothing has come at all, nothing is written. */
  end(): void {
    if (this.#streams === undefined && this.#waiting.length > 0) this.#begin();
    if (this.#streams !== undefined) must(this.#context.writeTrailerSync(), "The file can't be ended");
    this.#context.closeOutputSync();
  }

  #begin(): void {
    const streams = new Map<CodecContext, Stream>();
    for (const encoder of this.#encoders) {
      if (encoder === undefined) continue;
      const stream = this.#context.newStream(null);
      must(stream.codecpar.fromContext(encoder), "The stream can't be written");
      stream.timeBase = encoder.timeBase;
      streams.set(encoder, stream);
    }
    must(this.#context.writeHeaderSync(null), "The file can't be begun");
    this.#streams = streams;
    for (const { packet, encoder } of this.#waiting.splice(0)) this.#write(packet, encoder, streams);
  }

  #write(packet: Packet, encoder: CodecContext, streams: ReadonlyMap<CodecContext, Stream>): void {
    const stream = existing(streams.get(encoder), "The stream");
    packet.streamIndex = stream.index;
    packet.rescaleTs(encoder.timeBase, stream.timeBase);
    must(this.#context.interleavedWriteFrameSync(packet), "The file can't be written");
  }
}
