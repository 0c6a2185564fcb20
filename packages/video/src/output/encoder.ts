import { allocated, isDry, libav, must, numbers, setOptions } from "../libav/libav.ts";
import type { Codec, CodecContext, Frame, Packet } from "../libav/native.ts";
import { Unsupported } from "../unsupported.ts";
import type { WritePacket } from "./output.ts";

/** An encoder, whose form is set before it is opened. */
export class Encoder {
  readonly context: CodecContext = new libav.CodecContext();
  readonly #codec: Codec;
  readonly #packet: Packet = allocated(libav.Packet);

  constructor(name: string | undefined) {
    const codec = name === undefined ? null : libav.Codec.findEncoderByName(name);
    if (codec === null) throw new Unsupported(`There is no encoder ${name}`);
    this.#codec = codec;
    this.context.allocContext3(codec);
    this.context.flags |= numbers.globalHeader | numbers.frameDuration;
  }

  open(options: Readonly<Record<string, string>>): void {
    setOptions(this.context, { threads: "auto", ...options });
    must(this.context.open2Sync(this.#codec, null), "The encoder can't be opened");
  }

  /** @param frame undefined at the end, which brings what the encoder has kept */
  encode(frame: Frame | undefined, write: WritePacket): void {
    must(this.context.sendFrameSync(frame ?? null), "The frames can't be encoded");
    for (;;) {
      const code = this.context.receivePacketSync(this.#packet);
      if (isDry(code)) return;
      must(code, "The frames can't be encoded");
      write(this.#packet);
      this.#packet.unref();
    }
  }
}
