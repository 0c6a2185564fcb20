import { allocated, existing, isDry, libav, must, noTime, numbers, setOptions, ticks } from "../libav/libav.ts";
import type { CodecContext, Frame, Packet, Stream } from "../libav/native.ts";
import type { Input } from "./input.ts";

/** Decodes one stream of an input. A packet that is broken is left out, as FFmpeg does. */
export class Decoding {
  readonly stream: Stream;
  readonly #decoder: CodecContext;
  readonly #origin: bigint;
  readonly #frame: Frame = allocated(libav.Frame);
  /** The time of the next frame, for one that has none. */
  #next = 0n;
  #decoded = 0;
  #broken = 0;

  constructor(input: Input, stream: Stream) {
    const codec = existing(libav.Codec.findDecoder(stream.codecpar.codecId), "A decoder");
    this.stream = stream;
    this.#decoder = new libav.CodecContext();
    this.#decoder.allocContext3(codec);
    must(this.#decoder.parametersToContext(stream.codecpar), "The decoder can't be prepared");
    this.#decoder.pktTimebase = stream.timeBase;
    setOptions(this.#decoder, input.file.decoder);
    must(this.#decoder.open2Sync(codec, null), "The decoder can't be opened");
    this.#origin = ticks(input.origin, stream.timeBase);
  }

  /** Whether more packets were broken than came out. That is no video that anybody has seen. */
  get isMostlyBroken(): boolean {
    return this.#broken > 2 * this.#decoded;
  }

  /**
   * The frames that a packet brings. Their times count from the input's origin.
   * @param packet undefined at the end, which brings what the decoder has kept
   */
  *frames(packet: Packet | undefined): Generator<Frame> {
    if (this.#decoder.sendPacketSync(packet ?? null) < 0) this.#broken += 1;
    for (;;) {
      const code = this.#decoder.receiveFrameSync(this.#frame);
      if (isDry(code)) return;
      if (code < 0) {
        this.#broken += 1;
        return;
      }
      this.#decoded += 1;
      const { bestEffortTimestamp: told, duration } = this.#frame;
      this.#frame.pts = told === noTime ? this.#next : told - this.#origin;
      this.#next = this.#frame.pts + (duration > 0n ? duration : 1n);
      yield this.#frame;
      this.#frame.unref();
    }
  }

  /** The kind of what is decoded. */
  get isPicture(): boolean {
    return this.stream.codecpar.codecType === numbers.video;
  }
}
