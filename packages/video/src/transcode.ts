import type { Command } from "./command/command.ts";
import { Input } from "./input/input.ts";
import { join, type Read } from "./join.ts";
import type { Packet } from "./libav/native.ts";
import { Output } from "./output/output.ts";
import { Unsupported } from "./unsupported.ts";

/** The demuxer of pictures, which the inputs after the first one are. */
const pictureFormat = "png_pipe";

/**
 * Does what a command says.
 * @param onTime is told the time of the result that was written last, in seconds
 * @throws Unsupported
 */
export async function transcode(
  { inputs: files, output: file }: Command,
  onTime: (seconds: number) => void,
): Promise<void> {
  if (files.slice(1).some(({ format }) => format !== pictureFormat))
    throw new Unsupported("One video is read at a time");
  const inputs = files.map((each) => new Input(each));
  const output = new Output(file, file.maps.length, onTime);
  const { reads, written } = join(inputs, file, output);
  // The film is read last, and as much of it as is wanted.
  for (const input of inputs.toReversed()) {
    const own = reads.filter((read) => read.input === input);
    if (input.file.start > 0) await input.seek();
    readAll(input, own, () => input === inputs[0] && written.every(({ isDone }) => isDone));
  }
  for (const { into } of reads) for (const { filtering } of into) filtering.finish();
  for (const stream of written) stream.finish();
  if (reads.some(({ decoding }) => decoding.isMostlyBroken)) throw new Error("The file can't be decoded");
  // A still behind the end of a film is nothing. A film without pictures isn't what was asked for.
  const [some] = written.filter(({ isEmpty }) => !isEmpty);
  const lacksPictures = written.some(({ isPicture, isEmpty }) => isPicture && isEmpty);
  if (file.target !== "pipe:1" && (some === undefined || lacksPictures)) throw new Error("Nothing was decoded");
  output.end();
}

function readAll(input: Input, reads: readonly Read[], isEnough: () => boolean): void {
  const feed = ({ input: { file }, decoding, into }: Read, packet: Packet | undefined): void => {
    for (const frame of decoding.frames(packet)) {
      // What comes before the start is decoded for what follows it. Sound is cut within a frame.
      if (file.start > 0 && decoding.isPicture && frame.pts < 0n) continue;
      for (const { filtering, source } of into) filtering.feed(source, frame);
    }
  };
  for (const packet of input.packets(reads.map(({ decoding }) => decoding.stream))) {
    const read = reads.find(({ decoding }) => decoding.stream.index === packet.streamIndex);
    if (read !== undefined) feed(read, packet);
    if (isEnough()) return;
  }
  for (const read of reads) feed(read, undefined);
  for (const { into } of reads) for (const { filtering, source } of into) filtering.feed(source, undefined);
}
