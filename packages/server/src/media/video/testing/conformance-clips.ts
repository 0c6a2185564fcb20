import type { ClipOptions } from "../../testing/clips.ts";
import { makeClip } from "../../testing/clips.ts";

/** Two by two blocks: red and green above blue and white. */
export const quarters = [
  "color=red:s=160x90[a];color=lime:s=160x90[b];color=blue:s=160x90[c];color=white:s=160x90[d]",
  "[a][b]hstack[e];[c][d]hstack[f];[e][f]vstack",
].join(";");

/** Each picture is brighter than the one before by 5 of 255. */
const counting = "color=black:s=64x64:r=25,format=gray,geq=lum=N*5";

/** A white picture and a click, both at the first second. Everything else is black and silent. */
const flash = "color=black:s=64x64:r=25,format=gray,geq=lum='255*eq(N,25)'";
const click = "aevalsrc='0.8*sin(2*PI*1000*t)*between(t,1,1.04)':s=48000";

const exact = ["-c:v", "libx264", "-crf", "1", "-preset", "ultrafast"];

/** Makes a clip of a source of FFmpeg's. */
async function clipOf(picture: string, sound: string | undefined, options: ClipOptions): Promise<Buffer> {
  const inputs = ["-f", "lavfi", "-i", picture, ...(sound === undefined ? [] : ["-f", "lavfi", "-i", sound])];
  const { more = [], ...others } = options;
  return makeClip({ ...others, inputs, more: [...exact, ...more] });
}

/** The clips on which the lines of docs/protocol/transformations.md §7 are shown. */
export const conformanceClips = {
  quarters: () => clipOf(`${quarters},fps=25`, "sine=frequency=440", { seconds: 0.4 }),
  counting: () => clipOf(counting, "sine=frequency=440", { seconds: 2 }),
  flash: () => clipOf(flash, click, { seconds: 2, more: ["-c:a", "pcm_s16le"], format: "mov" }),
  yellow: () => clipOf("color=yellow:s=40x20:r=25", undefined, { seconds: 1 }),
};
