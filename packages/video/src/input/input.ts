import type { InputFile } from "../command/command.ts";
import { allocated, dictionaryOf, existing, libav, must, noTime, numbers, ticks } from "../libav/libav.ts";
import type { FormatContext, Packet, Stream } from "../libav/native.ts";

/** Seconds between the first decoded and the first shown picture of a group, at most. */
const reorderingSeconds = 3 / 23;

/** A file that is open, and whose streams are known. */
export class Input {
  readonly context: FormatContext = new libav.FormatContext();
  readonly streams: readonly Stream[];
  readonly file: InputFile;

  constructor(file: InputFile) {
    this.file = file;
    const { format, container } = file;
    const demuxer =
      format === undefined ? null : existing(libav.InputFormat.findInputFormat(format), `The format ${format}`);
    must(this.context.openInputSync("fd:", demuxer, dictionaryOf(container)), "The file can't be opened");
    must(this.context.findStreamInfoSync(null), "The streams can't be found");
    this.streams = this.context.streams ?? [];
  }

  /** The time that counts as 0, in seconds: where the file's own times begin, and the start of the part from there. */
  get origin(): number {
    const { startTime } = this.context;
    return (startTime === noTime ? 0 : Number(startTime) / 1e6) + this.file.start;
  }

  /**
   * Goes to the last key picture that isn't shown after the origin. The indexes of some formats tell when a picture is
   * decoded, which is earlier, so one looks further back there.
   */
  async seek(): Promise<void> {
    const { context, streams, origin } = this;
    const tellsShown = ((context.iformat?.flags ?? 0) & numbers.seeksToPresentation) !== 0;
    const isReordered = streams.some(({ codecpar }) => codecpar.videoDelay > 0);
    const at = ticks(origin - (!tellsShown && isReordered ? reorderingSeconds : 0), numbers.microsecond);
    must(await context.seekFile(-1, noTime, at, at, 0), "The time can't be found");
  }

  /** The packets of some of the streams, up to the end of the file, or to where it can't be read any more. */
  *packets(wanted: readonly Stream[]): Generator<Packet> {
    const indexes = new Set(wanted.map(({ index }) => index));
    for (const stream of this.streams) if (!indexes.has(stream.index)) stream.discard = numbers.discardAll;
    const packet = allocated(libav.Packet);
    while (this.context.readFrameSync(packet) >= 0) {
      if (indexes.has(packet.streamIndex)) yield packet;
      packet.unref();
    }
  }
}
