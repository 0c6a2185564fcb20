import sharp from "sharp";

/**
 * Sharp's second library for JPEG, which looks for a brighter version of the picture (Ultra HDR). Nothing here shows that
 * version. The library searches the whole file, and reads EXIF and colour profiles in another way than the first one,
 * so that bounds on these would not hold.
 */
const brighterJpeg = "VipsForeignLoadUhdr";

/** Sets the options of sharp that hold for a whole process. Whatever opens a stranger's picture with sharp needs them. */
export function setUpSharp(): void {
  // One picture uses one thread, and as many are made as the machine has cores.
  sharp.concurrency(1);
  sharp.cache(false);
  sharp.block({ operation: [brighterJpeg] });
}
