/** The decoders of pictures, by FFmpeg's names: what cameras, phones, editors and browsers have written, now and before. */
const pictures = [
  ...["h264", "hevc", "vp8", "vp9", "libvpx", "libvpx-vp9", "libdav1d", "libaom-av1", "av1", "theora", "vp3"],
  ...["mpeg1video", "mpeg2video", "mpegvideo", "mpeg4", "msmpeg4v1", "msmpeg4v2", "msmpeg4", "h263", "h263i", "h263p"],
  ...["wmv1", "wmv2", "wmv3", "vc1", "flv", "vp6", "vp6a", "vp6f", "rv10", "rv20", "rv30", "rv40", "svq1", "svq3"],
  ...["mjpeg", "mjpegb", "prores", "dnxhd", "cfhd", "dvvideo", "jpeg2000", "libopenjpeg", "cinepak", "qtrle", "rpza"],
  ...["rawvideo", "v210", "yuv4", "ffv1", "ffvhuff", "huffyuv", "utvideo", "msvideo1", "msrle"],
  ...["png", "apng", "gif", "bmp", "webp", "tiff"],
] as const;

const sounds = [
  ...["aac", "aac_latm", "mp1", "mp1float", "mp2", "mp2float", "mp3", "mp3float", "opus", "libopus", "vorbis"],
  ...["libvorbis", "flac", "alac", "ac3", "eac3", "dca", "truehd", "mlp", "s302m", "wmav1", "wmav2", "wmapro"],
  ...["wmalossless", "amrnb", "amrwb", "libopencore_amrnb", "libopencore_amrwb", "speex", "libspeex", "nellymoser"],
  ...["cook", "atrac3", "real_144", "real_288", "sipr", "gsm", "gsm_ms", "qdm2", "mace3", "mace6"],
  ...["adpcm_ms", "adpcm_ima_wav", "adpcm_ima_qt", "adpcm_swf", "pcm_alaw", "pcm_mulaw", "pcm_bluray", "pcm_dvd"],
  ...["pcm_s8", "pcm_u8", "pcm_s16le", "pcm_s16be", "pcm_u16le", "pcm_u16be", "pcm_s24le", "pcm_s24be", "pcm_u24le"],
  ...["pcm_u24be", "pcm_s32le", "pcm_s32be", "pcm_u32le", "pcm_u32be", "pcm_s64le", "pcm_s64be", "pcm_s8_planar"],
  ...["pcm_s16le_planar", "pcm_s16be_planar", "pcm_s24le_planar", "pcm_s32le_planar"],
  ...["pcm_f16le", "pcm_f24le", "pcm_f32le", "pcm_f32be", "pcm_f64le", "pcm_f64be"],
] as const;

/** The decoders of subtitles, which FFmpeg opens with the rest of a file. Nothing shows what they read. */
const subtitles = [
  ...["mov_text", "subrip", "srt", "ass", "ssa", "webvtt", "text", "dvdsub", "dvbsub", "pgssub", "xsub", "cc_dec"],
  "libzvbi_teletextdec",
] as const;

/** The decoders that may run on a stranger's file. Of the others, hardly anybody looks after many. */
const decoders: string = [...pictures, ...sounds, ...subtitles].join(",");

/** The codec whose decoder FFmpeg says isn't in the list; undefined where it has failed for another reason. */
export function refusedCodec(said: string): string | undefined {
  return /\bCodec \(([\w.-]{1,40})\) not on whitelist/.exec(said)?.[1];
}

/** The descriptor on which the programs get the file: the first behind the standard ones. */
const input = 3;
/** The descriptor of the first file that is read besides it. */
export const firstFurther = input + 1;

/**
 * The formats that are read. None of them names other files that FFmpeg would open, as playlists, `concat`, DASH and SDP
 * do.
 */
const formats = [
  ...["mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "avi", "mpegts", "mpeg", "mpegvideo", "ogg", "flv"],
  ...["asf", "mxf", "rm", "wav", "mp3", "flac", "aac", "aiff", "au", "caf", "amr", "ac3", "eac3", "gif", "m4v", "h264"],
].join(",");

/** The options with which the file is opened, whatever it is. */
export const safely = [
  ...["-protocol_whitelist", "fd,pipe"],
  ...["-format_whitelist", formats],
  ...["-codec_whitelist", decoders],
  ...["-max_streams", "64"],
] as const;

/** The options that name the file. */
export const asInput = ["-fd", String(input), "-i", "fd:"] as const;

/** The options that name another video, of which a part is read. Times are in seconds. */
export function asVideo(
  descriptor: number,
  { start, duration }: { readonly start: number; readonly duration: number },
  maxPixels: number,
): readonly string[] {
  const part = [...(start > 0 ? ["-ss", start.toFixed(6)] : []), "-t", duration.toFixed(6)];
  return [
    "-threads",
    "2",
    ...safely,
    "-max_pixels",
    String(maxPixels),
    ...part,
    "-fd",
    String(descriptor),
    "-i",
    "fd:",
  ];
}

/** The options that name a picture, which the server has made. */
export function asPicture(descriptor: number): readonly string[] {
  return [
    ...["-protocol_whitelist", "fd,pipe", "-format_whitelist", "png_pipe", "-codec_whitelist", "png"],
    ...["-f", "png_pipe"],
    ...["-fd", String(descriptor), "-i", "fd:"],
  ];
}
